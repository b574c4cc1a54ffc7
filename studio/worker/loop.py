"""Loop: one command after another, and every failure put into an event."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from functools import partial
from typing import cast

import torch

from studio.core.errors import EngineError, StudioError
from studio.core.messages import Cancelled, Event, Failed, Freeze, Frozen, Loaded, Start, Warm
from studio.engine.failures import fatal, named
from studio.engine.family import Stopped
from studio.engine.runner import Runner
from studio.worker.inbox import Inbox, Send
from studio.worker.process import end
from studio.worker.pulse import Pulse

log = logging.getLogger(__name__)
#: Characters kept of a traceback, from its end.
_LONGEST = 20_000


def serve(inbox: Inbox, pulse: Pulse, runner: Runner) -> None:
    """Run jobs for as long as the process lives."""
    opened = cast(Callable[[], bool], torch.cuda.is_initialized)

    def send(event: Event) -> None:
        if isinstance(event, Loaded) and opened():
            pulse.opened()
        pulse.send(event)

    while True:
        pulse.enter("idle")
        command = inbox.take()
        if isinstance(command, Start):
            pulse.enter("loading", command.job)
            _attempt(command.job, send, partial(_run, command, inbox, send, runner))
        elif isinstance(command, Freeze):
            runner.release()
            send(Frozen(0))
        else:
            pulse.enter("loading")
            _attempt(0, send, partial(_warm, command, inbox, send, runner))


def _run(command: Start, inbox: Inbox, send: Send, runner: Runner) -> None:
    try:
        runner.run(command.request, send, inbox.stopped, command.job, command.point, inbox.enough)
        return
    except Stopped:
        if not inbox.freezing():
            raise
    # Out here, as the exception held the model that was running.
    runner.release()
    send(Frozen(command.job))


def _warm(command: Warm, inbox: Inbox, send: Send, runner: Runner) -> None:
    runner.warm(command.model, send)
    if not inbox.busy():
        runner.rehearse(command.model)


def _attempt(job: int, send: Send, work: Callable[[], None]) -> None:
    try:
        work()
    except Stopped:
        send(Cancelled(job))
    except StudioError as error:
        send(_failed(job, error))
    except Exception as error:
        log.exception("job %d failed", job)
        if fatal(error):
            end(EngineError.exit_code)  # a fresh process is given the job, and may well finish it
        send(_failed(job, named(error)))


def _failed(job: int, error: StudioError) -> Failed:
    details = traceback.format_exc()[-_LONGEST:]
    return Failed(job, error.kind, error.message, error.hint, details)
