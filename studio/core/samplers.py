"""The samplers and schedules the studio can name, whatever engine runs them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sampler:
    """One sampler: `key` for files and commands, `title` for artists, `web_ui` for metadata."""

    key: str
    title: str
    web_ui: str


SAMPLERS: tuple[Sampler, ...] = (
    Sampler("dpmpp_2m", "DPM++ 2M", "DPM++ 2M"),
    Sampler("dpmpp_2m_sde", "DPM++ 2M SDE", "DPM++ 2M SDE"),
    Sampler("dpmpp_sde", "DPM++ SDE", "DPM++ SDE"),
    Sampler("euler", "Euler", "Euler"),
    Sampler("euler_a", "Euler a", "Euler a"),
    Sampler("heun", "Heun", "Heun"),
    Sampler("unipc", "UniPC", "UniPC"),
    Sampler("ddim", "DDIM", "DDIM"),
    Sampler("ddpm", "DDPM", "DDPM"),
    Sampler("lcm", "LCM", "LCM"),
    Sampler("tcd", "TCD", "TCD"),
)

#: Spacing of the noise levels: the model's own, Karras et al. 2022 (eq. 5), or exponential.
SCHEDULES: tuple[str, ...] = ("default", "karras", "exponential")

#: How noise grows over the training steps: the model's own way, or by name as diffusers has them
#: (the last one is the squared cosine of Nichol and Dhariwal 2021, eq. 17).
BETAS: tuple[str, ...] = ("default", "linear", "scaled_linear", "squaredcos_cap_v2")


def sampler(key: str) -> Sampler | None:
    """The sampler of that key, or None."""
    return next((one for one in SAMPLERS if one.key == key), None)
