"""A project file to a layered picture and back, without a window and without its history."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

from studio.core.errors import FileError
from studio.core.pixels import Pixels
from studio.document.contents import Contents
from studio.document.layer import Layer
from studio.document.layered import Layered
from studio.document.masks import Mask
from studio.document.tiles import Key, tile_rect
from studio.project.store.file import ProjectFile
from studio.project.tree import Shelf, grid_of, tree_of

SUFFIX = ".sfumato"


def open_project(path: Path) -> Layered:
    """What a project shows, read as it is now; the file is not changed.

    Raises:
        FileError: It is no project, cannot be read, or a tile of it is damaged.
    """
    project, repairs = ProjectFile.open(path, read_only=True)
    try:
        contents = Shelf().contents(project.head().tree)
        arrays: dict[bytes, Pixels] = {}
        for owner in _owners(contents):
            for key, digest in project.tiles(grid_of(owner)).items():
                if digest not in arrays:
                    arrays[digest] = project.pixels(digest)
                owner.pixels.write(tile_rect(key), arrays[digest])
    except ValueError as error:
        raise FileError(
            f"'{path.name}' is damaged: a tile of it has another size.",
            "'sfumato check --salvage' saves what can be read.",
        ) from error
    finally:
        project.close()
    return contents.layered(repairs.sentences)


def export_project(path: Path, picture: Layered) -> tuple[str, ...]:
    """Write a new project of that picture; its history is empty.

    Args:
        path: Replaced whole, or left as it is when writing fails.
        picture: What is written.

    Returns:
        What could not be kept, in sentences for the artist.

    Raises:
        FileError: It cannot be written, or another window has that file open.
    """
    contents = Contents.of_layered(picture)
    own = path.parent / f".sfumato-{secrets.token_hex(8)}.part"
    try:
        project = ProjectFile.create(own)
        try:
            project.baseline(tree_of(contents, path.stem), _tiles(contents))
            project.copy_to(path)
        finally:
            project.close()
    finally:
        own.unlink(missing_ok=True)
    return ()


def _owners(contents: Contents) -> Iterator[Layer | Mask]:
    yield from contents.layers
    yield from contents.masks


def _tiles(contents: Contents) -> Iterator[tuple[int, Key, Pixels]]:
    for owner in _owners(contents):
        for key, tile in owner.pixels.items():
            yield grid_of(owner), key, tile
