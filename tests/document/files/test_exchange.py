import errno
import os
from pathlib import Path
from typing import BinaryIO

import pytest

from studio.core.errors import FileError
from studio.document.files import exchange
from studio.document.layered import Layered


def test_a_disk_that_goes_while_layers_are_read_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(file: BinaryIO, name: str) -> Layered:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    path = tmp_path / "x.ora"
    path.write_bytes(b"PK\3\4" + bytes(100))
    monkeypatch.setitem(exchange._READERS, b"PK\3\4", (gone, 1000))
    with pytest.raises(FileError, match=r"'x\.ora' cannot be read to its end"):
        exchange.open_picture(path)
