"""XML of strangers to a small tree: no DTD, no entities, no depths, no floods."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat

from studio.core.errors import FileError

MOST_BYTES = 4 << 20
DEEPEST = 64
MOST_ELEMENTS = 10_000
_LONGEST = 4096
_WIDEST = 256


@dataclass(slots=True)
class Element:
    """One element; text between elements is left out, as no format read here has any."""

    tag: str
    attributes: dict[str, str]
    children: list[Element] = field(default_factory=list)


class _Refused(Exception):
    """What is wrong, as the end of a sentence."""


def parsed(data: bytes, name: str) -> Element:
    """The root element of an XML document.

    Raises:
        FileError: It is no sound XML, or has what only an attack has.
    """
    if len(data) > MOST_BYTES:
        raise _refusal(name, f"its description has {len(data) >> 20} MiB")
    parser = expat.ParserCreate()
    open_elements: list[Element] = [Element("", {})]
    seen = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal seen
        seen += 1
        if seen > MOST_ELEMENTS:
            raise _Refused(f"its description has more than {MOST_ELEMENTS} elements")
        if len(open_elements) > DEEPEST:
            raise _Refused(f"its groups lie more than {DEEPEST} deep in each other")
        if len(attributes) > _WIDEST or any(len(value) > _LONGEST for value in attributes.values()):
            raise _Refused("its description has endless lists or names")
        element = Element(tag, attributes)
        open_elements[-1].children.append(element)
        open_elements.append(element)

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _tag: open_elements.pop()
    parser.StartDoctypeDeclHandler = _no_doctype
    try:
        parser.Parse(data, True)
    except _Refused as error:
        raise _refusal(name, str(error)) from error
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise FileError(
            f"'{name}' is damaged: its description cannot be read.",
            "Nothing was opened. Copy or download the file again.",
        ) from error
    return open_elements[0].children[0]


def _no_doctype(*_: object) -> None:
    raise _Refused("its description declares a document type")


def _refusal(name: str, why: str) -> FileError:
    return FileError(
        f"'{name}' was not opened: {why}, which no painting program writes.",
        "Open it in the program it came from and save it anew.",
    )
