"""Files as Krita, GIMP and MyPaint write them; tests/interop/goldens.py makes them."""

from pathlib import Path

import numpy as np
import pytest

from studio.document.files import ora, psd
from studio.document.layered import Layered
from tests.interop.goldens import FOLDER, small
from tests.interop.trips import LISTS, compared, seen

_FILES = sorted(FOLDER.iterdir())


def opened(path: Path) -> Layered:
    with path.open("rb") as file:
        read = ora.read if path.suffix == ".ora" else psd.read
        return read(file, path.name)


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.name)
def test_a_foreign_file_is_read_as_it_was_meant(path: Path) -> None:
    found = compared(small(), opened(path), exact=not path.name.startswith("mypaint"))
    assert {title: getattr(found, title) for title in LISTS if getattr(found, title)} == {}
    assert found.size


def test_what_is_read_of_a_foreign_file_is_written_unchanged(tmp_path: Path) -> None:
    theirs = opened(FOLDER / "krita-5.1.5.ora")
    with (tmp_path / "again.ora").open("wb") as file:
        ora.write(theirs, file)
    again = opened(tmp_path / "again.ora")
    assert all(
        np.array_equal(seen(theirs, one), seen(again, other))
        for one, other in zip(theirs.layers, again.layers, strict=True)
    )


def test_goldens_of_all_three_programs_are_there() -> None:
    assert {path.name.split("-")[0] for path in _FILES} == {"gimp", "krita", "mypaint"}
    assert all(path.stat().st_size < 300_000 for path in _FILES)
