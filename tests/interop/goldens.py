"""Small files as other programs write them, for tests that run where none of these is installed.

Run alone it writes them anew: `python -m tests.interop.goldens`.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from studio.core.geometry import Rect
from studio.document.layer import Group
from studio.document.layered import Layered
from tests.document.files.pictures import layer
from tests.interop.programs import Program, installed, opens_openraster
from tests.interop.trips import WRITERS

FOLDER = Path(__file__).parents[1] / "goldens" / "foreign"


def small() -> Layered:
    """A ground, a group of two with a mode of its own, a hidden layer; all at full opacity."""
    group = Group("group ä", blend="multiply")
    layers = (
        layer("ground", Rect(0, 0, 64, 48), 1),
        layer("below", Rect(3, 5, 20, 24), 2, groups=(group,), blend="screen"),
        layer("above", Rect(20, 10, 31, 30), 3, groups=(group,)),
        layer("hidden", Rect(40, 2, 16, 16), 4, visible=False),
    )
    return Layered(Rect(0, 0, 64, 48), layers, active=2)


def main() -> None:
    """Let every program that is here open ours and write its own."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for program in installed():
        formats = ["psd"] if program.name != "MyPaint" else []
        for kind in [*formats, *(["ora"] if opens_openraster(program) else [])]:
            _write(program, kind)


def _write(program: Program, kind: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"ours.{kind}"
        with source.open("wb") as file:
            WRITERS[kind].write(small(), file)
        target = Path(folder) / f"{program.name.lower()}-{program.version}.{kind}"
        program.rewrite(source, target)
        (FOLDER / target.name).write_bytes(target.read_bytes())


if __name__ == "__main__":
    main()
