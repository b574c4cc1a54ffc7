"""Clip: the picture that was dropped or pasted, as bytes of a file wherever that is possible.

Qt would decode what another program hands over here, in the window's own process; the bytes go to
the decoder process instead.
"""

from __future__ import annotations

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

#: Best first: what loses nothing.
_KINDS = ("image/png", "image/tiff", "image/webp", "image/bmp", "image/jpeg", "image/gif")


def clip_of(held: QMimeData) -> bytes | QImage | None:
    """The picture in there: a file's bytes, else bare pixels, else None.

    Bare pixels are what this program itself copied, and what Windows and macOS keep of every
    copied picture: there is no file in it that could be decoded elsewhere.
    """
    for kind in _KINDS:
        if held.hasFormat(kind):
            data = bytes(held.data(kind).data())
            if data:
                return data
    image = held.imageData()
    return image if isinstance(image, QImage) and not image.isNull() else None
