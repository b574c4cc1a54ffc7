import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studio import paths
from studio.core.errors import ModelError
from studio.models.inspect import inspect, key_of
from tests.engine import tiny
from tests.models.checkpoints import REFINER, SD2, SD15, SDXL, Shapes, Written, single


@pytest.mark.parametrize(
    ("shapes", "family", "inpainting", "native"),
    [
        (single(SD15, 4, 768), "sd15", False, 512),
        (single(SD15, 9, 768), "sd15", True, 512),
        (single(SD15, 9, 32), "sd15", True, 512),
        (single(SD15, 17, 768, latents=8), "sd15", True, 512),
        (single(SDXL, 4, 2048), "sdxl", False, 1024),
        (single(SDXL, 9, 2048), "sdxl", True, 1024),
    ],
)
def test_a_single_file_is_told_by_its_tensors(
    written: Written, shapes: Shapes, family: str, inpainting: bool, native: int
) -> None:
    found = inspect(written(shapes, "My Model v2.safetensors"))
    assert (found.family, found.inpainting, found.native) == (family, inpainting, native)
    assert (found.key, found.title) == ("my-model-v2", "My Model v2")


@pytest.mark.parametrize(
    ("shapes", "word"),
    [
        (single(SD2, 4, 1024), "Stable Diffusion 2"),
        (single(SD15, 4, 1024), "Stable Diffusion 2"),
        (single(REFINER, 4, 1280), "refiner"),
        (single(SD15, 8), "8 channels"),
        (single({}), "text encoder"),
        ({"model.diffusion_model.input_blocks.0.0.weight": (8, 4, 3, 3)} | SD15, "VAE"),
        ({"model.diffusion_model.input_blocks.0.0.weight": (8,)} | SD15, "VAE"),
        (single(SD15) | {"model.diffusion_model.input_blocks.0.0.weight": (8,)}, "damaged"),
        ({"lora_unet_down_blocks_0.lora_down.weight": (4, 8)}, "a LoRA, not a model"),
        ({"transformer.double_blocks.0.lora_A.weight": (4, 8)}, "a LoRA, not a model"),
        ({"control_model.input_hint_block.0.weight": (4, 8)}, "a ControlNet"),
        ({"double_blocks.0.img_attn.qkv.weight": (4, 8)}, "FLUX"),
        ({"model.diffusion_model.joint_blocks.0.x": (4, 8)}, "Stable Diffusion 3"),
        ({"emb_params": (4, 768)}, "an embedding"),
        ({"conv_in.weight": (8, 4, 3, 3), "down_blocks.0.x": (4,)}, "one part of"),
        ({"decoder.conv_in.weight": (8, 4, 3, 3)}, "a VAE, not a model"),
        ({"first_stage_model.decoder.conv_in.weight": (8, 4, 3, 3)}, "a VAE, not a model"),
        ({"text_model.encoder.layers.0.x": (4,)}, "a text encoder"),
        ({"something.else": (4,)}, "no model that the studio knows"),
        ({}, "no model that the studio knows"),
    ],
)
def test_a_file_that_is_no_such_model_is_named(written: Written, shapes: Shapes, word: str) -> None:
    with pytest.raises(ModelError, match=word) as refused:
        inspect(written(shapes))
    assert refused.value.hint


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("m.ckpt", b"PK\x03\x04rest", "pickled"),
        ("m.pt", b"", "pickled"),
        ("m.pth", b"anything", "pickled"),
        ("m.bin", b"anything", "pickled"),
        ("m.safetensors", b"PK\x03\x04" + bytes(60), "pickled"),
        ("m.safetensors", b"\x80\x02}q\x00.", "pickled"),
        ("m.safetensors", b"version https://git-lfs.github.com/spec/v1\n", "only names"),
        ("m.safetensors", b"<!DOCTYPE html><html>", "web page"),
        ("m.gguf", b"GGUF\x03", "GGUF"),
        ("m.png", b"\x89PNG", "a picture"),
        ("m.txt", b"hello", "not a model that"),
        ("m.safetensors", b"", "not a whole"),
    ],
)
def test_other_files_are_refused_by_content_and_name(
    tmp_path: Path, name: str, data: bytes, word: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ModelError, match=word):
        inspect(tmp_path / name)


def test_a_header_that_opens_like_a_pickle_is_no_pickle(written: Written) -> None:
    # 0x0280 = 640 bytes of header: the file begins with the two bytes of a pickle.
    for padding in range(640):
        path = written(single(SD15) | {"x" * (1 + padding): ()})
        if path.read_bytes()[:2] == b"\x80\x02":
            break
    assert inspect(path).family == "sd15"


def test_a_folder_is_told_by_index_and_configurations(folder: Path) -> None:
    found = inspect(folder)
    assert (found.family, found.in_channels, found.inpainting) == ("sd15", 9, True)
    assert found.native == 128


def test_the_native_edge_is_read_of_an_autoencoder_that_names_both_ways(folder: Path) -> None:
    config = {"latent_channels": 4, "up_block_out_channels": [8, 8, 8]}
    (folder / "vae" / "config.json").write_text(json.dumps(config))
    assert inspect(folder).native == 256


def test_the_starter_tells_its_own_numbers() -> None:
    found = inspect(paths.starter_model())
    own = json.loads((paths.starter_model() / "sfumato.json").read_text())
    assert found.key == "starter"
    assert (found.title, found.native, found.steps) == (own["title"], own["native"], own["steps"])
    assert found.examples == tuple(own["examples"])


def test_its_own_numbers_are_taken_only_where_they_make_sense(folder: Path) -> None:
    own = {"title": 7, "steps": 0, "native": 512, "sampler": "magic", "key": "x", "path": "/etc"}
    (folder / "sfumato.json").write_text(json.dumps(own))
    found = inspect(folder)
    assert (found.title, found.native, found.sampler) == ("own", 512, "dpmpp_2m")
    assert (found.key, found.path) == ("own", str(folder))


def edit(path: Path, **values: Any) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


def only_pickled(folder: Path) -> None:
    weights = folder / "unet" / "diffusion_pytorch_model.safetensors"
    weights.rename(weights.with_suffix(".bin"))


def shard_missing(folder: Path) -> None:
    index = folder / "unet" / "diffusion_pytorch_model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {"x": "../../secret.safetensors"}}))


BREAKS: list[tuple[Callable[[Path], Any], str]] = [
    (lambda f: (f / "model_index.json").unlink(), "no model_index.json"),
    (lambda f: (f / "model_index.json").write_text("{"), "cannot be read"),
    (lambda f: (f / "model_index.json").write_text("[]"), "holds no settings"),
    (lambda f: (f / "model_index.json").write_bytes(b" " * (5 << 20)), "far too large"),
    (lambda f: edit(f / "model_index.json", _class_name="FluxFillPipeline"), "FluxFillPipeline"),
    (lambda f: edit(f / "model_index.json", _class_name=["x", "y"]), "cannot load"),
    (lambda f: edit(f / "model_index.json", unet=["own_code", "Net"]), "a program of its own"),
    (lambda f: edit(f / "model_index.json", unet=["diffusers"]), "a program of its own"),
    (lambda f: edit(f / "model_index.json", vae=[None, None]), "'vae' is missing"),
    (lambda f: shutil.rmtree(f / "tokenizer"), "'tokenizer' is missing"),
    (lambda f: (f / "unet" / "config.json").unlink(), "unet/config.json"),
    (lambda f: edit(f / "unet" / "config.json", cross_attention_dim=1024), "Diffusion 2"),
    (lambda f: edit(f / "unet" / "config.json", in_channels=4), "do not fit"),
    (lambda f: edit(f / "unet" / "config.json", in_channels="9"), "in_channels"),
    (lambda f: edit(f / "vae" / "config.json", latent_channels=16), "9 channels"),
    (only_pickled, "pickled"),
    (shard_missing, "secret"),
    (lambda f: next((f / "vae").glob("*.safetensors")).unlink(), "holds no weights"),
    (lambda f: next((f / "vae").glob("*.safetensors")).write_bytes(b"x"), "not a whole"),
]


@pytest.mark.parametrize(("break_it", "word"), BREAKS)
def test_a_folder_that_is_not_whole_is_refused(
    folder: Path, break_it: Callable[[Path], Any], word: str
) -> None:
    break_it(folder)
    with pytest.raises(ModelError, match=word) as refused:
        inspect(folder)
    assert refused.value.hint


def test_a_folder_of_links_as_the_hub_caches_it_is_read(folder: Path, tmp_path: Path) -> None:
    hub = tmp_path / "models--someone--Dreams-2"
    blobs = hub / "blobs"
    blobs.mkdir(parents=True)
    for number, file in enumerate(one for one in sorted(folder.rglob("*")) if one.is_file()):
        file.rename(blobs / str(number))
        file.symlink_to(blobs / str(number))
    (hub / "snapshots").mkdir()
    found = inspect(folder.rename(hub / "snapshots" / "3f2a91"))
    assert (found.title, found.key, found.inpainting) == ("Dreams-2", "dreams-2", True)


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="gone"):
        inspect(tmp_path / "gone.safetensors")


@pytest.mark.parametrize(
    ("name", "key"),
    [("My Model_v2.1", "my-model-v2.1"), ("模型", "model"), ("--x--", "x"), ("a" * 99, "a" * 60)],
)
def test_keys_are_fit_for_a_command_line(name: str, key: str) -> None:
    assert key_of(name) == key


@pytest.mark.parametrize(("family", "channels"), tiny.FLOWS)
def test_a_folder_of_a_flow_is_known(tmp_path: Path, family: str, channels: int) -> None:
    found = inspect(Path(tiny.as_folder(tmp_path / "model", family, channels).path))
    assert (found.family, found.in_channels, found.inpainting) == (family, channels, False)
    assert found.sampler == "euler"
