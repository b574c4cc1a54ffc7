"""Fetch Debian and Ubuntu packages without root, into a folder of our own."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

# Drivers for real graphics hardware: large, and not needed to paint widgets or to run offscreen.
_SKIPPED = re.compile(
    r"^(libgl1-mesa-dri|libegl-mesa0|libglx-mesa0|libgbm1|mesa-libgallium|libllvm|libglapi-mesa"
    r"|libdrm|libz3|libsensors|libelf|libvulkan|mesa-)"
)
_INSTALLED_NEXT = re.compile(r"^Inst (\S+)", re.MULTILINE)


class DebsFailed(Exception):
    """The packages could not be had this way; the text is apt's own."""


class Apt:
    """apt-get as an ordinary user: it may look and download, not install."""

    def __init__(self, folder: Path) -> None:
        self._program = shutil.which("apt-get")
        self._folder = folder
        self._options = ["-o", "Debug::NoLocking=1", "-o", "APT::Sandbox::User="]

    def closure(self, wanted: Iterable[str]) -> list[str]:
        """Return `wanted` and all that they need and this system lacks.

        Raises:
            DebsFailed: apt is not here, or knows no such package.
        """
        plan = self._run(["-s", "--no-install-recommends", "install", *wanted])
        return needed(plan)

    def download(self, names: list[str]) -> list[Path]:
        """Download the packages into the folder and return their files."""
        self._run(["download", *names], cwd=self._folder)
        return sorted(self._folder.glob("*.deb"))

    def use_own_lists(self) -> None:
        """Read the package lists into our own folder: the system's may be absent, or stale."""
        lists, cache = self._folder / "lists", self._folder / "cache"
        for folder in (lists / "partial", cache / "archives" / "partial"):
            folder.mkdir(parents=True, exist_ok=True)
        self._options += ["-o", f"Dir::State::lists={lists}", "-o", f"Dir::Cache={cache}"]
        self._run(["update"])  # ends well even when it reached nobody
        if not any(lists.glob("*_Packages*")):
            raise DebsFailed("no server of system packages can be reached")

    def _run(self, arguments: list[str], cwd: Path | None = None) -> str:
        if self._program is None:
            raise DebsFailed("there is no apt-get on this system")
        done = subprocess.run(
            [self._program, "-q", *self._options, *arguments],
            capture_output=True,
            text=True,
            errors="replace",
            cwd=cwd,
            env=os.environ | {"LC_ALL": "C.UTF-8"},
            check=False,
        )
        if done.returncode:
            raise DebsFailed(done.stderr.strip() or done.stdout.strip())
        return done.stdout


def fetch(wanted: Iterable[str], root: Path, note: Callable[[str], None]) -> None:
    """Unpack `wanted`, and what they need and the system lacks, below `root`.

    Args:
        wanted: names of Debian packages.
        root: gets usr/lib, usr/share, ... ; is only added to.
        note: told what is being done.

    Raises:
        DebsFailed: something is missing, in apt's words.
    """
    root.mkdir(parents=True, exist_ok=True)
    # A folder of its own each time: the apt of a set-up that was killed may still be at work.
    work = Path(tempfile.mkdtemp(prefix="downloads-", dir=root.parent))
    apt = Apt(work)
    try:
        try:
            debs = _download(apt, wanted, note)
        except DebsFailed:
            note("reading the list of system packages")
            apt.use_own_lists()
            debs = _download(apt, wanted, note)
        for deb in debs:
            _unpack(deb, root)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def needed(plan: str) -> list[str]:
    """Return the packages that a simulated installation names, without the drivers."""
    names = [name.split(":")[0] for name in _INSTALLED_NEXT.findall(plan)]
    return [name for name in names if not _SKIPPED.match(name)]


def _download(apt: Apt, wanted: Iterable[str], note: Callable[[str], None]) -> list[Path]:
    names = apt.closure(wanted)
    note(f"downloading {len(names)} system packages")
    return apt.download(names)


def _unpack(deb: Path, root: Path) -> None:
    program = shutil.which("dpkg-deb")
    if program is None:
        raise DebsFailed("there is no dpkg-deb on this system")
    done = subprocess.run(
        [program, "-x", str(deb), str(root)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise DebsFailed(done.stderr.strip())
