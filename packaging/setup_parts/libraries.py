"""Qt's system libraries on Linux: probe them, name their packages, fetch what is missing."""

import ctypes
import os
import platform
import shutil
import sysconfig
from collections.abc import Callable, Iterable
from pathlib import Path
from xml.sax.saxutils import escape

from setup_parts.console import Progress, Trouble, say
from setup_parts.debs import DebsFailed, fetch

# Library to load, and the Debian and Ubuntu package that holds it. Found by ldd over PySide6's own
# libraries and plugins on Debian 12 and 13.
WINDOW = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
}
X11 = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
WAYLAND = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}

FONTS = "etc/fonts/sfumato.conf"
_FONTS_CONF = """<?xml version="1.0"?>
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>/usr/local/share/fonts</dir>
  <dir prefix="xdg">fonts</dir>
  <dir>{root}/usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
{rules}
</fontconfig>
"""


def fonts_conf(root: Path) -> str:
    """Return a fontconfig file for packages unpacked below `root`.

    Their own does not serve: it names its parts by absolute links, which lead out of `root`.
    """
    names = sorted(path.name for path in (root / "etc/fonts/conf.d").glob("*.conf"))
    folders = (root / "usr/share/fontconfig/conf.avail", root / "etc/fonts/conf.avail")
    rules = [
        f"  <include>{escape(str(folder / name))}</include>"
        for name in names
        for folder in folders
        if (folder / name).is_file()
    ]
    return _FONTS_CONF.format(root=escape(str(root)), rules="\n".join(rules))


def wanted(environ: dict[str, str], with_screen: bool) -> dict[str, str]:
    """Return the libraries to look for: those of every start, and those of the screen in use."""
    libraries = dict(WINDOW)
    if environ.get("DISPLAY") or with_screen:
        libraries |= X11
    if environ.get("WAYLAND_DISPLAY"):
        libraries |= WAYLAND
    return libraries


def missing(libraries: dict[str, str]) -> dict[str, str]:
    """Return those of `libraries` that this system cannot load."""
    return {name: package for name, package in libraries.items() if not _loads(name)}


def apt_line(packages: Iterable[str]) -> str:
    """Return what an administrator would type."""
    return "sudo apt-get install " + " ".join(sorted(set(packages)))


class Fetched:
    """System libraries in a folder of ours, and the environment that makes a child find them."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "system"
        triplet = sysconfig.get_config_var("MULTIARCH") or f"{platform.machine()}-linux-gnu"
        self._libs = [self.root / "usr/lib" / triplet, self.root / "lib" / triplet]

    def holds(self, names: Iterable[str]) -> bool:
        """Tell whether all these libraries have been fetched before."""
        return all(any((folder / name).exists() for folder in self._libs) for name in names)

    def fetch(self, packages: Iterable[str], note: Callable[[str], None]) -> None:
        """Fetch packages into the folder; see debs.fetch."""
        fetch(sorted(set(packages)), self.root, note)
        if (self.root / "etc/fonts/conf.d").is_dir():
            (self.root / FONTS).write_text(fonts_conf(self.root), encoding="utf-8")

    def environment(self, environ: dict[str, str]) -> dict[str, str]:
        """Return the variables to set for a child that needs the fetched libraries."""
        if not self.root.is_dir():
            return {}
        paths = [*map(str, self._libs), environ.get("LD_LIBRARY_PATH", "")]
        variables = {"LD_LIBRARY_PATH": os.pathsep.join(path for path in paths if path)}
        if (self.root / FONTS).exists():
            variables["FONTCONFIG_FILE"] = str(self.root / FONTS)
        if (self.root / "usr/share/X11/xkb").is_dir():
            variables["XKB_CONFIG_ROOT"] = str(self.root / "usr/share/X11/xkb")
        return variables


def provide(folder: Path, environ: dict[str, str], with_screen: bool = False) -> dict[str, str]:
    """Return the variables a child needs to load Qt, after fetching what the system lacks.

    Args:
        folder: the set-up's own; fetched libraries go there.
        environ: the environment of this process.
        with_screen: also what a window on an X screen needs, though there is none at the moment.

    Raises:
        Trouble: libraries are missing and cannot be fetched without root.
    """
    if platform.system() != "Linux":
        return {}
    lacking = missing(wanted(environ, with_screen))
    if not lacking:
        return {}
    fetched = Fetched(folder)
    if not fetched.holds(lacking):
        _fetch(fetched, lacking)
    return fetched.environment(environ)


def _fetch(fetched: Fetched, lacking: dict[str, str]) -> None:
    line = apt_line(lacking.values())
    say(f"  This system lacks libraries that the window needs: {', '.join(sorted(lacking))}.")
    if shutil.which("apt-get") is None:
        raise Trouble(
            "They cannot be fetched here without an administrator.",
            "Install the packages that hold them; on Debian and Ubuntu they are "
            f"{' '.join(sorted(set(lacking.values())))}.",
        )
    say(f"  An administrator would type: {line}")
    with Progress("Fetching them into a folder of Sfumato's own, no administrator needed") as step:
        try:
            fetched.fetch(lacking.values(), step.note)
        except DebsFailed as error:
            raise Trouble(
                f"They could not be fetched: {error}.", f"Check the network, or run: {line}"
            ) from error
    if not fetched.holds(lacking):
        raise Trouble("The fetched packages do not hold all of them.", f"Please run: {line}")


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True
