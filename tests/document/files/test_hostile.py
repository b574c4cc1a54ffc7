import io
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.core.errors import FileError
from studio.document.files import image, ora
from studio.document.files.exchange import open_picture
from tests.document.files.hostile import CORPUS, ODD, sound

_MOST = 256 << 20
_written: list[str] = []
_watching = False


def _audit(event: str, arguments: tuple[object, ...]) -> None:
    if _watching and event == "open" and len(arguments) == 3:
        path, mode, _ = arguments
        if isinstance(mode, str) and set(mode) & set("wax+"):
            _written.append(str(path))
    elif _watching and event in ("os.mkdir", "os.rename", "os.symlink", "os.link", "os.remove"):
        _written.append(event)


sys.addaudithook(_audit)


@pytest.fixture(autouse=True, scope="module")
def decoder() -> None:
    """Started before anything is watched."""
    image.warm()


@pytest.fixture
def watched() -> Iterator[list[str]]:
    """What is opened for writing while the test runs."""
    global _watching
    _written.clear()
    _watching = True
    yield _written
    _watching = False


def test_the_corpus_is_large_enough() -> None:
    assert len(CORPUS) >= 60
    assert len(set(CORPUS.values())) == len(CORPUS)


@pytest.mark.timeout(30)
@pytest.mark.parametrize("key", CORPUS)
def test_what_is_made_to_do_harm_is_refused(key: str, watched: list[str]) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(FileError) as refusal:
            ora.read(io.BytesIO(CORPUS[key]), "gift.ora")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert "gift.ora" in refusal.value.message
    assert refusal.value.message.endswith(".")
    assert refusal.value.hint
    assert peak < _MOST
    assert watched == []


@pytest.mark.parametrize("key", ODD)
def test_what_is_only_odd_opens(key: str) -> None:
    ora.read(io.BytesIO(ODD[key]()), "odd.ora")


def test_a_hostile_file_leaves_nothing_beside_it(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / "gift.ora"
    path.write_bytes(CORPUS["name: parent"])
    with pytest.raises(FileError):
        open_picture(path)
    assert sorted(tmp_path.rglob("*")) == [path.parent, path]


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_damage_is_refused_or_harmless(data: st.DataObject) -> None:
    good = bytearray(sound())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(good) - 1))
        good[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=6))
    try:
        ora.read(io.BytesIO(bytes(good)), "gift.ora")
    except FileError as error:
        assert error.hint  # noqa: PT017


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(FileError):
        ora.read(io.BytesIO(b"PK\3\4" + data), "gift.ora")
