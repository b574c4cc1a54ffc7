"""Small pictures, and the bytes that Pillow makes of them."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image, ImageCms

from studio.core.pixels import Pixels
from studio.document.files.metadata import Recipe

Packed = Callable[..., bytes]


@pytest.fixture
def packed() -> Packed:
    """`packed(image or pixels, 'PNG', **options)`: the bytes of such a file."""

    def pack(picture: Image.Image | Pixels, kind: str = "PNG", **options: Any) -> bytes:
        image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
        buffer = io.BytesIO()
        image.save(buffer, kind, **options)
        return buffer.getvalue()

    return pack


@pytest.fixture
def recipe() -> Recipe:
    """One with everything that needs care in a file."""
    return Recipe(
        prompt="a red house, by: a “lake” 🌈\nשלום",
        negative='blurry, "text"',
        model="starter, small",
        sampler="dpmpp_2m",
        schedule="karras",
        steps=20,
        guidance=7.5,
        strength=0.7512345,
        seed=4294967295,
        width=512,
        height=768,
    )


def swapped_profile() -> bytes:
    """Of a monitor whose red and blue are swapped; called 'test' and not 'sRGB'."""
    data = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = data.replace("sRGB".encode("utf-16-be"), "test".encode("utf-16-be"))
    for old, new in ((b"rXYZ", b"____"), (b"bXYZ", b"rXYZ"), (b"____", b"bXYZ")):
        data = data.replace(old, new)
    return data
