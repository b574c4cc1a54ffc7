"""The order of things: libraries, environment, then the program or the tests."""

import errno
import os
import shlex
import subprocess
import sys
from collections.abc import Sequence

from setup_parts import checks, environment, libraries, sample, screen
from setup_parts.console import Trouble, say
from setup_parts.place import Place

# The commands of the program that open no window.
WITHOUT_WINDOW = (
    "imagine",
    "inpaint",
    "outpaint",
    "erase",
    "check",
    "convert",
    "models",
    "--help",
    "-h",
    "--version",
)


def run(arguments: list[str]) -> int:
    """Set up what is missing, then do what `arguments` say; return the exit code."""
    place = Place.here()
    try:
        if arguments[:1] == ["test"]:
            return test(place, arguments[1:])
        return start(place, arguments)
    except Trouble as trouble:
        return _stop(trouble)
    except KeyboardInterrupt:
        say("\nStopped. The same command goes on from here.")
        return 130
    except OSError as error:
        return _stop(_system_trouble(error, place))


def start(place: Place, arguments: list[str]) -> int:
    """Run the program; without arguments on the sample picture."""
    environ = dict(os.environ)
    shown = screen.available(environ)
    if not shown:
        environ["QT_QPA_PLATFORM"] = "offscreen"
    environ |= libraries.provide(place.private, environ)
    environment.prepare(place, ("engine",), environ)
    environ["PYTHONPATH"] = _first(str(place.root), environ.get("PYTHONPATH"))
    command = [str(place.python), "-m", "studio"]
    if arguments:
        if not shown and arguments[0] not in WITHOUT_WINDOW:
            raise Trouble(
                "There is no display here, so the window cannot be shown.",
                "Without a window: python3 packaging/start.py inpaint --help (or imagine, "
                "outpaint, models).",
            )
        return _become([*command, *arguments], environ)
    if shown:
        say("Opening Sfumato.")
        return _become([*command, str(sample.picture(place.root))], environ)
    edit, result = sample.headless_edit(place.root)
    say("There is no display here, so the same edit runs without the window:")
    say(f"  sfumato {shlex.join(edit)}")
    code = subprocess.call([*command, *edit], env=environ)
    if code == 0:
        say(f"The edited picture is {result}")
    return code


def test(place: Place, arguments: Sequence[str]) -> int:
    """Run all checks and the tests; arguments go to pytest."""
    environ = dict(os.environ)
    try:
        environ |= libraries.provide(place.private, environ, with_screen=True)
    except Trouble as trouble:
        # The tests themselves run without a screen: only what that needs is a must.
        say(f"  {trouble.what} Tests that need a screen may be skipped.")
        environ |= libraries.provide(place.private, {**environ, "DISPLAY": ""})
    environment.prepare(place, ("engine", "test"), environ)
    environ |= screen.provide_virtual(place.private, environ)
    return checks.run_all(place, environ, arguments)


def _become(command: list[str], environ: dict[str, str]) -> int:
    """Put the program in the place of this process, so that signals and the terminal are its."""
    sys.stdout.flush()
    if os.name != "nt":
        os.execve(command[0], command, environ)
    return subprocess.call(command, env=environ)


def _first(path: str, others: str | None) -> str:
    return os.pathsep.join([path, others]) if others else path


def _system_trouble(error: OSError, place: Place) -> Trouble:
    """Return what an error of the file system means for the reader."""
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return Trouble(
            "The disk is full.", "Free about 3 GB on the disk of this folder and try again."
        )
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        here = str(error.filename or place.root).startswith(str(place.root))
        return Trouble(
            f"{place.root if here else error.filename} cannot be written to.",
            "Copy the project to a folder of your own and run the command there.",
        )
    return Trouble(f"The system refused: {error}", "Please report this, with the line above.")


def _stop(trouble: Trouble) -> int:
    say()
    say(trouble.what)
    say(trouble.todo)
    return 1
