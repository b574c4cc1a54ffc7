"""Qt's system libraries: what is looked for, what is missing, where it is fetched from."""

from pathlib import Path

import pytest

from setup_parts import libraries
from setup_parts.console import Trouble
from setup_parts.debs import DebsFailed, needed
from setup_parts.libraries import Fetched, apt_line, fonts_conf, missing, wanted

PLAN = """NOTE: This is only a simulation!
Inst libglvnd0 (1.6.0-1 Debian:12/stable [amd64])
Inst libllvm15 (1:15.0.6-4+b1 Debian:12/stable [amd64])
Inst libgl1-mesa-dri (22.3.6 Debian:12/stable [amd64])
Inst libegl1:amd64 (1.6.0-1 Debian:12/stable [amd64]) []
Conf libglvnd0 (1.6.0-1 Debian:12/stable [amd64])
"""


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="names of Linux libraries")
def test_a_library_that_loads_is_not_missing() -> None:
    assert missing({"libc.so.6": "libc6", "libnowhere.so.9": "libnowhere9"}) == {
        "libnowhere.so.9": "libnowhere9"
    }


@pytest.mark.parametrize(
    ("environ", "with_screen", "library", "looked_for"),
    [
        ({}, False, "libEGL.so.1", True),
        ({}, False, "libxcb-cursor.so.0", False),
        ({"DISPLAY": ":0"}, False, "libxcb-cursor.so.0", True),
        ({}, True, "libxcb-cursor.so.0", True),
        ({"DISPLAY": ":0"}, False, "libwayland-client.so.0", False),
        ({"WAYLAND_DISPLAY": "wayland-0"}, False, "libwayland-client.so.0", True),
    ],
)
def test_only_the_screen_in_use_is_provided_for(
    environ: dict[str, str], with_screen: bool, library: str, looked_for: bool
) -> None:
    assert (library in wanted(environ, with_screen)) is looked_for


def test_the_apt_line_names_each_package_once_and_in_order() -> None:
    assert apt_line(["libgl1", "libegl1", "libgl1"]) == "sudo apt-get install libegl1 libgl1"


def test_graphics_drivers_are_left_out_of_what_is_fetched() -> None:
    assert needed(PLAN) == ["libglvnd0", "libegl1"]


def test_fetched_fonts_are_found_beside_the_systems_own(tmp_path: Path) -> None:
    rules = tmp_path / "usr/share/fontconfig/conf.avail"
    rules.mkdir(parents=True)
    (rules / "60-latin.conf").touch()
    (rules / "10-no-antialias.conf").touch()
    enabled = tmp_path / "etc/fonts/conf.d"
    enabled.mkdir(parents=True)
    (enabled / "60-latin.conf").symlink_to("/usr/share/fontconfig/conf.avail/60-latin.conf")
    written = fonts_conf(tmp_path)
    assert f"<dir>{tmp_path}/usr/share/fonts</dir>" in written
    assert "<dir>/usr/share/fonts</dir>" in written
    assert f"<include>{rules / '60-latin.conf'}</include>" in written
    assert "10-no-antialias" not in written


def test_a_child_finds_fetched_libraries_before_its_own_path(tmp_path: Path) -> None:
    fetched = Fetched(tmp_path)
    fetched.root.mkdir()
    path = fetched.environment({"LD_LIBRARY_PATH": "/opt/own"})["LD_LIBRARY_PATH"].split(":")
    assert path[0].startswith(str(fetched.root))
    assert path[-1] == "/opt/own"


def test_nothing_is_set_when_nothing_was_fetched(tmp_path: Path) -> None:
    assert Fetched(tmp_path).environment({}) == {}


@pytest.mark.parametrize("apt", ["/usr/bin/apt-get", None])
def test_what_cannot_be_fetched_is_named_for_an_administrator(
    apt: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> None:
        raise DebsFailed("no network")

    monkeypatch.setattr("platform.system", lambda: "Linux")
    monkeypatch.setattr(libraries, "missing", lambda _libraries: {"libEGL.so.1": "libegl1"})
    monkeypatch.setattr("shutil.which", lambda _name: apt)
    monkeypatch.setattr(libraries, "fetch", refuse)
    with pytest.raises(Trouble, match="libegl1"):
        libraries.provide(tmp_path, {})
