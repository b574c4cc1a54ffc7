"""What code that took over a decoder could do: try it, inside."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from studio.decoder import cage

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the cage of Linux")

_INSIDE = """
import json, os, socket, subprocess, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from studio.decoder import cage
outside = Path(sys.argv[2])
cage.enter((Path(sys.argv[1]), Path(sys.prefix), Path(sys.base_prefix)))
cage.limit()
tries = {
    "inet": lambda: socket.socket(socket.AF_INET),
    "inet6": lambda: socket.socket(socket.AF_INET6),
    "netlink": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW),
    "read": lambda: (outside / "secret").read_text(),
    "list": lambda: os.listdir(outside),
    "write": lambda: (outside / "new").write_text("x"),
    "append": lambda: (outside / "secret").open("a"),
    "remove": lambda: (outside / "secret").unlink(),
    "rename": lambda: (outside / "secret").rename(outside / "other"),
    "folder": lambda: (outside / "folder").mkdir(),
    "link": lambda: (outside / "link").symlink_to("/etc/passwd"),
    "program": lambda: subprocess.run([sys.executable, "-c", "pass"]),
    "signal": lambda: os.kill(os.getppid(), 0),
    "memory": lambda: bytearray(4 << 30),
}
told = {}
for name, act in tries.items():
    try:
        act()
        told[name] = "done"
    except (OSError, MemoryError) as error:
        told[name] = type(error).__name__
import xml.dom.minidom  # what Python itself has can still be read
print(json.dumps(told))
"""


def test_neither_network_nor_files_nor_programs_nor_memory_are_within_reach(
    tmp_path: Path,
) -> None:
    (tmp_path / "secret").write_text("x")
    command = [sys.executable, "-I", "-c", _INSIDE, str(ROOT), str(tmp_path)]
    told = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    assert set(told.values()) <= {"PermissionError", "MemoryError"}, told
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


def test_the_whole_filter_knows_only_numbers_of_its_machine() -> None:
    from studio.decoder import seccomp

    for _, opening, refused in seccomp._MACHINES.values():
        assert len(set(refused)) == len(refused)
        assert opening not in refused
        # The line to the parent and the end of the process must stay possible (x86-64, arm64).
        assert not {44, 45, 46, 47, 231} & set(seccomp._X86_64.values())


def test_a_larger_picture_is_allowed_more(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, int]] = []
    monkeypatch.setattr(cage, "_set", lambda name, value: asked.append((name, value)))
    monkeypatch.setattr(cage, "_taken", 1 << 28)
    cage.limit()
    small = dict(asked)
    cage.allow(16384 * 16384)
    assert dict(asked)["RLIMIT_AS"] > small["RLIMIT_AS"] + (1 << 30)
    assert small["RLIMIT_AS"] < 3 << 30
