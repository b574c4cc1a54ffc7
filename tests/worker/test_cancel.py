from typing import Any

import pytest

from studio import paths
from studio.core.checkpoint import Checkpoint
from studio.core.messages import Event, Stepped
from studio.engine.family import Stopped
from studio.engine.latents import Latents
from studio.engine.runner import Runner
from tests.worker.test_worker import request


@pytest.mark.filterwarnings("ignore:__array__:DeprecationWarning")
@pytest.mark.parametrize("last", [1, 3, 6])
def test_a_cancel_at_any_step_skips_what_is_left_and_the_decoding(
    starter: Checkpoint, monkeypatch: pytest.MonkeyPatch, last: int
) -> None:
    decoded: list[Any] = []
    monkeypatch.setattr(Latents, "decoded", lambda *values: decoded.append(values))
    events: list[Event] = []

    def stopped() -> bool:
        return sum(isinstance(one, Stepped) for one in events) >= last - 1

    with pytest.raises(Stopped):
        Runner(paths.model_configs()).run(request(starter, steps=6), events.append, stopped)
    assert decoded == []
    assert len([one for one in events if isinstance(one, Stepped)]) == last - 1
