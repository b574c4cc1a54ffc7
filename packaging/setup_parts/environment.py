"""Make the Python environment, fill it, mend it, and tell whether it works."""

import importlib.util
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path

from setup_parts import flavour, stamp
from setup_parts.console import Progress, Trouble, say
from setup_parts.debs import DebsFailed, fetch
from setup_parts.installer import Pip, PipFailed, elsewhere_may_help, explain
from setup_parts.lock import alone
from setup_parts.place import Place

PROBE = Path(__file__).with_name("probe.py")
ROOM = {"cpu": 3, "mps": 3}  # GB on the disk, by flavour; the builds for graphics cards are larger
ROOM_FOR_CARDS = 12
EXTRA_PARTS = {"test": ("pytest", "pytestqt", "ruff", "mypy", "importlinter", "hypothesis")}


def fault(place: Place, extras: Sequence[str], environ: Mapping[str, str]) -> str | None:
    """Return what is wrong with the environment, or None when it can be used."""
    parts = [part for extra in extras for part in EXTRA_PARTS.get(extra, ())]
    try:
        done = subprocess.run(
            [str(place.python), str(PROBE), *parts],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=120,
            env={**environ, "PYTHONDONTWRITEBYTECODE": "1"},
            check=False,
        )
    except (OSError, subprocess.SubprocessError) as error:
        return f"its Python does not run ({error})"
    if done.returncode:
        return (done.stdout.strip() or done.stderr.strip() or "its Python crashed").splitlines()[-1]
    return None


def prepare(place: Place, extras: tuple[str, ...], environ: Mapping[str, str]) -> None:
    """Make sure that the environment holds what pyproject.toml and `extras` ask for.

    Args:
        place: where; a lent environment is only looked at.
        extras: names of optional dependencies.
        environ: for the environment's Python, with the paths of fetched system libraries.

    Raises:
        Trouble: it cannot be done, and why.
    """
    if place.lent:
        if broken := fault(place, extras, environ):
            raise Trouble(
                f"The environment that SFUMATO_VENV names cannot be used: {broken}.",
                "Unset SFUMATO_VENV to let Sfumato make its own.",
            )
        return
    if _ready(place, extras, environ) is None:
        return
    _check_folder(place)
    with alone(place.private / "lock") as lock:
        why = _ready(place, extras, environ)  # another set-up may just have done it
        if why is None:
            return
        made = stamp.read(place.stamp)
        if why:
            say(f"The environment in {place.venv.name} is damaged ({why}). Making it anew.")
            shutil.rmtree(place.venv)
        extras = tuple(sorted({*extras, *(made.extras if made else ())}))
        _make(place, extras, environ, lock)


def _ready(place: Place, extras: tuple[str, ...], environ: Mapping[str, str]) -> str | None:
    """Return None when there is nothing to do, else what is damaged ("" when it must only grow)."""
    made = stamp.read(place.stamp)
    if made is None or not made.serves(stamp.digest(place), extras, flavour.wish()):
        return ""
    return fault(place, extras, environ)


def _make(place: Place, extras: tuple[str, ...], environ: Mapping[str, str], lock: int) -> None:
    machine = flavour.look()
    chosen = flavour.choose(machine, flavour.wish())
    _check_room(place, chosen)
    say(
        f"Setting up Sfumato in {place.venv} (Python {sys.version.split()[0]}, torch for "
        f"{chosen}). This happens once."
    )
    pip = Pip(place.python, place.log, lock)
    for again in (False, True):
        if again or not _runs(place.python):
            shutil.rmtree(place.venv, ignore_errors=True)
            _create(place)
        stamp.begin(place.stamp)
        tries = flavour.attempts(chosen, machine, bool(flavour.wish()))
        installed = _fill(place, extras, tries, pip)
        broken = fault(place, extras, environ)
        if broken is None:
            stamp.finish(place.stamp, stamp.Stamp(stamp.digest(place), extras, installed))
            return
        say(f"  The environment is not whole yet: {broken}.")
    raise Trouble(
        f"The environment does not work even when made anew: {broken}.",
        f"The details are in {place.log}.",
    )


def _check_folder(place: Place) -> None:
    """Refuse a folder that cannot be written to, before anything is tried in it."""
    if not os.access(place.root, os.W_OK):
        raise Trouble(
            f"The folder {place.root} cannot be written to, and the environment is made inside it.",
            "Copy the project to a folder of your own and run the command there.",
        )


def _check_room(place: Place, chosen: str) -> None:
    """Refuse a full disk before anything is written."""
    free = shutil.disk_usage(place.root).free / 1e9
    needed = 0.3 if place.python.exists() else ROOM.get(chosen, ROOM_FOR_CARDS)
    if free < needed:
        raise Trouble(
            f"The disk is nearly full: the set-up needs {needed:g} GB, and {free:.1f} GB are free.",
            "Free some room on the disk of this folder and run the same command again.",
        )


def _runs(python: Path) -> bool:
    """Tell whether this is a Python with pip, of the version that is running now."""
    check = f"import sys, pip; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])})"
    try:
        return subprocess.run([str(python), "-c", check], capture_output=True).returncode == 0
    except OSError:
        return False


def _create(place: Place) -> None:
    with Progress("Making the Python environment"):
        whole = importlib.util.find_spec("ensurepip") is not None
        try:
            venv.create(place.venv, with_pip=whole, symlinks=os.name != "nt")
        except subprocess.CalledProcessError as error:
            raise Trouble(
                "Python could not put pip into the environment.",
                f"The disk may be full, or this Python is not whole: {error}",
            ) from error
        if not whole:
            _add_pip(place)


def _add_pip(place: Place) -> None:
    """Put pip into the environment where Debian keeps it in a package of its own."""
    folder = place.private / "pip"
    try:
        fetch(["python3-pip-whl"], folder, lambda _text: None)
        wheel = next((folder / "usr/share/python-wheels").glob("pip-*.whl"))
    except (DebsFailed, StopIteration) as error:
        raise Trouble(
            f"This Python comes without pip, and it could not be fetched: {error}.",
            "Check the network, or run: sudo apt-get install python3-venv",
        ) from error
    command = [str(place.python), f"{wheel}/pip", "install", "--no-index", str(wheel)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise explain(done.stderr.splitlines(), place.log)


def _fill(place: Place, extras: tuple[str, ...], tries: list[flavour.Attempt], pip: Pip) -> str:
    """Install torch and then all the rest; return the flavour of torch that was to be had."""
    pins = ["-c", str(place.lock)] if place.lock.is_file() else []
    with Progress("Installing torch, which runs the models") as step:
        got = _install_torch(pip, pins, tries, step)
    if got != tries[0].flavour:
        say(
            f"  The {tries[0].flavour} build of torch was not to be had, so pictures will be made "
            f"on the CPU, slowly. STUDIO_TORCH={tries[0].flavour} insists on it."
        )
    with Progress("Installing the window and the rest") as step:
        project = f"{place.root}[{','.join(extras)}]"
        try:
            pip.install(["--no-build-isolation", "-e", project, *pins], step.note)
        except PipFailed as error:
            raise explain(error.lines, place.log) from error
    return got


def _install_torch(pip: Pip, pins: list[str], tries: list[flavour.Attempt], step: Progress) -> str:
    failures: list[PipFailed] = []
    for attempt in tries:
        # A server that is not there is given up on quickly; the next attempt may need none.
        index = ["--extra-index-url", attempt.index, "--timeout", "15"] if attempt.index else []
        step.note(attempt.requirement)
        try:
            pip.install([attempt.requirement, "setuptools", *index, *pins], step.note)
        except PipFailed as error:
            failures.append(error)
            if not elsewhere_may_help(error.lines):
                break
        else:
            return attempt.flavour
    raise explain([line for failed in failures for line in failed.lines], pip.log)
