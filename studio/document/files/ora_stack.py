"""The stack.xml of OpenRaster: layers and groups as elements, and back.

Source: OpenRaster baseline 0.0.6, layer stack specification (openraster.org).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from xml.etree import ElementTree as ET

from studio.core.geometry import Rect, Size
from studio.document.files.xml_tree import Element
from studio.document.layer import Group, Layer

#: Our blend modes as OpenRaster calls them.
OPERATORS = {
    "normal": "svg:src-over",
    "multiply": "svg:multiply",
    "screen": "svg:screen",
    "overlay": "svg:overlay",
    "darken": "svg:darken",
    "lighten": "svg:lighten",
    "soft light": "svg:soft-light",
    "colour": "svg:color",
    "luminosity": "svg:luminosity",
}
#: Krita's name for Photoshop's soft light, which files of Photoshop have after a visit to Krita.
_BLENDS = {operator: blend for blend, operator in OPERATORS.items()} | {
    "krita:soft_light": "soft light"
}
#: Without it MyPaint, which has no edges, saves the picture as large as what is painted on.
_FRAMED = "{http://mypaint.org/ns/openraster}frame-active"
#: What is told of modes that we lack is cut here.
_SHOWN = 60
#: Names are cut here: whoever reads the file takes no endless ones.
_LONGEST_NAME = 1024
_FURTHEST = 1 << 24

ET.register_namespace("mypaint", "http://mypaint.org/ns/openraster")


@dataclass(frozen=True, slots=True)
class Placed:
    """A layer of stack.xml whose pixels are still in the archive.

    Attributes:
        layer: Its properties; its pixels are empty.
        source: Name of the member that holds them.
        x: Of its first pixel from the picture's left edge, px.
        y: Of its first pixel from the picture's top edge, px.
        selected: Whether the file says that it was being worked on.
    """

    layer: Layer
    source: str
    x: int
    y: int
    selected: bool


def written(
    layers: Sequence[tuple[Layer, str, Rect]],
    bounds: Rect,
    active: Layer | None,
    dpi: tuple[float, float] | None,
) -> bytes:
    """The document of a picture.

    Args:
        layers: Bottom to top: the layer, the member with its pixels, and their rectangle.
        bounds: Of the picture, document px.
        active: The layer that is being worked on.
        dpi: Pixels an inch, across and down.
    """
    root = ET.Element("image", version="0.0.6", w=str(bounds.width), h=str(bounds.height))
    root.set(_FRAMED, "true")
    if dpi is not None:
        root.set("xres", str(max(1, round(dpi[0]))))
        root.set("yres", str(max(1, round(dpi[1]))))
    stack = ET.SubElement(root, "stack")
    _fill(stack, list(reversed(layers)), 0, bounds, active)
    ET.indent(root)
    return bytes(ET.tostring(root, "utf-8", xml_declaration=True))


def _fill(
    stack: ET.Element,
    layers: Iterable[tuple[Layer, str, Rect]],
    depth: int,
    bounds: Rect,
    active: Layer | None,
) -> None:
    """Put what lies at that depth of groups into the stack, topmost first."""
    for group, members in groupby(layers, lambda each: (*each[0].groups, None)[depth]):
        if group is not None:
            values = {**_shown(group), "isolation": "isolate", **_locked(group)}
            inner = ET.SubElement(stack, "stack", values)
            _fill(inner, members, depth + 1, bounds, active)
            continue
        for layer, source, area in members:
            place = {"src": source, "x": str(area.x - bounds.x), "y": str(area.y - bounds.y)}
            selected = {"selected": "true"} if layer is active else {}
            ET.SubElement(stack, "layer", {**_shown(layer), **place, **_locked(layer), **selected})


def _shown(each: Layer | Group) -> dict[str, str]:
    return {
        "name": _plain(each.name),
        "opacity": repr(float(each.opacity)),
        "visibility": "visible" if each.visible else "hidden",
        "composite-op": OPERATORS.get(each.blend, OPERATORS["normal"]),
    }


def _locked(each: Layer | Group) -> dict[str, str]:
    return {"edit-locked": "true"} if each.locked else {}


def _plain(text: str) -> str:
    """Without what XML 1.0 cannot say at all: controls, halves of surrogate pairs."""
    return "".join(
        each
        for each in text[:_LONGEST_NAME]
        if each >= " " and not "\ud800" <= each <= "\udfff" and each not in "\ufffe\uffff"
    )


def size(root: Element) -> Size | None:
    """The picture's size that the document tells, if it does."""
    if root.tag != "image":
        return None
    return Size(_whole(root.attributes.get("w")), _whole(root.attributes.get("h")))


def dpi(root: Element) -> tuple[float, float] | None:
    """Pixels an inch, across and down, if the document tells."""
    across, down = (_number(root.attributes.get(each), 0) for each in ("xres", "yres"))
    return (across, down) if across > 0 and down > 0 else None


class Reader:
    """The layers of a document, bottom to top, and what could not be kept of them.

    Attributes:
        layers: Bottom to top.
        notes: In sentences for the artist.
    """

    def __init__(self, root: Element) -> None:
        """Read the tree; anything it says wrongly is taken as not said."""
        self.layers: list[Placed] = []
        self._unknown: dict[str, None] = {}
        self._skipped: dict[str, None] = {}
        self._through = False
        for child in root.children:
            if child.tag == "stack":
                self._read(child, (), _offset(child))

    @property
    def notes(self) -> tuple[str, ...]:
        """What was not kept."""
        return tuple(self._notes())

    def _notes(self) -> Iterator[str]:
        if self._unknown:
            modes = ", ".join(self._unknown)[: 4 * _SHOWN]
            yield f"Blend modes that the studio lacks became normal: {modes}."
        if self._skipped:
            yield f"Left out, as they hold no pixels: {', '.join(self._skipped)[: 4 * _SHOWN]}."
        if self._through:
            yield "A group that let its layers through to those beneath is now mixed by itself."

    def _read(self, stack: Element, groups: tuple[Group, ...], at: tuple[int, int]) -> None:
        for child in reversed(stack.children):
            x, y = _offset(child)
            place = (at[0] + x, at[1] + y)
            if child.tag == "stack":
                group = Group(
                    child.attributes.get("name", ""),
                    *self._looks(child),
                    locked=child.attributes.get("edit-locked") == "true",
                )
                before = len(self.layers)
                self._read(child, (*groups, group), place)
                self._note_through(child, group, self.layers[before:])
            elif child.tag == "layer" and "src" in child.attributes:
                self._take(child, groups, place)
            else:
                self._skipped[ascii(child.tag)[1:-1][:_SHOWN]] = None

    def _take(self, child: Element, groups: tuple[Group, ...], at: tuple[int, int]) -> None:
        values = child.attributes
        layer = Layer(values.get("name", ""), groups=groups)
        layer.visible, layer.opacity, layer.blend = self._looks(child)
        layer.locked = values.get("edit-locked") == "true"
        selected = values.get("selected") == "true"
        self.layers.append(Placed(layer, values["src"], *at, selected))

    def _looks(self, element: Element) -> tuple[bool, float, str]:
        """Whether it is visible, its opacity, its blend mode."""
        values = element.attributes
        operator = values.get("composite-op", OPERATORS["normal"])
        if operator not in _BLENDS:
            self._unknown[ascii(operator)[1:-1][:_SHOWN]] = None
        opacity = min(1.0, max(0.0, _number(values.get("opacity"), 1.0)))
        return values.get("visibility") != "hidden", opacity, _BLENDS.get(operator, "normal")

    def _note_through(self, child: Element, group: Group, inside: list[Placed]) -> None:
        """A group that is not isolated looks as ours unless a member blends."""
        passes = child.attributes.get("isolation", "isolate") == "auto"
        if passes and group.opacity >= 1 and group.blend == "normal":
            self._through |= any(each.layer.blend != "normal" for each in inside)


def _offset(element: Element) -> tuple[int, int]:
    return _whole(element.attributes.get("x")), _whole(element.attributes.get("y"))


def _whole(text: str | None) -> int:
    return int(max(-_FURTHEST, min(_FURTHEST, _number(text, 0))))


def _number(text: str | None, otherwise: float) -> float:
    try:
        value = float(text or "")
    except ValueError:
        return otherwise
    return value if math.isfinite(value) else otherwise
