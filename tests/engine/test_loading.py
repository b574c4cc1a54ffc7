import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.torch import load_file, save_file

from studio.core.checkpoint import Checkpoint
from studio.core.errors import EngineError, ModelError
from studio.engine.runner import Runner
from tests.engine import orders, tiny

Folders = dict[str, Checkpoint]
UNET = "unet/diffusion_pytorch_model.safetensors"
VAE = "vae/diffusion_pytorch_model.safetensors"


@pytest.fixture
def copied(folders: Folders, tmp_path: Path) -> Checkpoint:
    """A folder of its own, to be spoilt."""
    kept = Path(folders["sd15-9"].path)
    return replace(folders["sd15-9"], path=str(shutil.copytree(kept, tmp_path / "copied")))


def _spoil(path: Path, value: float) -> None:
    weights = load_file(path)
    save_file({name: one * value for name, one in weights.items()}, path)


@pytest.mark.parametrize(("family", "channels"), tiny.KINDS)
def test_a_single_file_paints_the_same_bits_as_its_folder(
    runner: Runner, folders: Folders, tmp_path: Path, family: str, channels: int
) -> None:
    file = tiny.as_file(tmp_path / "one.safetensors", family, channels)
    models = (file, folders[f"{family}-{channels}"])
    first, second = (orders.takes(runner, orders.masked(one))[0].pixels for one in models)
    assert np.array_equal(first, second)


def test_a_missing_model_is_named(runner: Runner, folders: Folders, tmp_path: Path) -> None:
    gone = replace(folders["sd15-4"], path=str(tmp_path / "gone"), title="Gone")
    with pytest.raises(ModelError, match="'Gone' is no longer at"):
        orders.run(runner, orders.request(gone))


@pytest.mark.parametrize("part", [UNET, VAE, "model_index.json", "unet/config.json"])
@pytest.mark.parametrize("damage", ["truncated", "empty", "absent"])
def test_a_damaged_folder_is_a_model_error(
    runner: Runner, copied: Checkpoint, part: str, damage: str
) -> None:
    path = Path(copied.path) / part
    data = path.read_bytes()
    path.unlink()
    if damage != "absent":
        path.write_bytes(data[: len(data) // 2] if damage == "truncated" else b"")
    with pytest.raises(ModelError, match="cannot be loaded"):
        orders.run(runner, orders.request(copied))


def test_a_truncated_single_file_is_a_model_error(runner: Runner, tmp_path: Path) -> None:
    file = tiny.as_file(tmp_path / "one.safetensors", "sd15", 4)
    data = Path(file.path).read_bytes()
    Path(file.path).write_bytes(data[:-1000])
    with pytest.raises(ModelError, match="cannot be loaded"):
        orders.run(runner, orders.request(file))


def test_a_folder_that_names_code_of_its_own_is_refused(runner: Runner, copied: Checkpoint) -> None:
    index = Path(copied.path) / "model_index.json"
    values = json.loads(index.read_text())
    index.write_text(json.dumps({**values, "unet": ["my_unet", "MyUNet"]}))
    with pytest.raises(ModelError, match="code of its own"):
        orders.run(runner, orders.request(copied))


def test_pickled_weights_in_a_folder_are_not_read(runner: Runner, copied: Checkpoint) -> None:
    weights = Path(copied.path) / UNET
    weights.rename(weights.with_suffix(".bin"))
    with pytest.raises(ModelError):
        orders.run(runner, orders.request(copied))


def test_a_denoiser_without_numbers_is_an_error_and_not_a_black_picture(
    runner: Runner, copied: Checkpoint
) -> None:
    _spoil(Path(copied.path) / UNET, float("nan"))
    with pytest.raises(EngineError, match="made no picture"):
        orders.run(runner, orders.masked(copied))


def test_a_vae_without_numbers_is_found_while_loading(runner: Runner, copied: Checkpoint) -> None:
    _spoil(Path(copied.path) / VAE, float("nan"))
    with pytest.raises(ModelError, match="is damaged"):
        orders.run(runner, orders.masked(copied))


def test_a_folder_of_halves_only_is_loaded(runner: Runner, copied: Checkpoint) -> None:
    for path in Path(copied.path).rglob("*.safetensors"):
        weights = {name: one.half() for name, one in load_file(path).items()}
        path.unlink()
        save_file(weights, path.with_suffix(".fp16.safetensors"), {"format": "pt"})
    assert len(orders.takes(runner, orders.masked(copied))) == 1


def test_another_model_works_after_one_that_failed(
    runner: Runner, folders: Folders, copied: Checkpoint
) -> None:
    (Path(copied.path) / UNET).unlink()
    with pytest.raises(ModelError):
        orders.run(runner, orders.masked(copied))
    assert len(orders.takes(runner, orders.masked(folders["sd15-9"]))) == 1
