import math

import numpy as np
import pytest

from studio.core.geometry import Rect
from studio.document import brush
from studio.document.brush import Point, Stroke, Tip

WIDE = Rect(-50, -50, 400, 400)


@pytest.mark.parametrize("radius", [0.5, 1.0, 3.0, 7.25, 40.0])
def test_a_hard_dab_covers_its_disc(radius: float) -> None:
    covered = brush.dab(radius, 1.0).sum() / 255
    assert covered == pytest.approx(math.pi * radius**2, rel=0.02, abs=0.4)


@pytest.mark.parametrize("hardness", [0.0, 0.3, 0.8, 1.0])
def test_a_dab_falls_off_from_the_middle_to_nothing(hardness: float) -> None:
    row = brush.dab(20.0, hardness)[21, 21:].astype(int)
    assert row[0] == 255
    assert row[-1] == 0
    assert (np.diff(row) <= 0).all()


def test_a_softer_dab_covers_less() -> None:
    amounts = [int(brush.dab(20.0, hardness).sum()) for hardness in (0.0, 0.5, 1.0)]
    assert amounts == sorted(set(amounts))


def test_a_dab_follows_the_fraction_of_a_pixel() -> None:
    dab = brush.dab(5.0, 1.0, 0.25, -0.5).astype(float)
    ys, xs = np.mgrid[: dab.shape[0], : dab.shape[1]] - dab.shape[0] // 2
    assert (dab * xs).sum() / dab.sum() == pytest.approx(0.25, abs=0.03)
    assert (dab * ys).sum() / dab.sum() == pytest.approx(-0.5, abs=0.03)


@pytest.mark.parametrize("events", [1, 2, 7, 100])
def test_dabs_are_evenly_spaced_however_often_the_pen_reports(events: int) -> None:
    xs, carried, last = [], 0.0, Point(0, 0)
    for step in range(1, events + 1):
        here = Point(100 * step / events, 0)
        points, carried = brush.along(last, here, 10.0, carried)
        xs += [point.x for point in points]
        last = here
    assert xs == pytest.approx([10.0 * k for k in range(1, len(xs) + 1)])
    assert len(xs) in (9, 10)  # the last may lie within rounding of the end


def test_pressure_changes_evenly_along_the_way() -> None:
    points, _ = brush.along(Point(0, 0, 0.0), Point(10, 0, 1.0), 5.0, 0.0)
    assert [point.pressure for point in points] == [0.5, 1.0]


def test_overlapping_dabs_do_not_add_up() -> None:
    once, often = Stroke(Tip(10, 0.2)), Stroke(Tip(10, 0.2, spacing=0.01))
    for x in (0.5, 1.5, 2.5):
        often.to(Point(x, 0.5))
    once.to(Point(0.5, 0.5))
    assert often.coverage.read(WIDE).max() == once.coverage.read(WIDE).max() == 255
    edge = Rect(0, 8, 1, 1)
    assert often.coverage.read(edge)[0, 0] <= once.coverage.read(edge)[0, 0] + 12


def test_at_low_flow_dabs_add_up() -> None:
    stroke = Stroke(Tip(10, 1.0, flow=0.2))
    stroke.to(Point(0, 0))
    first = int(stroke.coverage.read(WIDE).max())
    stroke.to(Point(2, 0))
    assert first == 51
    assert int(stroke.coverage.read(WIDE).max()) > first


def test_the_rectangles_told_hold_all_that_changed() -> None:
    stroke = Stroke(Tip(30, 0.5))
    seen = np.zeros((400, 400), bool)
    for point in (Point(0, 0), Point(3, 1), Point(250, 120), Point(251, 121)):
        before = stroke.coverage.read(WIDE)
        for rect in stroke.to(point):
            at = rect.moved(50, 50).intersected(Rect(0, 0, 400, 400))
            seen[at.rows, at.columns] = True
        assert not (stroke.coverage.read(WIDE) != before)[~seen].any()
        seen[...] = False


def test_a_long_diagonal_tells_only_the_tiles_it_crosses() -> None:
    stroke = Stroke(Tip(10))
    stroke.to(Point(0, 0))
    rects = stroke.to(Point(8000, 8000))
    assert sum(rect.size.area for rect in rects) < 0.1 * 8000 * 8000


@pytest.mark.parametrize("pressure", [math.nan, math.inf, -3.0, 7.0])
def test_a_broken_pressure_still_paints(pressure: float) -> None:
    stroke = Stroke(Tip(10, pressure_size=1.0))
    assert stroke.to(Point(0, 0, pressure))
    assert stroke.coverage.read(WIDE).any()


def test_pressure_rules_the_size() -> None:
    light, full = Stroke(Tip(20, pressure_size=1.0)), Stroke(Tip(20, pressure_size=1.0))
    light.to(Point(0, 0, 0.25))
    full.to(Point(0, 0, 1.0))
    assert light.coverage.tight_bounds().width < 0.4 * full.coverage.tight_bounds().width


def test_painting_leaves_what_is_not_covered_bit_identical() -> None:
    before = np.random.default_rng(1).integers(0, 256, (30, 30, 4), dtype=np.uint8)
    coverage = np.zeros((30, 30), np.uint8)
    coverage[:10] = 255
    for after in (brush.painted(before, coverage, (1, 2, 3)), brush.erased(before, coverage)):
        assert np.array_equal(after[10:], before[10:])
    assert (brush.painted(before, coverage, (1, 2, 3))[:10] == (1, 2, 3, 255)).all()
    assert not brush.erased(before, coverage)[:10].any()


def test_half_an_opacity_masks_half() -> None:
    nothing, coverage = np.zeros((1, 1), np.uint8), np.full((1, 1), 255, np.uint8)
    assert brush.masked(nothing, coverage, 0.5)[0, 0] == 128
    assert brush.unmasked(np.full((1, 1), 200, np.uint8), coverage, 0.5)[0, 0] == 100
    assert brush.masked(coverage, coverage, 0.5)[0, 0] == 255
