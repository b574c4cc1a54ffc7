import pytest

from studio.document.layer import Group, Layer
from studio.ui.panels.layer_tree import Row, place_of_drop, rows

OUTER, INNER = Group("outer"), Group("inner")
A, B, C, D = (
    Layer("a"),
    Layer("b", groups=(OUTER,)),
    Layer("c", groups=(OUTER, INNER)),
    Layer("d"),
)
STACK = (A, B, C, D)


def name(row: Row) -> str:
    group = row.group
    return row.layer.name if row.layer is not None else f"[{group.name if group else ''}]"


def listed(*folded: Group) -> str:
    return " ".join(name(row) for row in rows(STACK, {each.id for each in folded}))


@pytest.mark.parametrize(
    ("folded", "expected"),
    [
        ((), "d [outer] [inner] c b a"),
        ((INNER,), "d [outer] [inner] b a"),
        ((OUTER,), "d [outer] a"),
        ((OUTER, INNER), "d [outer] a"),
    ],
)
def test_groups_have_headers_and_fold(folded: tuple[Group, ...], expected: str) -> None:
    assert listed(*folded) == expected


def test_depth_counts_the_groups_around(listed_rows: dict[str, Row]) -> None:
    depths = {key: row.depth for key, row in listed_rows.items()}
    assert depths == {"d": 0, "[outer]": 0, "[inner]": 1, "c": 2, "b": 1, "a": 0}


@pytest.fixture
def listed_rows() -> dict[str, Row]:
    """By name."""
    return {name(row): row for row in rows(STACK, ())}


DROPS: list[tuple[str, str, tuple[Layer, ...], int, tuple[Group, ...]]] = [
    ("d", "above", (A,), 3, ()),
    ("d", "below", (A,), 2, ()),
    ("[outer]", "above", (A,), 2, ()),
    ("[outer]", "on", (A,), 2, (OUTER,)),
    ("[outer]", "below", (D,), 3, (OUTER,)),
    ("[inner]", "on", (D,), 3, (OUTER, INNER)),
    ("c", "above", (D,), 3, (OUTER, INNER)),
    ("b", "below", (D,), 1, (OUTER,)),
    ("a", "above", (D,), 1, ()),
    ("a", "below", (B, C), 0, ()),
    ("b", "above", (A, D), 1, (OUTER,)),
]


@pytest.mark.parametrize(("at", "where", "moved", "index", "path"), DROPS)
def test_a_drop_goes_where_it_is_shown(
    listed_rows: dict[str, Row],
    at: str,
    where: str,
    moved: tuple[Layer, ...],
    index: int,
    path: tuple[Group, ...],
) -> None:
    assert place_of_drop(STACK, listed_rows[at], where, moved) == (index, path)


def test_below_everything_is_the_bottom() -> None:
    assert place_of_drop(STACK, None, "on", (D,)) == (0, ())


def test_below_a_folded_group_is_below_all_of_it() -> None:
    header = next(row for row in rows(STACK, {OUTER.id}) if row.group is OUTER)
    assert place_of_drop(STACK, header, "below", (D,)) == (1, ())


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (Layer("a"), ""),
        (Layer("a", locked=True, alpha_locked=True), "locked"),
        (Layer("a", alpha_locked=True, opacity=0.5), "alpha locked · 50%"),
        (Layer("a", blend="soft_light"), "soft light"),
    ],
)
def test_a_row_says_what_differs_from_a_plain_layer(layer: Layer, words: str) -> None:
    assert rows((layer,), ())[0].detail == words


def test_a_folded_group_says_how_many_layers_it_holds() -> None:
    group = Group("set", blend="multiply", opacity=0.7, locked=True)
    layers = (Layer("a", groups=(group,)), Layer("b", groups=(group,)))
    assert rows(layers, {group.id})[0].detail == "locked · 2 layers · multiply · 70%"
