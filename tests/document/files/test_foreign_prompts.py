"""What ComfyUI and InvokeAI tell in their pictures."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from studio.document.files import comfy, metadata
from studio.document.files.image import open_bytes
from studio.document.files.metadata import Recipe
from tests.document.files.conftest import Packed

COMFY: dict[str, Any] = {
    "3": {
        "class_type": "KSampler",
        "inputs": {
            "seed": 42,
            "steps": 25,
            "cfg": 6.5,
            "sampler_name": "dpmpp_2m",
            "scheduler": "karras",
            "denoise": 0.8,
            "model": ["10", 0],
            "positive": ["6", 0],
            "negative": ["7", 0],
            "latent_image": ["5", 0],
        },
    },
    "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "a\\dream.safetensors"}},
    "5": {"class_type": "EmptyLatentImage", "inputs": {"width": 832, "height": 1216}},
    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": ["20", 0], "clip": ["4", 1]}},
    "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "fog", "clip": ["4", 1]}},
    "8": {"class_type": "VAEDecode", "inputs": {"samples": ["3", 0], "vae": ["4", 2]}},
    "9": {"class_type": "SaveImage", "inputs": {"images": ["8", 0]}},
    "10": {"class_type": "LoraLoader", "inputs": {"model": ["4", 0], "clip": ["4", 1]}},
    "20": {"class_type": "PrimitiveString", "inputs": {"value": "a red house"}},
}
HOUSE = Recipe(
    prompt="a red house",
    negative="fog",
    model="dream",
    sampler="dpmpp_2m",
    schedule="karras",
    steps=25,
    guidance=6.5,
    strength=0.8,
    seed=42,
    width=832,
    height=1216,
)
FLUX: dict[str, Any] = {
    "1": {"class_type": "UNETLoader", "inputs": {"unet_name": "flux1-dev.safetensors"}},
    "2": {"class_type": "CLIPTextEncode", "inputs": {"text": "a cat", "clip": ["9", 0]}},
    "3": {"class_type": "FluxGuidance", "inputs": {"guidance": 3.5, "conditioning": ["2", 0]}},
    "4": {"class_type": "BasicGuider", "inputs": {"model": ["1", 0], "conditioning": ["3", 0]}},
    "5": {"class_type": "RandomNoise", "inputs": {"noise_seed": 7}},
    "6": {"class_type": "KSamplerSelect", "inputs": {"sampler_name": "euler_ancestral"}},
    "7": {
        "class_type": "BasicScheduler",
        "inputs": {"model": ["1", 0], "scheduler": "simple", "steps": 20, "denoise": 1.0},
    },
    "8": {
        "class_type": "SamplerCustomAdvanced",
        "inputs": {"noise": ["5", 0], "guider": ["4", 0], "sampler": ["6", 0], "sigmas": ["7", 0]},
    },
}


def told(**texts: object) -> metadata.Told:
    packed = {
        key.replace("__", "-"): value if isinstance(value, str) else json.dumps(value)
        for key, value in texts.items()
    }
    return metadata.told_by(packed.get)


def test_a_comfy_graph_is_walked_from_its_sampler() -> None:
    assert told(prompt=COMFY) == metadata.Told(HOUSE)


def test_samplers_in_parts_are_walked_too() -> None:
    recipe = told(prompt=FLUX).recipe
    assert recipe is not None
    assert (recipe.prompt, recipe.model, recipe.sampler) == ("a cat", "flux1-dev", "euler_a")
    assert (recipe.steps, recipe.seed, recipe.schedule) == (20, 7, "default")


def test_a_control_between_encoder_and_sampler_keeps_the_sides_apart() -> None:
    control = {"positive": ["6", 0], "negative": ["7", 0], "strength": 1.0}
    graph = {**COMFY, "30": {"class_type": "ControlNetApplyAdvanced", "inputs": control}}
    graph["3"] = {
        "class_type": "KSampler",
        "inputs": {**COMFY["3"]["inputs"], "positive": ["30", 0], "negative": ["30", 1]},
    }
    assert told(prompt=graph).recipe == HOUSE


def test_of_several_samplers_the_one_that_is_saved_tells_and_it_is_said() -> None:
    first = {"class_type": "KSampler", "inputs": {**COMFY["3"]["inputs"], "seed": 1}}
    graph = {"1": first, **COMFY}
    found = told(prompt=graph)
    assert found.recipe == HOUSE
    assert found.notes == ("It was made in 2 runs; the settings are those of the last.",)


def test_the_drawn_form_alone_is_enough() -> None:
    fields = [42, "fixed", 25, 6.5, "dpmpp_2m", "karras", 0.8]
    slots = [
        {"name": name, "link": at} for at, name in enumerate(("model", "positive", "negative"))
    ]
    workflow = {
        "nodes": [
            {"id": 3, "type": "KSampler", "widgets_values": fields, "inputs": slots},
            {"id": 4, "type": "CheckpointLoaderSimple", "widgets_values": ["dream.safetensors"]},
            {"id": 6, "type": "CLIPTextEncode", "widgets_values": ["a red house"]},
            {"id": 7, "type": "CLIPTextEncode", "widgets_values": ["fog"]},
        ],
        "links": [[0, 4, 0, 3, 0, "MODEL"], [1, 6, 0, 3, 1, "C"], [2, 7, 0, 3, 2, "C"]],
    }
    recipe = told(workflow=workflow).recipe
    assert recipe is not None
    assert (recipe.prompt, recipe.negative, recipe.model) == ("a red house", "fog", "dream")
    assert (recipe.seed, recipe.steps, recipe.guidance) == (42, 25, 6.5)


def test_invoke_is_read() -> None:
    found = told(
        invokeai_metadata={
            "positive_prompt": "a lake",
            "negative_prompt": "fog",
            "steps": 50,
            "cfg_scale": 7.5,
            "scheduler": "dpmpp_2m_sde_k",
            "seed": 3,
            "width": 768,
            "height": 432,
            "model": {"model_name": "dream", "base_model": "sd-1"},
        }
    )
    assert found.recipe == Recipe(
        "a lake", "fog", "dream", "dpmpp_2m_sde", "karras", 50, 7.5, None, 3, 768, 432
    )


@pytest.mark.parametrize("prompt", ["a lake", [{"prompt": "a lake", "weight": 1.0}]])
def test_old_invoke_is_read(prompt: object) -> None:
    image = {"prompt": prompt, "steps": 30, "cfg_scale": 7, "sampler": "k_euler_a", "seed": 9}
    recipe = told(sd__metadata={"model_weights": "stable-1.4", "image": image}).recipe
    assert recipe == Recipe("a lake", "", "stable-1.4", "euler_a", "", 30, 7.0, None, 9)


def test_settings_that_contradict_each_other_are_said() -> None:
    texts = metadata.texts(HOUSE)
    texts["parameters"] = texts["parameters"].replace("Seed: 42", "Seed: 43")
    found = metadata.told_by(texts.get)
    assert found.recipe == HOUSE
    assert "differ (seed)" in found.notes[0]
    assert metadata.told_by(metadata.texts(HOUSE).get).notes == ()


def test_a_comfy_picture_tells_its_prompt_through_the_decoder(packed: Packed) -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("prompt", json.dumps(COMFY))
    assert open_bytes(packed(np.zeros((4, 4, 3), np.uint8), pnginfo=info), "x").recipe == HOUSE


def test_comfys_webp_tells_it_in_the_name_of_the_camera(packed: Packed) -> None:
    exif = Image.Exif()
    exif[0x0110] = "prompt:" + json.dumps(COMFY)
    data = packed(np.zeros((4, 4, 3), np.uint8), "WEBP", exif=exif)
    assert open_bytes(data, "x").recipe == HOUSE


LINKS = st.lists(st.sampled_from([*COMFY, "99", 0, None]), min_size=2, max_size=2)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | LINKS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)
NAMES = st.sampled_from(["positive", "negative", "model", "text", "seed", "guider", "samples"])
NODES = st.fixed_dictionaries(
    {"class_type": st.sampled_from(["KSampler", "SaveImage", "X", 7]), "inputs": VALUES}
) | st.fixed_dictionaries(
    {"class_type": st.just("KSampler"), "inputs": st.dictionaries(NAMES, VALUES)}
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(list(COMFY)), NODES | VALUES, max_size=6), VALUES)
def test_no_graph_whatever_breaks_the_walk(graph: dict[str, Any], other: object) -> None:
    comfy.read(graph)
    told(prompt=graph, workflow=other, invokeai_metadata=other, sd__metadata={"image": other})


@pytest.mark.parametrize(
    "text",
    ["[" * 500_000, '{"a":' * 100_000, "{" + '"1": {}, ' * 50_000 + '"x": 1}', "x" * (5 << 20)],
)
def test_json_that_never_ends_is_left(text: str) -> None:
    assert told(prompt=text, workflow=text, invokeai_metadata=text).recipe is None


def test_a_graph_that_turns_in_a_circle_is_walked_once() -> None:
    inputs = {"positive": ["1", 0], "model": ["1", 0], "conditioning": ["1", 0], "text": ["1", 0]}
    assert told(prompt={"1": {"class_type": "KSampler", "inputs": inputs}}).recipe is None
