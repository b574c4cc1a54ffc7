"""Every write goes through the storage module; the window decodes and runs nothing untrusted."""

import functools
from pathlib import Path

import pytest

from tests.static.gates import GATES, hits

ROOT = Path(__file__).parents[2]
#: The training of the starter model is a developer's tool: it writes into folders of its own and
#: never beside an artist's file. What could run foreign code is forbidden there as everywhere.
TRAINING = "studio/training/"
WRITING = {"open for writing", "write a whole file", "save a picture", "copy or make files"}
PROJECT = "the project's file has rules of its own (SQLite), with power-loss tests of their own"
EXCEPTIONS = {
    ("studio/canvas/clip.py", "decode by Qt"): "bare pixels, where the clipboard has no file",
    ("studio/cli/report.py", "open for writing"): "the null device",
    ("studio/decoder/process.py", "open for writing"): "the memory that the parent made for it",
    ("studio/document/files/encode.py", "save a picture"): "into memory, for the storage module",
    ("studio/document/files/image.py", "open for writing"): "for reading: flags joined by hand",
    ("studio/document/files/room.py", "copy or make files"): "a file without a name, as memory",
    ("studio/document/files/storage.py", "move files"): "the storage module",
    ("studio/document/files/storage.py", "open for writing"): "the storage module",
    ("studio/engine/gauge.py", "write a whole file"): "a switch of the kernel's in /proc",
    ("studio/jobs/log.py", "open for writing"): "a log",
    ("studio/project/store/ballast.py", "open for writing"): PROJECT,
    ("studio/project/store/locks.py", "open for writing"): PROJECT,
    ("studio/project/store/placing.py", "copy or make files"): PROJECT,
    ("studio/project/store/placing.py", "move files"): PROJECT,
    ("studio/project/store/placing.py", "open for writing"): PROJECT,
    ("studio/project/store/snapshots.py", "copy or make files"): PROJECT,
    ("studio/ui/empty_state.py", "decode by Qt"): "the samples that the studio ships",
    ("studio/ui/faults.py", "open for writing"): "a log",
    ("studio/ui/icons.py", "decode by Qt"): "an empty pixmap of a size",
    ("studio/ui/panels/history.py", "decode by Qt"): "an empty pixmap of a size",
    ("studio/worker/process.py", "open for writing"): "a pipe",
}
FILES = sorted(each.relative_to(ROOT).as_posix() for each in (ROOT / "studio").rglob("*.py"))


@functools.cache
def found(file: str) -> set[str]:
    names = {name for name, _ in hits((ROOT / file).read_text("utf-8"))}
    return names - WRITING if file.startswith(TRAINING) else names


def test_no_file_goes_around_the_gates() -> None:
    around = [
        f"{file}:{line}: {gate}"
        for file in FILES
        for gate, line in hits((ROOT / file).read_text("utf-8"))
        if gate in found(file) and (file, gate) not in EXCEPTIONS
    ]
    assert around == []


def test_every_exception_is_still_needed() -> None:
    assert [each for each in EXCEPTIONS if each[1] not in found(each[0])] == []


@pytest.mark.parametrize(
    ("gate", "source"),
    [
        ("open for writing", "open(path, 'w')"),
        ("open for writing", "open(path, mode='ab')"),
        ("open for writing", "path.open('x')"),
        ("open for writing", "os.fdopen(handle, 'wb')"),
        ("open for writing", "os.open(path, os.O_RDWR)"),
        ("open for writing", "os.open(path, flags)"),
        ("write a whole file", "Path('x').write_text('y')"),
        ("write a whole file", "path.write_bytes(b'')"),
        ("save a picture", "image.save(str(path))"),
        ("write by Qt", "QSaveFile(name)"),
        ("write by Qt", "from PySide6.QtCore import QFile\nQFile(name)"),
        ("copy or make files", "shutil.copy(a, b)"),
        ("copy or make files", "tempfile.mkstemp()"),
        ("move files", "os.replace(a, b)"),
        ("unpickle", "import pickle"),
        ("unpickle", "from marshal import loads"),
        ("unpickle", "np.load(path, allow_pickle=True)"),
        ("torch.load", "torch.load(path)"),
        ("torch.load", "torch.load(path, weights_only=False)"),
        ("remote code", "Pipeline.from_pretrained(x, trust_remote_code=False)"),
        ("remote code", "Pipeline.from_pretrained(x, custom_pipeline='y')"),
        ("extract an archive", "archive.extractall(folder)"),
        ("decode by Qt", "QImage(str(path))"),
        ("decode by Qt", "QPixmap(str(path))"),
        ("decode by Qt", "QImage.fromData(data)"),
        ("decode by Qt", "QImageReader(path)"),
        ("decode by Qt", "event.mimeData().imageData()"),
        ("decode by Pillow", "Image.open(path)"),
        ("multiprocessing", "from multiprocessing import Queue"),
    ],
)
def test_each_gate_shuts(gate: str, source: str) -> None:
    assert gate in {name for name, _ in hits(source)}


@pytest.mark.parametrize(
    "source",
    [
        "open(path)",
        "path.open('rb')",
        "os.open(path, os.O_RDONLY)",
        "painter.save()",
        "torch.load(path, weights_only=True)",
        "QImage()",
        "QImage(data, 4, 4, form)",
        "np.savez(file, allow_pickle=False)",
    ],
)
def test_what_is_harmless_passes(source: str) -> None:
    assert list(hits(source)) == []


def test_the_gates_are_all_tried() -> None:
    assert len(GATES) == 13
