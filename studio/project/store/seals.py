"""Digests that tell whether a project is as it was written.

Every row has a seal over what it says. Gestures are chained: each link covers all before it. The
state of all tiles has one too, a sum over its places, which a gesture of n tiles brings up to date
in n steps, however large the picture is. These guard against bits that changed, not against a
forger.

Source: Bellare and Micciancio, "A New Paradigm for Collision-Free Hashing" (1997), section 5,
AdHash with 256 bits.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Mapping

from studio.document.tiles import Key
from studio.project.store.packing import DIGEST
from studio.project.store.values import Change

#: The link before the first.
START = bytes(DIGEST)
_STATE = 32
_MODULUS = 1 << (8 * _STATE)

Cells = Mapping[int, Mapping[Key, bytes]]


def seal(*parts: bytes | str | int) -> bytes:
    """A digest over values, each told apart from its neighbours by its kind and length."""
    hashed = hashlib.blake2b(digest_size=DIGEST)
    for part in parts:
        if isinstance(part, int):
            kind, raw = b"i", part.to_bytes(16, "little", signed=True)
        elif isinstance(part, str):
            kind, raw = b"s", part.encode("utf-8", "surrogatepass")
        else:
            kind, raw = b"b", part
        hashed.update(kind + struct.pack("<Q", len(raw)))
        hashed.update(raw)
    return hashed.digest()


def state_of(cells: Cells) -> int:
    """The sum over all tiles of all grids."""
    total = sum(
        _term(grid, key, name) for grid, held in cells.items() for key, name in held.items()
    )
    return total % _MODULUS


def moved(state: int, changes: Iterable[Change]) -> int:
    """The sum after some places have changed."""
    for grid, key, before, after in changes:
        state -= _term(grid, key, before) if before else 0
        state += _term(grid, key, after) if after else 0
    return state % _MODULUS


def state_bytes(state: int) -> bytes:
    """As it stands in the file."""
    return state.to_bytes(_STATE, "little")


def _term(grid: int, key: Key, name: bytes) -> int:
    place = struct.pack("<qii", grid, *key)
    return int.from_bytes(hashlib.blake2b(place + name, digest_size=_STATE).digest(), "little")
