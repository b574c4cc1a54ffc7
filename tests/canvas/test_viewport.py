import pytest

from studio.canvas.viewport import MAX_ZOOM, MIN_ZOOM, Viewport
from studio.core.geometry import Rect, Size

VIEW = Viewport(1.0, 0.0, 0.0, Size(800, 600))
ZOOMS = (0.01, 0.013, 0.25, 0.7, 1.0, 1.5, 3.9, 4.0, 33.3, 64.0)


@pytest.mark.parametrize("zoom", ZOOMS)
@pytest.mark.parametrize("at", [(0.0, 0.0), (400.0, 300.0), (799.0, 1.0)])
def test_zooming_keeps_the_pixel_under_the_pointer(zoom: float, at: tuple[float, float]) -> None:
    before = VIEW.panned(13, -170)
    after = before.zoomed(zoom, at)
    x, y = after.to_device(*before.to_document(*at))
    assert (x, y) == pytest.approx(at, abs=1.0)


@pytest.mark.parametrize("zoom", ZOOMS)
def test_device_and_document_are_inverse(zoom: float) -> None:
    view = VIEW.zoomed(zoom, (10, 20)).panned(0.3, 0.4)
    assert view.to_document(*view.to_device(12.5, -7.25)) == pytest.approx((12.5, -7.25))


@pytest.mark.parametrize(
    ("zoom", "level"), [(1.0, 0), (2.0, 0), (0.99, 0), (0.5, 1), (0.51, 0), (0.01, 6), (64.0, 0)]
)
def test_the_level_is_shrunk_by_less_than_two(zoom: float, level: int) -> None:
    assert VIEW.zoomed(zoom, (0, 0)).level == level


def test_zoom_stays_within_its_limits() -> None:
    assert VIEW.zoomed(1e9, (0, 0)).zoom == MAX_ZOOM
    assert VIEW.zoomed(1e-9, (0, 0)).zoom == MIN_ZOOM


def test_a_zoom_next_to_one_becomes_one() -> None:
    assert VIEW.zoomed(1.02, (5, 5)).zoom == 1.0


def test_single_pixels_are_shown_from_400_percent() -> None:
    assert VIEW.zoomed(3.9, (0, 0)).smooth
    assert not VIEW.zoomed(4.0, (0, 0)).smooth
    assert not VIEW.smooth


@pytest.mark.parametrize("area", [Rect(0, 0, 4000, 100), Rect(-500, -20, 30, 900)])
def test_fitting_shows_the_whole_area_in_the_middle_of_the_free_part(area: Rect) -> None:
    free = Rect(20, 30, 700, 500)
    place = VIEW.fitted(area, free).device_rect(area)
    assert free.grown(1).contains(place)
    assert place.x - free.x == pytest.approx(free.right - place.right, abs=2)
    assert place.y - free.y == pytest.approx(free.bottom - place.bottom, abs=2)


def test_resizing_keeps_the_middle() -> None:
    view = VIEW.panned(-33, 71)
    before = view.to_document(400, 300)
    assert view.resized(Size(1001, 433)).to_document(500.5, 216.5) == pytest.approx(before, abs=1)


@pytest.mark.parametrize("zoom", ZOOMS)
def test_seen_holds_everything_that_touches_the_screen(zoom: float) -> None:
    view = VIEW.zoomed(zoom, (3, 3)).panned(-7, 5)
    seen = view.seen(Rect(10, 10, 50, 40))
    for corner in ((10, 10), (59.9, 49.9)):
        x, y = view.to_document(*corner)
        assert seen.x <= x < seen.right
        assert seen.y <= y < seen.bottom
