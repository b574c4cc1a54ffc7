"""What `sfumato` and `python -m studio` run: the window, or a job without one."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

#: Words and options that studio/cli.py answers; anything else is a file to open.
COMMANDS = {
    "imagine",
    "inpaint",
    "outpaint",
    "erase",
    "check",
    "convert",
    "models",
    "--version",
    "--help",
    "-h",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line asks for.

    Returns:
        The exit code (architecture.md, section 5).
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if any(word in COMMANDS for word in given[:1]):
        from studio import cli

        return cli.main(given)
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        # Without a display Qt ends the process before anything could be said.
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from studio import app

    return app.run(given)


if __name__ == "__main__":
    sys.exit(main())
