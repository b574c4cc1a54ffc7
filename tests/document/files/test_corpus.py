"""Hostile pictures through the decoder process: the window lives, and nothing costs much."""

import os
import random
import time
from collections.abc import Iterator

import pytest

from studio.core.errors import FileError
from studio.document.files.decoded import Decoded
from studio.document.files.reader import Reader
from studio.document.files.room import Room
from tests.document.files import corpus

#: What a hostile file may cost at most (T9 of the test plan).
BYTES, SECONDS = 1 << 30, 10.0
#: A short look at each change; an hour by SFUMATO_FUZZ_SECONDS=3600.
FUZZ_SECONDS = float(os.environ.get("SFUMATO_FUZZ_SECONDS", "4"))


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    made = Reader()
    made.warm()
    yield made
    made.close()


def outcome(reader: Reader, data: bytes) -> Decoded | FileError:
    with Room() as room:
        room.fill(data)
        try:
            return reader.read(room, "x")
        except FileError as error:
            return error


@pytest.mark.parametrize("data", [pytest.param(data, id=name) for name, data in corpus.hostile()])
def test_a_hostile_picture_is_opened_or_refused_and_costs_little(
    data: bytes, reader: Reader
) -> None:
    begun = time.monotonic()
    found = outcome(reader, data)
    assert time.monotonic() - begun < 2 * SECONDS  # the machine may have other work as well
    assert reader.peak < BYTES
    if isinstance(found, FileError):
        assert found.message
        assert found.hint
    assert isinstance(outcome(reader, corpus.packed("PNG")), Decoded)


def test_a_webp_that_claims_the_largest_size_costs_no_more_than_a_real_one(reader: Reader) -> None:
    # Its decoder clears two whole pictures before it reads a pixel.
    assert isinstance(outcome(reader, corpus.wide_webp()), FileError)
    assert reader.peak < 4 * BYTES


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_no_format_but_ours_is_decoded_whatever_it_is_called(reader: Reader) -> None:
    tried = list(corpus.others())
    opened = [name for name, data in tried if isinstance(outcome(reader, data), Decoded)]
    assert opened == []
    assert len(tried) >= 43


@pytest.mark.parametrize("kind", sorted(corpus.OURS))
def test_every_format_of_ours_opens(kind: str, reader: Reader) -> None:
    found = outcome(reader, corpus.packed(kind))
    assert isinstance(found, Decoded)
    assert found.pixels.shape == (48, 64, 4)


def test_mutated_pictures_open_or_are_refused_and_nothing_else(reader: Reader) -> None:
    seed = int(os.environ.get("SFUMATO_FUZZ_SEED", "1"))
    chance = random.Random(seed)
    whole = [corpus.packed(kind) for kind in sorted(corpus.OURS)]
    whole.append(corpus.packed("TIFF", compression="tiff_lzw"))
    whole.append(corpus.packed("JPEG", progressive=True))
    until, count = time.monotonic() + FUZZ_SECONDS, 0
    while time.monotonic() < until:
        data = bytearray(chance.choice(whole))
        for _ in range(chance.randint(1, 12)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        end = chance.choice((len(data), chance.randrange(len(data))))
        found = outcome(reader, bytes(data[:end]))
        assert isinstance(found, Decoded | FileError), f"seed {seed}, {count}"
        assert reader.peak < BYTES, f"seed {seed}, {count}"
        count += 1
    assert count > 20


def test_the_largest_picture_that_opens_is_whole(reader: Reader) -> None:
    found = outcome(reader, corpus.flat(16384, 16384, 1, 0))
    assert isinstance(found, Decoded)
    assert found.pixels.shape == (16384, 16384, 4)
    assert found.pixels[::4096, ::4096].reshape(-1, 4).tolist() == [[0, 0, 0, 255]] * 16
