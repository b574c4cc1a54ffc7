"""Loop: one command after another, and every failure put into an event."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from functools import partial

from studio.core.messages import Cancelled, Failed, Start, Warm
from studio.engine.failures import named
from studio.engine.family import Stopped
from studio.engine.runner import Runner
from studio.worker.inbox import Inbox, Send

log = logging.getLogger(__name__)
#: Characters kept of a traceback, from its end.
_LONGEST = 20_000


def serve(inbox: Inbox, send: Send, runner: Runner) -> None:
    """Run jobs for as long as the process lives."""
    while True:
        command = inbox.take()
        if isinstance(command, Start):
            _attempt(command.job, send, partial(_run, command, inbox, send, runner))
        else:
            _attempt(0, send, partial(_warm, command, inbox, send, runner))


def _run(command: Start, inbox: Inbox, send: Send, runner: Runner) -> None:
    runner.run(command.request, send, inbox.stopped, command.job)


def _warm(command: Warm, inbox: Inbox, send: Send, runner: Runner) -> None:
    runner.warm(command.model, send)
    if not inbox.busy():
        runner.rehearse(command.model)


def _attempt(job: int, send: Send, work: Callable[[], None]) -> None:
    try:
        work()
    except Stopped:
        send(Cancelled(job))
    except Exception as error:
        log.exception("job %d failed", job)
        plain = named(error)
        details = traceback.format_exc()[-_LONGEST:]
        send(Failed(job, plain.kind, plain.message, plain.hint, details))
