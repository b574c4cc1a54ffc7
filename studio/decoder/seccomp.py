"""Seccomp: the system calls that a decoder has no use for are refused with 'not permitted'.

Source: Linux, Documentation/userspace-api/seccomp_filter.rst; include/uapi/linux/bpf_common.h.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct

_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
#: Classic BPF: load a word of the call, jump if equal, jump if greater or equal, jump if any bit.
_LOAD, _EQUAL, _LEAST, _ANY, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _THIRD_ARGUMENT = 0, 4, 32
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
#: Calls of the 32-bit interface of x86-64 have this bit.
_FOREIGN = 0x40000000

#: What is refused: sockets and their like, other programs and processes, everything that changes
#: a folder, and the kernel's deep ends.
_X86_64 = {
    "socket": 41,
    "connect": 42,
    "accept": 43,
    "bind": 49,
    "listen": 50,
    "accept4": 288,
    "execve": 59,
    "execveat": 322,
    "ptrace": 101,
    "kill": 62,
    "process_vm_readv": 310,
    "process_vm_writev": 311,
    "openat2": 437,
    "truncate": 76,
    "unlinkat": 263,
    "renameat": 264,
    "renameat2": 316,
    "mkdirat": 258,
    "linkat": 265,
    "symlinkat": 266,
    "fchmodat": 268,
    "fchownat": 260,
    "mknodat": 259,
    "mount": 165,
    "unshare": 272,
    "setns": 308,
    "bpf": 321,
    "perf_event_open": 298,
    "io_uring_setup": 425,
    "userfaultfd": 323,
    "add_key": 248,
    "keyctl": 250,
    "open": 2,
    "creat": 85,
    "unlink": 87,
    "rename": 82,
    "mkdir": 83,
    "rmdir": 84,
    "link": 86,
    "symlink": 88,
    "chmod": 90,
    "chown": 92,
    "mknod": 133,
}
_AARCH64 = {
    "socket": 198,
    "connect": 203,
    "accept": 202,
    "bind": 200,
    "listen": 201,
    "accept4": 242,
    "execve": 221,
    "execveat": 281,
    "ptrace": 117,
    "kill": 129,
    "process_vm_readv": 270,
    "process_vm_writev": 271,
    "openat2": 437,
    "truncate": 45,
    "unlinkat": 35,
    "renameat": 38,
    "renameat2": 276,
    "mkdirat": 34,
    "linkat": 37,
    "symlinkat": 36,
    "fchmodat": 53,
    "fchownat": 54,
    "mknodat": 33,
    "mount": 40,
    "unshare": 97,
    "setns": 268,
    "bpf": 280,
    "perf_event_open": 241,
    "io_uring_setup": 425,
    "userfaultfd": 282,
    "add_key": 217,
    "keyctl": 219,
}
#: By machine: the audit word, the number of `openat`, and what is refused outright.
_MACHINES = {
    "x86_64": (0xC000003E, 257, tuple(_X86_64.values())),
    "aarch64": (0xC00000B7, 56, tuple(_AARCH64.values())),
}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def shut() -> bool:
    """Refuse those calls from now on, also to children. False: not possible here."""
    machine = _MACHINES.get(platform.machine())
    if machine is None:
        return False
    steps = _steps(*machine)
    program = _Program(len(steps) // 8, steps)
    system = ctypes.CDLL(None, use_errno=True)
    if system.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    return bool(system.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0) == 0)


def _steps(architecture: int, opening: int, refused: tuple[int, ...]) -> bytes:
    """The filter, with its refusal behind every jump that leads there."""
    steps = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _REFUSE),
        (_LOAD, 0, 0, _NUMBER),
        (_LEAST, 0, 1, _FOREIGN),
        (_RETURN, 0, 0, _REFUSE),
    ]
    for number in refused:
        steps += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _REFUSE)]
    steps += [
        (_EQUAL, 0, 3, opening),
        (_LOAD, 0, 0, _THIRD_ARGUMENT),
        (_ANY, 0, 1, _WRITING),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)
