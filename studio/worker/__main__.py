"""Start the engine process: `python -m studio.worker [--configs DIR]`."""

from __future__ import annotations

import argparse
import threading
from pathlib import Path

from studio import paths
from studio.core.messages import PROTOCOL, Failed, Ready
from studio.worker import process
from studio.worker.inbox import Inbox
from studio.worker.outbox import Outbox
from studio.worker.pulse import Pulse


def main() -> None:
    """Listen, say so, load the libraries, and serve."""
    parser = argparse.ArgumentParser(prog="studio.worker")
    parser.add_argument("--configs", type=Path, default=paths.model_configs())
    options = parser.parse_args()
    commands, events = process.streams()
    process.settle()
    outbox = Outbox(events, process.end)
    pulse = Pulse(outbox.send)
    inbox = Inbox(outbox.send, outbox.expect, pulse.attend)
    outbox.send(Ready(PROTOCOL, "starting"))
    pulse.start()
    threading.Thread(
        target=inbox.listen, args=(commands, process.end), name="commands", daemon=True
    ).start()
    try:
        # Seconds of imports; cancelling, and ending with the window, already work meanwhile.
        from studio.engine.runner import Runner
        from studio.worker.loop import serve

        runner = Runner(options.configs)
    except (ImportError, OSError, RuntimeError) as error:
        text = "The engine cannot start: a part of the installation or a driver does not work."
        outbox.send(Failed(0, "engine", text, "Run packaging/start.py again.", repr(error)))
        process.end(5)
    serve(inbox, pulse, runner)


if __name__ == "__main__":
    main()
