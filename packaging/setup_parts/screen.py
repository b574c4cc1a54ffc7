"""Displays: whether there is one, and a virtual one for the tests."""

import os
import platform
import re
import shutil
import socket
from collections.abc import Mapping
from pathlib import Path

from setup_parts.console import Progress, say
from setup_parts.debs import DebsFailed
from setup_parts.libraries import Fetched

# Where Xvfb looks for the program that compiles keymaps; compiled in, so a copy of Xvfb in a folder
# of our own must be told otherwise. The replacement has the same length.
_KEYMAP_FOLDER = b"\0/usr/bin\0"
_HERE = b"\0././././\0"
_RUN_XVFB = """#!/bin/sh
# Xvfb as fetched by packaging/start.py; it finds its keymap compiler in its working folder.
cd "{folder}" || exit 1
LD_LIBRARY_PATH="{libraries}" exec ./Xvfb -xkbdir "{keymaps}" "$@"
"""


def available(environ: Mapping[str, str], system: str | None = None) -> bool:
    """Tell whether a window can be shown: somebody answers where the environment says so."""
    if (system or platform.system()) != "Linux":
        return True
    if environ.get("QT_QPA_PLATFORM"):
        return True  # the reader has chosen, be it offscreen or vnc
    return _wayland(environ) or _x11(environ.get("DISPLAY", ""))


def _wayland(environ: Mapping[str, str]) -> bool:
    name = environ.get("WAYLAND_DISPLAY")
    if not name:
        return False
    return _answers(str(Path(environ.get("XDG_RUNTIME_DIR", "/run")) / name))


def _x11(display: str) -> bool:
    local = re.fullmatch(r"(?:unix)?:(\d+)(?:\.\d+)?", display)
    if local is None:
        return bool(display)  # a display of another machine: Qt will tell
    path = f"/tmp/.X11-unix/X{local[1]}"
    return _answers(path) or _answers(f"\0{path}")


def _answers(address: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(address)
        except OSError:
            return False
    return True


def provide_virtual(folder: Path, environ: dict[str, str]) -> dict[str, str]:
    """Return the variables with which a child finds Xvfb, after fetching it where it is missing.

    Without it the tests that need a screen are skipped, so this never raises.
    """
    if platform.system() != "Linux" or shutil.which("Xvfb"):
        return {}
    programs = folder / "bin"
    if not (programs / "Xvfb").exists():
        with Progress("Fetching a virtual screen for the tests (xvfb)") as step:
            fetched = Fetched(folder / "xvfb")
            try:
                fetched.fetch(["xvfb"], step.note)
                _adapt(fetched, programs / "Xvfb")
            except (DebsFailed, OSError) as error:
                step.note(f"not possible: {error}")
                say("  Tests that need a screen will be skipped.")
                return {}
    return {"PATH": os.pathsep.join([str(programs), environ.get("PATH", os.defpath)])}


def _adapt(fetched: Fetched, script: Path) -> None:
    """Make the fetched Xvfb find its parts in the folder it was fetched into."""
    programs = fetched.root / "usr/bin"
    compiled = (programs / "Xvfb").read_bytes()
    if _KEYMAP_FOLDER in compiled:
        (programs / "Xvfb").write_bytes(compiled.replace(_KEYMAP_FOLDER, _HERE))
    keymaps = fetched.root / "usr/share/X11/xkb"
    if not keymaps.exists():  # the system has the keymaps already
        keymaps = Path("/usr/share/X11/xkb")
    if not (programs / "xkbcomp").exists():
        (programs / "xkbcomp").symlink_to("/usr/bin/xkbcomp")
    script.parent.mkdir(parents=True, exist_ok=True)
    libraries = fetched.environment(dict(os.environ))["LD_LIBRARY_PATH"]
    text = _RUN_XVFB.format(folder=programs, libraries=libraries, keymaps=keymaps)
    script.write_text(text, encoding="utf-8")
    script.chmod(0o755)
