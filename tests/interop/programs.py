"""The painting programs that are installed here, and how each opens a file and writes it anew."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

#: A folder with the whole system in which GIMP 3 is installed, for those whose own GIMP is older:
#: `debootstrap --include=gimp,... trixie FOLDER`; needs the right to chroot.
GIMP_ROOT = "INTEROP_GIMP_ROOT"
_PATIENCE = 180

_MYPAINT = """\
import sys
sys.path.insert(0, "/usr/lib/mypaint")
import gi
gi.require_version("GdkPixbuf", "2.0")
import lib.gibindings
from lib.document import Document
document = Document()
document.load_ora(sys.argv[1])
document.save_ora(sys.argv[2])
document.cleanup()
"""

#: What its exporter to OpenRaster writes of a layer is cut where the layer does not begin at the
#: picture's corner (GIMP 3.0.4, file-openraster.py, store_layer), so layers are grown before.
_GIMP_3 = """\
from gi.repository import Gimp, Gio
image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path("{source}"))
def leaves(layers):
    for each in layers:
        if each.is_group():
            yield from leaves(each.get_children())
        else:
            yield each
if "{target}".endswith(".ora"):
    for each in leaves(image.get_layers()):
        each.resize_to_image_size()
Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, image, Gio.File.new_for_path("{target}"), None)
"""

_GIMP_2 = """\
(let* ((image (car (gimp-file-load RUN-NONINTERACTIVE "{source}" "{source}"))))
  (gimp-file-save RUN-NONINTERACTIVE image (car (gimp-image-get-active-drawable image))
                  "{target}" "{target}"))
"""


@dataclass(frozen=True, slots=True)
class Program:
    """One program.

    Attributes:
        name: What it is called.
        version: As it says itself.
        rewrite: Opens a file and writes it under another name, whose ending says how.
    """

    name: str
    version: str
    rewrite: Callable[[Path, Path], None]


def krita() -> Program | None:
    """Krita, without its window."""
    if shutil.which("krita") is None or shutil.which("xvfb-run") is None:
        return None

    def rewrite(source: Path, target: Path) -> None:
        command = ["xvfb-run", "-a", "krita", str(source), "--export"]
        _run([*command, "--export-filename", str(target)], target)

    return Program("Krita", _version(["xvfb-run", "-a", "krita", "--version"]), rewrite)


def mypaint() -> Program | None:
    """MyPaint's own library, as its program uses it."""
    if shutil.which("mypaint") is None or not Path("/usr/lib/mypaint/lib").is_dir():
        return None

    def rewrite(source: Path, target: Path) -> None:
        _run(["/usr/bin/python3", "-c", _MYPAINT, str(source), str(target)], target)

    return Program("MyPaint", _version(["dpkg-query", "-W", "mypaint"]), rewrite)


def gimp() -> Program | None:
    """The GIMP that is installed: 3 with OpenRaster, or 2.10 of Debian 12, which lacks it."""
    command = shutil.which("gimp-console") or shutil.which("gimp")
    if command is None:
        return None
    version = _version([command, "--version"])
    script = _GIMP_3 if version.startswith("3") else _GIMP_2

    def rewrite(source: Path, target: Path) -> None:
        _run([command, *_batch(script.format(source=source, target=target))], target)

    return Program("GIMP", version, rewrite)


def gimp_elsewhere() -> Program | None:
    """GIMP in a system of its own below `GIMP_ROOT`."""
    root = Path(os.environ.get(GIMP_ROOT, "/nowhere"))
    if not (root / "usr/bin/gimp-console").exists():
        return None
    prefix = ["chroot", str(root), "gimp-console"]

    def rewrite(source: Path, target: Path) -> None:
        inside = [Path("/tmp") / f"interop-{each.name}" for each in (source, target)]
        real = [root / each.relative_to("/") for each in inside]
        shutil.copy(source, real[0])
        real[1].unlink(missing_ok=True)
        _run([*prefix, *_batch(_GIMP_3.format(source=inside[0], target=inside[1]))], real[1])
        shutil.copy(real[1], target)

    return Program("GIMP", _version([*prefix, "--version"]), rewrite)


def installed() -> list[Program]:
    """Those that are here."""
    found = (krita(), mypaint(), gimp(), gimp_elsewhere())
    return [each for each in found if each is not None]


def opens_openraster(program: Program) -> bool:
    """Whether it has a plug-in for it: Debian 12 ships GIMP 2.10 without Python, hence without."""
    return not (program.name == "GIMP" and program.version.startswith("2"))


def _batch(script: str) -> list[str]:
    if "(let*" in script:
        return ["-i", "-b", script, "-b", "(gimp-quit 0)"]
    return ["-i", "--quit", "--batch-interpreter", "python-fu-eval", "-b", f"exec({script!r})"]


def _version(command: Sequence[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, check=False)
    found = re.search(r"\d+\.\d+(\.\d+)?", done.stdout)
    return found[0] if found else "?"


def _run(command: Sequence[str], target: Path) -> None:
    """Run a program that shall leave `target`; where it complains is not looked at otherwise."""
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(target.parent)}
    environment.pop("QT_QPA_PLATFORM", None)
    done = subprocess.run(
        command, env=environment, capture_output=True, timeout=_PATIENCE, check=False
    )
    if not target.exists():
        said = (done.stdout + done.stderr).decode("utf-8", "replace")[-2000:]
        raise RuntimeError(f"{command[0]} wrote nothing (exit {done.returncode}): {said}")
