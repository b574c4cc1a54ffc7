"""One layer of the picture: its pixels, how they are shown, and the groups it is in."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from studio.document.tiles import TileGrid

#: What a layer came to be as: painted by hand, a picture of a file, a take that was kept.
KINDS = ("paint", "image", "result")

_ids = itertools.count(1)


def reserve_ids(highest: int) -> None:
    """Let ids up to that one, of layers and groups of a file, never be given again."""
    global _ids
    _ids = itertools.count(max(highest + 1, next(_ids)))


@dataclass(frozen=True, slots=True)
class Group:
    """Layers mixed among themselves first, then shown as one; a value that its members share.

    Attributes:
        name: What the artist reads.
        visible: Whether its members are part of the picture.
        opacity: 0 to 1, multiplies the alpha of what its members make together.
        blend: A key of `blends.BLENDS`, of what its members make over what lies beneath.
        locked: Whether tools leave its members alone.
        id: Tells groups apart; stays when a property changes.
    """

    name: str
    visible: bool = True
    opacity: float = 1.0
    blend: str = "normal"
    locked: bool = False
    id: int = field(default_factory=lambda: next(_ids))


def _pixels() -> TileGrid:
    return TileGrid(4)


@dataclass(slots=True, eq=False)
class Layer:
    """Pixels on the document plane, straight alpha; changed through the Document only.

    Attributes:
        name: What the artist reads.
        pixels: Four channels, sRGB straight alpha.
        visible: Whether it is part of the picture.
        opacity: 0 to 1, multiplies its alpha.
        blend: A key of `composite.BLENDS`.
        locked: Whether tools leave it alone.
        alpha_locked: Whether tools change its colours only, not what it covers.
        kind: One of `KINDS`.
        groups: Those it is in, the outermost first; members of a group lie next to each other.
        id: Never given twice while the program runs.
    """

    name: str
    pixels: TileGrid = field(default_factory=_pixels)
    visible: bool = True
    opacity: float = 1.0
    blend: str = "normal"
    locked: bool = False
    alpha_locked: bool = False
    kind: str = "paint"
    groups: tuple[Group, ...] = ()
    id: int = field(default_factory=lambda: next(_ids))

    @property
    def shown(self) -> bool:
        """Whether it is part of the picture, by its own eye and those of its groups."""
        return self.visible and all(group.visible for group in self.groups)

    @property
    def kept(self) -> bool:
        """Whether tools leave it alone, by its own lock or that of a group."""
        return self.locked or any(group.locked for group in self.groups)

    @property
    def group(self) -> Group | None:
        """The innermost group it is in."""
        return self.groups[-1] if self.groups else None
