import io
import zipfile

import pytest

from studio.document.files.archive import Archive

STEP = 1 << 20


@pytest.mark.parametrize("more", [0, 1, 5, 64, 258, 700])
def test_what_waits_in_the_packer_at_the_end_is_read(more: int) -> None:
    file, data = io.BytesIO(), bytes(STEP + more)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("member", data)
    assert Archive(file, "x.ora").read("member", 2 * STEP) == data
