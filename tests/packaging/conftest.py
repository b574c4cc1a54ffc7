"""A clean copy of the project, and a screen to run it on."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from setup_parts.place import ROOT

SIZE = (1280, 800)


@pytest.fixture(scope="session")
def clean_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tracked files and nothing else, as a fresh clone has them."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git clone: what is tracked is not known")
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    copy = tmp_path_factory.mktemp("clean") / "sfumato"
    for name in filter(None, listing.stdout.split("\0")):
        if (ROOT / name).is_file():  # a deletion not yet committed is still listed
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)
    return copy


@pytest.fixture
def bare_environ(own_folders: Path) -> dict[str, str]:
    """What a child finds on a machine without a display, with this Python's libraries lent."""
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "STUDIO_TORCH", "PYTHONPATH")
    environ = {name: value for name, value in os.environ.items() if name not in hidden}
    return {**environ, "SFUMATO_VENV": sys.prefix, "SFUMATO_HOME": str(own_folders)}


@pytest.fixture
def x_display() -> Iterator[str]:
    """The name of a virtual X display of SIZE."""
    if shutil.which("Xvfb") is None:
        pytest.skip("no Xvfb; packaging/start.py test brings one where it can")
    told, tell = os.pipe()
    screen = ("-screen", "0", f"{SIZE[0]}x{SIZE[1]}x24", "-nolisten", "tcp")
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(tell), *screen], pass_fds=(tell,), stderr=subprocess.DEVNULL
    )
    os.close(tell)
    with os.fdopen(told, encoding="ascii") as answer:
        number = answer.readline().strip()
    try:
        assert number, "Xvfb ended before it had a display"
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(30)
