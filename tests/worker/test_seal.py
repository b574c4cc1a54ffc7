import subprocess
import sys

import pytest

from studio.worker.seal import filter_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="seccomp is Linux's")

SEALED = """
import errno, socket, subprocess, sys, threading
from studio.worker import process, seal
refused = seal.close_network()
if refused:
    print("refused", refused)
    sys.exit(0)
def tried(family, kind=socket.SOCK_DGRAM):
    try:
        socket.socket(family, kind).close()
    except OSError as error:
        return errno.errorcode[error.errno]
    return "open"
"""


def sealed(code: str) -> str:
    """What a sealed process prints; skips where the system refuses a filter."""
    run = [sys.executable, "-c", SEALED + code]
    printed = subprocess.run(run, capture_output=True, text=True, check=True).stdout.strip()
    if printed.startswith("refused"):
        pytest.skip(printed)
    return printed


@pytest.mark.parametrize(
    ("family", "answer"),
    [
        ("AF_INET", "EPERM"),
        ("AF_INET6", "EPERM"),
        ("AF_PACKET", "EPERM"),
        ("AF_UNIX", "open"),
    ],
)
def test_only_local_sockets_can_be_opened(family: str, answer: str) -> None:
    assert sealed(f"print(tried(socket.{family}))") == answer


def test_sockets_to_the_kernel_stay_for_graphics_drivers() -> None:
    assert sealed("print(tried(socket.AF_NETLINK, socket.SOCK_RAW))") == "open"


def test_threads_and_children_are_sealed_too() -> None:
    code = (
        "said = []\n"
        "thread = threading.Thread(target=lambda: said.append(tried(socket.AF_INET)))\n"
        "thread.start(); thread.join()\n"
        "child = [sys.executable, '-c', 'import socket; socket.socket()']\n"
        "print(said[0], subprocess.run(child, capture_output=True).returncode)"
    )
    assert sealed(code) == "EPERM 1"


def test_no_socket_can_be_taken_from_another_process() -> None:
    code = (
        "import ctypes\n"
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        "libc.syscall(438, -1, 0, 0)\n"  # pidfd_getfd
        "print(errno.errorcode[ctypes.get_errno()])"
    )
    assert sealed(code) == "EPERM"


def test_torch_computes_behind_the_seal() -> None:
    assert sealed("import torch; print(float((torch.ones(64, 64) @ torch.ones(64, 64)).sum()))")


def test_every_jump_of_the_filter_lands_inside_it() -> None:
    lines = filter_of(0xC000003E, 41, 101, 311)
    rules = [lines[at : at + 8] for at in range(0, len(lines), 8)]
    for place, rule in enumerate(rules):
        if rule[0] & 0x07 == 0x05:
            assert place + 1 + max(rule[2], rule[3]) < len(rules)
