import weakref
from typing import Any

import pytest

from studio import paths
from studio.core.checkpoint import Checkpoint
from studio.core.messages import Event, Freeze, Frozen, Start, Stepped
from studio.engine.kinds import denoiser_of
from studio.engine.models import Models
from studio.engine.runner import Runner
from studio.worker import loop
from studio.worker.inbox import Inbox
from tests.worker.test_worker import request


@pytest.mark.filterwarnings("ignore:__array__:DeprecationWarning")
def test_a_frozen_run_lets_go_of_its_model_before_it_says_so(
    starter: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    get, seen, alive = Models.get, list[Any](), list[bool]()

    def watched(models: Models, *arguments: Any) -> Any:
        family = get(models, *arguments)
        seen.append(weakref.ref(denoiser_of(family.pipeline)))
        return family

    def send(event: Event) -> None:
        if isinstance(event, Stepped):
            inbox.put(Freeze(1))
        elif isinstance(event, Frozen):
            alive.extend(one() is not None for one in seen)

    monkeypatch.setattr(Models, "get", watched)
    inbox = Inbox(send)
    inbox.put(Start(1, request(starter, steps=6)))
    command = inbox.take()
    assert isinstance(command, Start)
    loop._run(command, inbox, send, Runner(paths.model_configs()))
    assert alive == [False]
