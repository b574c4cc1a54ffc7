import pytest
from torch import device, nn
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

from studio import paths
from studio.engine.words import tokenizers
from tests.engine.tiny import parts

CONFIGS = paths.model_configs()


@pytest.fixture(scope="module")
def clip() -> dict[str, list[int]]:
    words = tokenizers(CONFIGS / "clip" / "merges.txt.gz")
    text = "a photo of a cat"
    return {
        name: one(text, padding="max_length", max_length=9)["input_ids"]
        for name, one in words.items()
    }


def test_tokens_are_those_that_clip_was_trained_with(clip: dict[str, list[int]]) -> None:
    assert clip["tokenizer"] == [49406, 320, 1125, 539, 320, 2368, 49407, 49407, 49407]


def test_the_second_tokenizer_of_xl_pads_with_token_0(clip: dict[str, list[int]]) -> None:
    assert clip["tokenizer_2"] == [49406, 320, 1125, 539, 320, 2368, 49407, 0, 0]


@pytest.mark.parametrize(
    ("folder", "part", "millions"),
    [
        ("sd15", "unet", 859.5),
        ("sd15-inpaint", "unet", 859.5),
        ("sd15", "vae", 83.7),
        ("sd15", "text_encoder", 123.1),
        ("sdxl", "unet", 2567.5),
        ("sdxl-inpaint", "unet", 2567.5),
        ("sdxl", "vae", 83.7),
        ("sdxl", "text_encoder", 123.1),
        ("sdxl", "text_encoder_2", 694.7),
    ],
)
def test_a_configuration_has_the_published_size(folder: str, part: str, millions: float) -> None:
    with device("meta"):
        model = _built(str(CONFIGS / folder / part), part)
    assert round(sum(each.numel() for each in model.parameters()) / 1e6, 1) == millions


def _built(place: str, part: str) -> nn.Module:
    if part in ("unet", "vae"):
        kind = parts.UNet2DConditionModel if part == "unet" else parts.AutoencoderKL
        made: nn.Module = kind.from_config(kind.load_config(place))
        return made
    projected = part == "text_encoder_2"
    text = CLIPTextConfig.from_pretrained(place)
    return (CLIPTextModelWithProjection if projected else CLIPTextModel)(text)


@pytest.mark.parametrize(("folder", "channels"), [("sd15", 4), ("sd15-inpaint", 9)])
def test_inpainting_configurations_differ_in_the_channels_alone(folder: str, channels: int) -> None:
    for family in (folder, folder.replace("sd15", "sdxl")):
        config = parts.UNet2DConditionModel.load_config(str(CONFIGS / family / "unet"))
        assert config["in_channels"] == channels
