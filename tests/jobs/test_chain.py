from dataclasses import replace

import numpy as np
import pytest

from studio.core.checkpoint import Checkpoint
from studio.core.errors import UsageError
from studio.core.geometry import Rect
from studio.core.messages import Candidate
from studio.core.pixels import Pixels, mask_bounds
from studio.core.request import MAX_SEED, Request
from studio.document.composite import over
from studio.jobs.chain import Chain, Made
from studio.jobs.order import FINER, NOTHING, Scene, Settings, stages
from studio.jobs.tasks import prepared, task

MODEL = Checkpoint("m", "M", "/m", "sd15", 9, True, 256, 10, 3.0, "dpmpp_2m")
BOUNDS = Rect(0, 0, 1200, 900)
FAR = (Rect(40, 50, 60, 60), Rect(900, 700, 50, 40))


def canvas(*masked: Rect, frame: Rect = BOUNDS) -> Scene:
    """A grey picture with those rectangles masked."""
    densities = np.zeros((BOUNDS.height, BOUNDS.width), np.uint8)
    for rect in masked:
        densities[rect.rows, rect.columns] = 255

    def read(source: Pixels, rect: Rect) -> Pixels:
        inside = rect.intersected(BOUNDS)
        result = np.zeros((rect.height, rect.width, *source.shape[2:]), np.uint8)
        at = inside.moved(-rect.x, -rect.y)
        result[at.rows, at.columns] = source[inside.rows, inside.columns]
        return result

    picture = np.full((*densities.shape, 4), (90, 90, 90, 255), np.uint8)
    mask_of = (lambda rect: read(densities, rect)) if masked else None
    bounds = mask_bounds(densities)
    return Scene(lambda rect: read(picture, rect), mask_of, BOUNDS, frame, bounds)


def chain(scene: Scene, **changes: object) -> Chain:
    settings = replace(Settings.recommended(MODEL, "a house"), **changes)  # type: ignore[arg-type]
    return Chain(scene, settings, over)


def answered(request: Request, colour: int) -> Candidate:
    """What an engine would make of it: one grey wherever it may paint."""
    box = request.box
    may = np.full((box.height, box.width), 255, np.uint8)
    if request.mask is not None:
        may = request.mask
    elif request.picture is not None and request.picture[..., 3].min() < 250:
        may = np.where(request.picture[..., 3] < 250, np.uint8(255), np.uint8(0))
    layer = np.full((*may.shape, 4), (colour, colour, colour, 255), np.uint8)
    layer[..., 3] = may
    area = mask_bounds(may)
    pixels = layer[area.rows, area.columns]
    return Candidate(1, 0, request.seed, area.moved(box.x, box.y), pixels)


def run(made_by: Chain) -> tuple[list[Request], list[Made]]:
    """All its requests and takes; the pieces are 100, 101, ... grey."""
    requests: list[Request] = []
    takes: list[Made] = []
    while (request := made_by.request()) is not None:
        requests.append(request)
        made = made_by.receive(answered(request, 99 + len(requests)))
        if made is not None:
            takes.append(made)
    return requests, takes


def test_one_run_makes_all_takes() -> None:
    order = chain(canvas(FAR[0]), count=3)
    request = order.request()
    assert request is not None
    assert (order.several, request.count) == (False, 3)
    made = [order.receive(Candidate(1, take, take, FAR[0], empty(FAR[0]))) for take in range(3)]
    assert [one.index for one in made if one is not None] == [0, 1, 2]
    assert order.request() is None


def empty(area: Rect) -> Pixels:
    return np.zeros((area.height, area.width, 4), np.uint8)


def test_islands_become_pieces_of_one_take() -> None:
    requests, (take,) = run(chain(canvas(*FAR)))
    assert len(requests) == 2
    assert tuple(piece.area for piece in take.pieces) == FAR


def test_the_takes_of_several_runs_have_seeds_of_their_own() -> None:
    requests, takes = run(chain(canvas(*FAR), count=2, seed=MAX_SEED))
    assert [one.seed for one in requests] == [MAX_SEED, MAX_SEED, 0, 0]
    assert [(one.index, one.seed) for one in takes] == [(0, MAX_SEED), (1, 0)]


def test_a_later_run_sees_what_the_one_before_made() -> None:
    requests, _ = run(chain(canvas(frame=Rect(-500, 0, 1700, 900))))
    later = next(one for one in requests if one.box.x < -250 and one.picture is not None)
    assert later.picture is not None
    assert set(np.unique(later.picture[..., 0])) & {100, 101, 102}


def test_a_large_mask_is_gone_over_finely_at_low_strength() -> None:
    requests, (take,) = run(chain(canvas(Rect(100, 100, 900, 700))))
    assert [one.strength for one in requests] == [1.0, *[FINER] * (len(requests) - 1)]
    assert {one.fill for one in requests[1:]} == {"keep"}
    assert len(requests) > 3
    assert len(take.pieces) == len(requests)


def test_a_gentle_change_of_a_large_area_is_made_finely_at_once() -> None:
    requests, _ = run(chain(canvas(Rect(100, 100, 900, 700)), strength=0.3))
    assert {one.strength for one in requests} == {0.3}
    assert all(one.working.area >= 0.5 * one.box.size.area for one in requests)


@pytest.mark.parametrize(
    ("masked", "frame"),
    [
        ((Rect(100, 100, 900, 700),), BOUNDS),
        ((), Rect(-500, -300, 1900, 1300)),
        ((), Rect(800, 0, 900, 900)),
        (FAR, BOUNDS),
    ],
)
def test_no_piece_touches_what_the_first_order_had_to_keep(
    masked: tuple[Rect, ...], frame: Rect
) -> None:
    _, (take,) = run(chain(canvas(*masked, frame=frame)))
    kept = np.ones((BOUNDS.height, BOUNDS.width), np.bool_)
    for rect in masked:
        kept[rect.rows, rect.columns] = False
    for piece in take.pieces:
        inside = piece.area.intersected(BOUNDS)
        at = inside.moved(-piece.area.x, -piece.area.y)
        touched = piece.pixels[at.rows, at.columns, 3] > 0
        assert not (touched & kept[inside.rows, inside.columns]).any()


def test_its_share_grows_over_all_runs_of_all_takes() -> None:
    order, shares = chain(canvas(*FAR), count=2), [0.0]
    while (request := order.request()) is not None:
        shares.append(order.share(0.5))
        order.receive(answered(request, 100))
    assert shares == [0.0, 0.125, 0.375, 0.625, 0.875]


def test_it_says_which_run_goes_on() -> None:
    order = chain(canvas(*FAR))
    request = order.request()
    assert request is not None
    order.receive(answered(request, 100))
    place = order.place()
    assert (place.take, place.takes, place.part, place.parts) == (1, 1, 2, 2)


def test_without_a_picture_one_run_makes_it() -> None:
    scene = replace(canvas(), bounds=NOTHING, frame=Rect(0, 0, 1024, 1024))
    requests, _ = run(chain(scene))
    assert len(requests) == 1


def test_a_second_pass_leaves_out_where_nothing_may_change() -> None:
    requests, (take,) = run(chain(canvas(frame=Rect(-300, -200, 1500, 1100)), strength=1.0))
    for request in requests:
        assert request.picture is not None
        may = request.picture[..., 3] < 250 if request.mask is None else request.mask > 0
        assert may.any()
    assert len(take.pieces) == len(requests)


def test_an_order_of_very_many_runs_goes_without_a_second_pass() -> None:
    order = chain(canvas(frame=Rect(-1500, -1500, 4200, 3900)))
    order.request()
    assert len(order.stages) > 10
    assert all(stage.first is None for stage in order.stages)


def test_a_mask_that_leaves_nothing_to_change_is_refused_at_once() -> None:
    inverted = prepared(task("background"), canvas(BOUNDS), Settings.recommended(MODEL))
    with pytest.raises(UsageError, match="leaves nothing to change"):
        stages(*inverted)


def test_how_many_runs_there_are_is_told_without_reading_the_picture() -> None:
    def unread(rect: Rect) -> Pixels:
        raise AssertionError(rect)

    scene, settings = canvas(), Settings.recommended(MODEL, "a house")
    told = stages(replace(scene, picture_of=unread), settings, sifted=False)
    assert told == stages(scene, settings)
    assert len(told) > 2
