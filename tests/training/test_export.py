import json
import logging
from pathlib import Path

import numpy as np
import pytest
import torch

from studio.core.samplers import sampler
from studio.engine.samplers import make, supported
from studio.training.starter.architecture import build_text_encoder, build_unet, build_vae
from studio.training.starter.conditioned import conditioned
from studio.training.starter.export import export, folder_bytes
from studio.training.starter.generate import GREY, generate, prepared
from studio.training.starter.parts import load_pipeline, load_unet
from studio.training.starter.presets import PRESETS
from studio.training.starter.scenes.masks import box_mask
from studio.training.starter.tokenizer import COMMON_WORDS, train_tokenizer
from studio.training.starter.vae_start import analytic_start

# The samplers of diffusers hand tensors to numpy 2 in a way that numpy means to end.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.fixture(scope="module", params=sorted(PRESETS))
def exported(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    folder: Path = tmp_path_factory.mktemp(request.param)
    preset = PRESETS[request.param]
    tokenizer = train_tokenizer(COMMON_WORDS * 2, folder / "learning", size=600)
    plain = build_vae(preset)
    analytic_start(plain)
    vae = conditioned(plain, preset)
    text = build_text_encoder(preset, tokenizer)
    build_unet(preset).save_pretrained(folder / "unet")
    export(vae, load_unet(folder / "unet"), text, tokenizer, folder / "model")
    return folder / "model"


def test_the_folder_is_small(exported: Path) -> None:
    assert folder_bytes(exported) <= 45_000_000


def test_no_file_tells_where_the_parts_lay(exported: Path) -> None:
    texts = [p.read_text(encoding="utf-8") for p in exported.rglob("*.json")]
    assert len(texts) > 5
    assert not any("_name_or_path" in text or str(exported.parent) in text for text in texts)


def test_every_file_can_be_read_by_everybody(exported: Path) -> None:
    assert all(p.stat().st_mode & 0o044 == 0o044 for p in exported.rglob("*") if p.is_file())


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_it_loads_and_paints_in_four_steps(exported: Path, dtype: torch.dtype) -> None:
    pipeline = prepared(load_pipeline(exported, dtype))
    mask = box_mask((64, 64, 160, 160), 0)
    (picture,) = generate(pipeline, ["a red house"], [GREY], [mask], steps=4)
    assert picture.shape == (256, 256, 3)
    assert np.isfinite(picture).all()


def test_it_loads_without_a_warning(exported: Path, caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("diffusers")
    logger.propagate, before = True, logger.propagate
    try:
        load_pipeline(exported, torch.float32)
    finally:
        logger.propagate = before
    assert not [r for r in caplog.records if r.name.startswith("diffusers")]


def test_the_settings_are_ones_that_the_studio_can_honour(exported: Path) -> None:
    settings = json.loads((exported / "sfumato.json").read_text(encoding="utf-8"))
    assert sampler(settings["sampler"]) is not None
    assert settings["native"] == 256
    assert 6 <= len(settings["examples"]) <= 10


def test_every_sampler_that_is_offered_runs(exported: Path) -> None:
    pipeline = load_pipeline(exported, torch.float32)
    pipeline.set_progress_bar_config(disable=True)
    config = dict(pipeline.scheduler.config)
    offered = supported(config)
    assert len(offered) >= 7
    for key in offered:
        pipeline.scheduler = make(key, "default", config, 2)
        (picture,) = generate(pipeline, ["grass"], steps=2)
        assert picture.std() > 0, key
