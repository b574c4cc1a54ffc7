import json
from dataclasses import asdict, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.core.geometry import Rect, Size
from studio.core.request import Request
from studio.core.samplers import SAMPLERS, SCHEDULES
from studio.core.text import clean
from studio.document.files import metadata, parameters
from studio.document.files.metadata import OWN_KEY, SHARED_KEY, Recipe
from tests.jobs.conftest import MODEL

NUMBERS = st.floats(0, 1000, allow_nan=False)
TEXTS = st.text(max_size=80).map(clean)
RECIPES = st.builds(
    Recipe,
    prompt=TEXTS,
    negative=TEXTS,
    model=TEXTS,
    sampler=st.sampled_from([each.key for each in SAMPLERS]),
    schedule=st.sampled_from(SCHEDULES),
    steps=st.integers(1, 1000),
    guidance=NUMBERS,
    strength=NUMBERS,
    seed=st.integers(0, 2**32 - 1),
    width=st.integers(1, 16384),
    height=st.integers(1, 16384),
).map(lambda recipe: metadata.checked(asdict(recipe)) or recipe)

NOTHING: dict[str, object] = {}

#: As Forge writes it.
FORGE = (
    "portrait of a fox, (sharp:1.2), <lora:ink:0.8>\nsecond line\n"
    "Negative prompt: blurry, text\nwatermark\n"
    "Steps: 30, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 6.5, Seed: 12345, "
    "Size: 832x1216, Model hash: abcdef, Model: dream, Denoising strength: 0.4, "
    'Lora hashes: "ink: 123, fog: 456", Version: f2.0.1'
)


@settings(max_examples=300, deadline=None)
@given(RECIPES)
def test_every_recipe_comes_back_from_a_png_to_the_letter(recipe: Recipe) -> None:
    assert metadata.recipe_of(metadata.texts(recipe).get) == recipe


@pytest.mark.parametrize(
    ("name", "value"), [("betas", "linear"), ("guider", "rescaled"), ("reuse", "blocks")]
)
def test_what_no_other_program_has_a_word_for_comes_back_too(name: str, value: str) -> None:
    request = replace(Request(MODEL, "a fox", Rect(0, 0, 8, 8), Size(8, 8)), **{name: value})  # type: ignore[arg-type]
    found = metadata.recipe_of(metadata.texts(Recipe.of(request)).get)
    assert found is not None
    assert getattr(found, name) == value


@settings(max_examples=300, deadline=None)
@given(RECIPES)
def test_the_shared_text_alone_brings_a_plain_recipe_back(recipe: Recipe) -> None:
    found = metadata.recipe_of({SHARED_KEY: metadata.texts(recipe)[SHARED_KEY]}.get)
    assert found is not None
    bare = {**asdict(found), "prompt": "", "negative": ""}
    assert bare == {**asdict(recipe), "prompt": "", "negative": ""}
    if "Negative prompt:" not in recipe.prompt:
        assert found.prompt == recipe.prompt.strip("\n") or recipe.prompt != recipe.prompt.strip(
            "\n"
        )


def test_what_forge_wrote_is_read() -> None:
    assert metadata.recipe_of({SHARED_KEY: FORGE}.get) == Recipe(
        prompt="portrait of a fox, (sharp:1.2), <lora:ink:0.8>\nsecond line",
        negative="blurry, text\nwatermark",
        model="dream",
        sampler="dpmpp_2m",
        schedule="karras",
        steps=30,
        guidance=6.5,
        strength=0.4,
        seed=12345,
        width=832,
        height=1216,
    )


@pytest.mark.parametrize(
    ("line", "sampler", "schedule"),
    [
        ("Sampler: DPM++ 2M Karras", "dpmpp_2m", "karras"),
        ("Sampler: Euler a, Schedule type: Automatic", "euler_a", "default"),
        ("Sampler: DPM++ 2M SDE Exponential", "dpmpp_2m_sde", "exponential"),
        ("Sampler: Restart, Schedule type: Align Your Steps", "Restart", ""),
    ],
)
def test_samplers_are_known_by_their_other_names(line: str, sampler: str, schedule: str) -> None:
    found = parameters.read(f"x\nSteps: 20, Seed: 1, CFG scale: 7, {line}")
    assert (found["sampler"], found.get("schedule", "")) == (sampler, schedule)


def test_fewer_than_three_pairs_belong_to_the_prompt() -> None:
    assert parameters.read("a house\nstyle: old, light: low") == {
        "prompt": "a house\nstyle: old, light: low"
    }


MARKS = ["\n", ",", ":", '"', "\\", " ", "x", "\ud800", "\0", "é", "{", "[" * 50, "9" * 30, "nan"]
TITLES = ["Steps: ", "Negative prompt:", "Size: ", "Seed: -1", "CFG scale: inf", "Sampler: "]
SNIPPETS = st.lists(st.sampled_from(MARKS) | st.sampled_from(TITLES), max_size=40).map("".join)


@settings(max_examples=400, deadline=None)
@given(st.text() | SNIPPETS, st.binary() | st.text())
def test_no_text_whatever_breaks_the_reader(text: str, comment: bytes | str) -> None:
    for found in ({SHARED_KEY: text}, {OWN_KEY: text}, {}):
        recipe = metadata.recipe_of(found.get, comment)
        if recipe is not None:
            again = metadata.recipe_of(metadata.texts(recipe).get)
            assert again == recipe


@pytest.mark.parametrize(
    "line",
    ["a:" * 100_000, "," * 200_000 + ":", 'k: "' * 50_000, "x" * 300_000, "k: v, " * 50_000],
)
def test_a_hostile_line_is_read_in_one_pass(line: str) -> None:
    assert isinstance(parameters.read(line), dict)


@pytest.mark.parametrize(
    "values",
    [
        {"prompt": 5, "steps": "20", "seed": -1, "guidance": True},
        {"steps": 2**70, "strength": 1e300, "schedule": "made up"},
        {"prompt": " \n", "unknown": 1},
        [],
        "text",
        None,
    ],
)
def test_values_of_ours_that_make_no_sense_are_not_believed(values: object) -> None:
    assert metadata.recipe_of({OWN_KEY: json.dumps(values)}.get) is None


@pytest.mark.parametrize(
    ("comment", "prompt"),
    [
        (b"UNICODE\0" + FORGE.encode("utf-16-be"), "portrait"),
        (b"UNICODE\0" + FORGE.encode("utf-16-le"), "portrait"),
        (b"ASCII\0\0\0" + FORGE.encode(), "portrait"),
        (FORGE, "portrait"),
    ],
)
def test_every_way_of_writing_the_comment_is_read(comment: object, prompt: str) -> None:
    recipe = metadata.recipe_of(NOTHING.get, comment)
    assert recipe is not None
    assert recipe.prompt.startswith(prompt)


@pytest.mark.parametrize("comment", [b"ASCII\0\0\0Made with a phone", "a day at the sea", 7, None])
def test_the_comment_of_a_camera_is_no_recipe(comment: object) -> None:
    assert metadata.recipe_of(NOTHING.get, comment) is None
