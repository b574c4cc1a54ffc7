import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.errors import UsageError
from studio.jobs.wildcards import DEEPEST, MOST, expanded


@pytest.mark.parametrize(
    ("text", "prompts"),
    [
        ("a house", ("a house",)),
        ("", ("",)),
        ("a {red|blue} house", ("a red house", "a blue house")),
        ("{a|b}{c|d}", ("ac", "ad", "bc", "bd")),
        ("a {|tall }tree", ("a tree", "a tall tree")),
        ("{a {b|c}|d}", ("a b", "a c", "d")),
        (r"\{a\|b\}", ("{a|b}",)),
        (r"{a\|b|c}", ("a|b", "c")),
        ("a {red house", ("a {red house",)),
        ("a {red|blue house", ("a {red|blue house",)),
        ("{red} and {a|b}", ("{red} and a", "{red} and b")),
        ("{{masterpiece}}", ("{{masterpiece}}",)),
        ("{b {red|blue}", ("{b red", "{b blue")),
        ("a | b } c", ("a | b } c",)),
        ("back\\slash", ("back\\slash",)),
    ],
)
def test_braces_stand_for_a_prompt_each(text: str, prompts: tuple[str, ...]) -> None:
    assert expanded(text) == prompts


def test_too_many_prompts_are_refused_with_their_number() -> None:
    with pytest.raises(UsageError, match="1,024"):
        expanded("{a|b}" * 10)
    assert len(expanded("{a|b}" * 8)) == MOST


def test_braces_deeper_than_anyone_writes_are_refused() -> None:
    with pytest.raises(UsageError, match=str(DEEPEST)):
        expanded("{a|" * 2000 + "b" + "}" * 2000)


def test_braces_without_partners_are_text_however_many() -> None:
    assert expanded("{a|" * 5000) == ("{a|" * 5000,)


@given(st.text(alphabet="ab{|}\\ ", max_size=30))
def test_any_text_is_answered(text: str) -> None:
    try:
        found = expanded(text)
    except UsageError:
        return
    assert 1 <= len(found) <= MOST
    assert all(isinstance(one, str) for one in found)
