"""Which torch for which machine."""

import tomllib
from pathlib import Path

import pytest

from setup_parts import flavour
from setup_parts.console import Trouble
from setup_parts.flavour import Machine, attempts, choose, parse_nvidia

LINUX = Machine("Linux", "x86_64")


@pytest.mark.parametrize(
    ("machine", "expected"),
    [
        (LINUX, "cpu"),
        (Machine("Windows", "AMD64"), "cpu"),
        (Machine("Darwin", "arm64"), "mps"),
        (Machine("Linux", "x86_64", nvidia=((9, 580),)), "cu130"),
        (Machine("Linux", "x86_64", nvidia=((6, 580),)), "cu126"),
        (Machine("Windows", "AMD64", nvidia=((8, 560),)), "cu126"),
        (Machine("Linux", "x86_64", nvidia=((9, 590), (6, 590))), "cu126"),
        (Machine("Linux", "x86_64", amd=True), "rocm7.2"),
        (Machine("Linux", "x86_64", intel_arc=True), "xpu"),
        (Machine("Linux", "x86_64", nvidia=((8, 590),), amd=True), "cu130"),
    ],
)
def test_each_machine_gets_the_build_for_its_card(machine: Machine, expected: str) -> None:
    assert choose(machine, None) == expected


def test_the_override_wins_over_the_card() -> None:
    assert choose(Machine("Linux", "x86_64", nvidia=((9, 590),)), "cpu") == "cpu"


def test_an_unknown_override_is_refused_by_name() -> None:
    with pytest.raises(Trouble, match="'cuda'"):
        choose(LINUX, "cuda")


def test_an_intel_mac_is_told_that_torch_is_no_longer_made_for_it() -> None:
    with pytest.raises(Trouble, match="Apple silicon"):
        choose(Machine("Darwin", "x86_64"), None)


def test_the_machines_own_pip_settings_are_tried_before_the_vendor() -> None:
    first, second = attempts("cpu", LINUX, insisted=False)
    assert first.index is None
    assert second.index == "https://download.pytorch.org/whl/cpu"


@pytest.mark.parametrize("name", flavour.FLAVOURS)
def test_every_attempt_pins_torch_exactly(name: str) -> None:
    for attempt in attempts(name, LINUX, insisted=False):
        assert attempt.requirement.startswith(f"torch=={flavour.TORCH}")


def test_linux_never_falls_back_to_the_unmarked_build_that_brings_cuda() -> None:
    tried = [attempt.requirement for attempt in attempts("cpu", LINUX, insisted=False)]
    assert all(requirement.endswith("+cpu") for requirement in tried)


def test_a_guessed_card_falls_back_to_the_cpu_build() -> None:
    assert [each.flavour for each in attempts("cu130", LINUX, insisted=False)][-1] == "cpu"


def test_a_card_that_was_asked_for_does_not_fall_back() -> None:
    assert {each.flavour for each in attempts("cu130", LINUX, insisted=True)} == {"cu130"}


@pytest.mark.parametrize(
    ("listing", "cards"),
    [
        ("9.0, 580.65.06", ((9, 580),)),
        ("8.6, 535.1\n12.0, 575.57", ((8, 535), (12, 575))),
        ("[N/A], [N/A]", ((0, 0),)),
        ("", ()),
    ],
)
def test_the_drivers_listing_is_read(listing: str, cards: tuple[tuple[int, int], ...]) -> None:
    assert parse_nvidia(listing) == cards


def test_the_pin_is_the_one_of_the_project_and_of_the_lock() -> None:
    root = Path(__file__).parents[2]
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    minor = flavour.TORCH.rpartition(".")[0]
    assert f"torch=={minor}.*" in project["optional-dependencies"]["engine"]
    lock = (root / "packaging" / "lock.txt").read_text(encoding="utf-8")
    assert f"torch=={flavour.TORCH}" in lock.splitlines()
