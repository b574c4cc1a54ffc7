"""Whether there is a display."""

import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from setup_parts import screen

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="X11 and Wayland sockets")


@pytest.fixture
def compositor() -> Iterator[Path]:
    """A Wayland socket that answers; in a short path, as sockets need."""
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as server:
        path = Path(folder) / "wayland-0"
        server.bind(str(path))
        server.listen(1)
        yield path


def test_without_variables_there_is_no_display() -> None:
    assert not screen.available({}, "Linux")


def test_other_systems_always_have_one() -> None:
    assert screen.available({}, "Darwin")
    assert screen.available({}, "Windows")


def test_a_local_display_that_nobody_serves_is_none() -> None:
    assert not screen.available({"DISPLAY": ":987"}, "Linux")


def test_a_display_of_another_machine_is_believed() -> None:
    assert screen.available({"DISPLAY": "atelier:10.0"}, "Linux")


def test_a_wayland_socket_that_answers_is_a_display(compositor: Path) -> None:
    environ = {"WAYLAND_DISPLAY": compositor.name, "XDG_RUNTIME_DIR": str(compositor.parent)}
    assert screen.available(environ, "Linux")


def test_a_wayland_name_without_a_socket_is_none(tmp_path: Path) -> None:
    environ = {"WAYLAND_DISPLAY": "wayland-9", "XDG_RUNTIME_DIR": str(tmp_path)}
    assert not screen.available(environ, "Linux")


def test_a_chosen_qt_platform_counts_as_a_display() -> None:
    assert screen.available({"QT_QPA_PLATFORM": "vnc"}, "Linux")


def test_the_keymap_folder_is_replaced_byte_for_byte() -> None:
    assert len(screen._HERE) == len(screen._KEYMAP_FOLDER)
