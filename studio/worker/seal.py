"""Seal: on Linux, a filter of system calls that keeps this process off the network for good.

It asks for no rights, gives up the right to gain any, and holds for all threads and for whatever
this process starts. Local sockets and those to the kernel stay: graphics drivers use them.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys

_PR_SET_NO_NEW_PRIVS = 38
_SET_MODE_FILTER = 1
_ALL_THREADS = 1
_ALLOW, _DENY, _ABSENT = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
#: Address families that reach no other machine: local sockets, and netlink to the kernel.
_LOCAL = (1, 16)
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
#: Of each machine: what the kernel calls it, and the numbers of seccomp, socket, ptrace and
#: process_vm_writev. What follows has one number everywhere.
_MACHINES = {
    "x86_64": (0xC000003E, 317, 41, 101, 311),
    "aarch64": (0xC00000B7, 277, 198, 117, 271),
}
_IO_URING_SETUP, _PIDFD_GETFD = 425, 438
#: Calls of the 32-bit kind on x86_64 carry this bit.
_FOREIGN = 0x40000000


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))


def close_network() -> str:
    """Deny every socket that could leave this machine, and reaching into other processes.

    Returns:
        Why it could not be done; empty when it was.
    """
    machine = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or machine is None:
        return f"no filter for {sys.platform} on {platform.machine()}"
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return os.strerror(ctypes.get_errno())
    rules = filter_of(*machine[:1], *machine[2:])
    code = ctypes.create_string_buffer(rules, len(rules))
    program = _Program(len(rules) // 8, ctypes.addressof(code))
    call = libc.syscall
    call.restype = ctypes.c_long
    done = call(
        ctypes.c_long(machine[1]),
        ctypes.c_uint(_SET_MODE_FILTER),
        ctypes.c_uint(_ALL_THREADS),
        ctypes.byref(program),
    )
    if done == 0:
        return ""
    return os.strerror(ctypes.get_errno()) if done < 0 else f"thread {done} does not follow"


def filter_of(machine: int, socket: int, trace: int, write: int) -> bytes:
    """The filter as the kernel reads it: eight bytes an instruction.

    Args:
        machine: What the kernel calls the processor.
        socket: Number of the call that opens sockets.
        trace: Number of the one that traces other processes.
        write: Number of the one that writes into their memory.
    """
    offsets = {"call": 0, "machine": 4, "family": 16}
    # Each jump goes so many instructions on when it holds, or when it does not.
    lines = [
        (_LOAD, 0, 0, offsets["machine"]),
        (_EQUAL, 0, 12, machine),
        (_LOAD, 0, 0, offsets["call"]),
        (_AT_LEAST, 10, 0, _FOREIGN),
        (_EQUAL, 9, 0, trace),
        (_EQUAL, 8, 0, write),
        (_EQUAL, 7, 0, _PIDFD_GETFD),  # it takes over what another process has open
        (_EQUAL, 5, 0, _IO_URING_SETUP),
        (_EQUAL, 0, 3, socket),
        (_LOAD, 0, 0, offsets["family"]),
        (_EQUAL, 1, 0, _LOCAL[0]),
        (_EQUAL, 0, 2, _LOCAL[1]),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _ABSENT),
        (_RETURN, 0, 0, _DENY),
    ]
    return b"".join(struct.pack("=HBBI", *line) for line in lines)
