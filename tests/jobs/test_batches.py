from dataclasses import replace

import pytest

from studio.core.errors import UsageError
from studio.jobs.batches import AXES, Axis, axis, batch
from studio.jobs.order import Settings
from tests.jobs.conftest import MODEL

PLAIN = Settings(MODEL, "a house", sampler="ddim", steps=8, count=4)


@pytest.mark.parametrize(
    ("name", "text", "values"),
    [
        ("steps", "10, 20,30", (10, 20, 30)),
        ("seed", "1, 5-7, 6", (1, 5, 6, 7)),
        ("guidance", "1, 2.5", (1.0, 2.5)),
        ("sampler", "ddim, euler", ("ddim", "euler")),
        ("prompt", "a {red|blue} house, small", ("a red house, small", "a blue house, small")),
    ],
)
def test_an_axis_is_typed_as_values(name: str, text: str, values: tuple[object, ...]) -> None:
    assert axis(name, text) == Axis(name, values)


@pytest.mark.parametrize(("name", "text"), [("strength", "0.5, 0"), ("steps", "8, 2000")])
def test_a_batch_with_an_order_that_cannot_be_made_is_refused_as_a_whole(
    name: str, text: str
) -> None:
    with pytest.raises(UsageError):
        batch(PLAIN, axis(name, text))


def test_the_label_of_a_seed_is_the_seed() -> None:
    assert batch(PLAIN, axis("seed", "4294967295, 7")).columns == ("seed 4294967295", "seed 7")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("colour", "1"),
        ("steps", ""),
        ("steps", "ten"),
        ("seed", "9-3"),
        ("seed", "0-99999999"),
        ("sampler", "magic"),
        ("schedule", "magic"),
    ],
)
def test_what_is_no_value_is_refused(name: str, text: str) -> None:
    with pytest.raises(UsageError):
        axis(name, text)


def test_a_grid_makes_one_take_for_each_pair() -> None:
    made = batch(PLAIN, axis("steps", "4, 8"), axis("guidance", "1, 2.5, 7"))
    assert made.columns == ("steps 4", "steps 8")
    assert made.rows == ("guidance 1", "guidance 2.5", "guidance 7")
    seen = [(one.settings.steps, one.settings.guidance, one.settings.count) for one in made.cells]
    assert seen == [(4, 1, 1), (8, 1, 1), (4, 2.5, 1), (8, 2.5, 1), (4, 7, 1), (8, 7, 1)]
    assert made.cells[3].label == "steps 8, guidance 2.5"
    assert (made.cells[3].column, made.cells[3].row) == (1, 1)


def test_choices_in_the_prompt_take_the_axis_that_is_free() -> None:
    wild = Settings(MODEL, "a {red|blue} house")
    alone = batch(wild)
    assert [one.settings.prompt for one in alone.cells] == ["a red house", "a blue house"]
    assert alone.columns == ("red", "blue")
    beside = batch(wild, axis("steps", "4, 8"))
    assert (beside.columns, beside.rows) == (("steps 4", "steps 8"), alone.columns)


def test_choices_in_the_prompt_multiply_the_rows_of_a_full_grid() -> None:
    wild = Settings(MODEL, "a {red|blue} house")
    made = batch(wild, axis("steps", "4, 8"), axis("seed", "1-3"))
    assert len(made.cells) == 12
    assert made.rows[0] == "a red house, seed 1"
    assert {one.settings.prompt for one in made.cells if one.row >= 3} == {"a blue house"}


def test_too_many_pictures_and_twice_the_same_axis_are_refused() -> None:
    with pytest.raises(UsageError, match="400"):
        batch(PLAIN, axis("seed", "1-20"), axis("steps", ",".join(map(str, range(1, 21)))))
    with pytest.raises(UsageError, match="steps"):
        batch(PLAIN, axis("steps", "1, 2"), axis("steps", "3"))


def test_every_axis_is_a_setting() -> None:
    assert all(hasattr(PLAIN, name) for name in AXES)


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("a {red|blue} house", ("red", "blue")),
        ("a {red|dark blue} house by a lake", ("red", "dark blue")),
        ("{red|blue}", ("red", "blue")),
        ("a {|red} house", ("a  house", "a red house")),
        ("a house{|, at night}", ("house", "house, at night")),
    ],
)
def test_prompts_are_told_apart_by_the_words_that_differ(
    text: str, labels: tuple[str, ...]
) -> None:
    assert batch(replace(PLAIN, prompt=text)).columns == labels
