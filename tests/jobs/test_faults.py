import sys
from collections.abc import Iterator

import psutil
import pytest

from studio.jobs.vigil import PHASES, Limits, Patience
from tests.jobs.faults import STAGES, WAYS, Bench

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the stub speaks in signals")

#: Left to `tests.campaigns.faults`, for the sake of a minute.
LIKE_OTHERS = ("warmed", "step 1", "step 4")
SHORT = Limits(
    silence=0.6,
    phases={name: Patience(one.computing, min(one.waiting, 0.6)) for name, one in PHASES.items()}
    | {"idle": PHASES["idle"]},
)


@pytest.fixture(scope="module")
def bench(qapp: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    bench = Bench(tmp_path_factory.mktemp("bench"), SHORT)
    yield bench
    bench.stop()


@pytest.mark.parametrize("stage", [one for one in STAGES if one not in LIKE_OTHERS])
@pytest.mark.parametrize("way", WAYS)
def test_after_every_way_to_die_at_every_stage_the_next_job_is_served(
    bench: Bench, way: str, stage: str
) -> None:
    outcome = bench.meet(way, stage)
    assert outcome.served
    assert outcome.first in ("", "finished", "cancelled")


def test_one_engine_is_left_of_all_that_died(bench: Bench) -> None:
    assert bench.until(lambda: len(psutil.Process().children(recursive=True)) == 1, 5.0)


def test_the_log_tells_where_it_hung_and_why_it_was_ended(bench: Bench) -> None:
    bench.meet("hang", "step 1")
    assert "Fatal Python error: Aborted" in bench.queue.station.log
    assert "stub.py" in bench.queue.station.log
    assert "made no progress" in bench.queue.station.log


def test_the_log_tells_where_it_crashed(bench: Bench) -> None:
    bench.meet("segv", "step 1")
    assert "Fatal Python error: Segmentation fault" in bench.queue.station.log
