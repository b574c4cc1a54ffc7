"""Archives made to do harm: each breaks one rule of a sound OpenRaster file."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable

import numpy as np

from studio.document.files.png_stream import png

_EPOCH = (1980, 1, 1, 0, 0, 0)
_LAYER = '<layer name="a" src="data/a.png" x="0" y="0"/>'


def stack(inside: str = _LAYER, head: str = "", size: str = 'w="8" h="8"') -> bytes:
    """A stack.xml."""
    return f"{head}<image {size}><stack>{inside}</stack></image>".encode()


def picture(width: int = 8, height: int = 8) -> bytes:
    """A PNG of one colour."""
    bands = (np.full((1, width, 4), 200, np.uint8) for _ in range(height))
    return b"".join(png(width, height, 4, bands))


def claiming(width: int, height: int, data: bytes = b"") -> bytes:
    """A PNG that says it has that size."""
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    return b"\x89PNG\r\n\x1a\n" + chunk + data


def archive(*members: tuple[str, bytes], packed: bool = False) -> bytes:
    """An archive of these members, equal names allowed."""
    buffer = io.BytesIO()
    how = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    with zipfile.ZipFile(buffer, "w", how) as file:
        for name, data in members:
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = how
            file.NameToInfo.pop(name, None)
            file.writestr(info, data)
    return buffer.getvalue()


def sound(*more: tuple[str, bytes], xml: bytes | None = None, layer: bytes | None = None) -> bytes:
    """A good file, with one thing replaced or added."""
    return archive(
        ("mimetype", b"image/openraster"),
        ("stack.xml", stack() if xml is None else xml),
        ("data/a.png", picture() if layer is None else layer),
        *more,
    )


def _patched(
    data: bytes, magic: bytes, offset: int, form: str, value: int, last: bool = True
) -> bytes:
    """A number in a record of the directory (or of the last or first of its kind) replaced."""
    at = data.rfind(magic) if last else data.find(magic)
    return (
        data[: at + offset] + struct.pack(form, value) + data[at + offset + struct.calcsize(form) :]
    )


def _linked(mode: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr(zipfile.ZipInfo("stack.xml", _EPOCH), stack())
        info = zipfile.ZipInfo("data/a.png", _EPOCH)
        info.create_system, info.external_attr = 3, (mode | 0o777) << 16
        file.writestr(info, b"/etc/passwd")
    return buffer.getvalue()


def _overlapping(times: int) -> bytes:
    """Many entries of the directory for the same bytes."""
    data = archive(("stack.xml", stack()), ("data/a.png", b"\0" * 100_000), packed=True)
    at, end = data.rfind(b"PK\1\2"), data.rfind(b"PK\5\6")
    entry = data[at:end]
    start = data.find(b"PK\1\2")
    directory = data[start:at] + b"".join(
        entry.replace(b"data/a.png", f"data/{number:05}"[:10].encode()) for number in range(times)
    )
    tail = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, times + 1, times + 1, len(directory), start, 0)
    return data[:start] + directory + tail


def _bomb(size: int) -> bytes:
    return archive(("stack.xml", stack()), ("data/a.png", claiming(8, 8, bytes(size))), packed=True)


def _nested(depth: int) -> bytes:
    return stack("<stack>" * depth + _LAYER + "</stack>" * depth)


def _entities() -> bytes:
    lines = ['<!ENTITY a "aaaaaaaaaa">']
    lines += [f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)]
    return f"<!DOCTYPE image [{''.join(lines)}]>".encode() + stack('<layer name="&j;" src="x"/>')


_NAMES = {
    "parent": "../../evil.png",
    "parent inside": "data/../../evil.png",
    "absolute": "/tmp/evil.png",
    "drive": "C:/evil.png",
    "backslash": "..\\evil.png",
    "control": "data/\x01.png",
    "line break": "data/a\n.png",
    "long": "d" * 300,
    "double slash": "data//a.png",
    "dot": "./stack.xml",
    "colon": "data/a.png:stream",
    "only dots": "..",
}

_DOCTYPES = {
    "entity bomb": _entities(),
    "external entity": b'<!DOCTYPE image [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    + stack('<layer name="&x;" src="data/a.png"/>'),
    "external dtd": b'<!DOCTYPE image SYSTEM "http://127.0.0.1/x.dtd">' + stack(),
    "parameter entity": b'<!DOCTYPE image [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]>'
    + stack(),
    "plain doctype": b"<!DOCTYPE image>" + stack(),
    "quadratic": b'<!DOCTYPE image [<!ENTITY a "'
    + b"a" * 50_000
    + b'">]>'
    + stack(f'<layer name="{"&a;" * 1000}" src="x"/>'),
}

_XML = {
    "empty": b"",
    "no xml": b"\0\1\2\3",
    "unclosed": b"<image w='8' h='8'><stack>",
    "two roots": stack() + stack(),
    "deep": _nested(5000),
    "just too deep": _nested(64),
    "many elements": stack('<layer src="x"/>' * 20_000),
    "long name": stack(f'<layer name="{"n" * 100_000}" src="data/a.png"/>'),
    "many attributes": stack("<layer " + " ".join(f'a{n}="1"' for n in range(50_000)) + "/>"),
    "huge": stack(" " * (5 << 20)),
    "comment flood": stack("<!-- x -->" * 500_000),
    "encoding": b'<?xml version="1.0" encoding="x-none"?>' + stack(),
    "utf-7": b'<?xml version="1.0" encoding="utf-7"?>' + stack(),
    "no size": stack(size=""),
    "size nought": stack(size='w="0" h="8"'),
    "negative size": stack(size='w="-8" h="8"'),
    "huge size": stack(size='w="1000000" h="1000000"'),
    "endless size": stack(size='w="1e999" h="nan"'),
    "another root": b"<svg><stack/></svg>",
    "missing member": stack('<layer name="a" src="data/none.png"/>'),
    "member outside": stack('<layer name="a" src="../../../../etc/passwd"/>'),
    "member by url": stack('<layer name="a" src="file:///etc/passwd"/>'),
    "layer is the document": stack('<layer name="a" src="stack.xml"/>'),
}

_LAYERS = {
    "no png": b"GIF89a" + bytes(100),
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>" + bytes(64),
    "empty": b"",
    "cut short": picture()[:60],
    "claims 60k px": claiming(60_000, 60_000, bytes(64)),
    "claims 2^31 px": claiming(2**31 - 1, 2**31 - 1, bytes(64)),
    "far larger than the picture": claiming(16_000, 16_000, bytes(64)),
    "no pixels": claiming(0, 0, bytes(64)),
    "only a header": claiming(8, 8),
    "noise behind the header": claiming(8, 8, bytes(range(256)) * 100),
}


def _corpus() -> dict[str, bytes]:
    good = sound()
    made: dict[str, bytes] = {f"name: {key}": sound((name, b"x")) for key, name in _NAMES.items()}
    made |= {f"doctype: {key}": sound(xml=xml) for key, xml in _DOCTYPES.items()}
    made |= {f"xml: {key}": sound(xml=xml) for key, xml in _XML.items()}
    made |= {f"layer: {key}": sound(layer=layer) for key, layer in _LAYERS.items()}
    made |= {
        "zip: two stacks": sound(("stack.xml", stack())),
        "zip: two layers of a name": sound(("data/a.png", b"x")),
        "zip: overlap": _overlapping(500),
        "zip: overlap of two": _overlapping(2),
        "zip: bomb 200 MB": _bomb(200 << 20),
        "zip: bomb of 20 MB": _bomb(20 << 20),
        "zip: symbolic link": _linked(stat.S_IFLNK),
        "zip: device": _linked(stat.S_IFCHR),
        "zip: pipe": _linked(stat.S_IFIFO),
        "zip: encrypted": _patched(good, b"PK\1\2", 8, "<H", 1),
        "zip: method 99": _patched(good, b"PK\1\2", 10, "<H", 99),
        "zip: size beyond the end": _patched(good, b"PK\1\2", 20, "<I", 1 << 30),
        "zip: unpacked size lies": _patched(good, b"PK\1\2", 24, "<I", 1 << 20),
        "zip: offset beyond the end": _patched(good, b"PK\1\2", 42, "<I", 1 << 30),
        "zip: offset into another": _patched(good, b"PK\1\2", 42, "<I", 0),
        "zip: check sum": _patched(good, b"PK\1\2", 16, "<I", 1234),
        "zip: 4 GiB sizes": _patched(good, b"PK\1\2", 24, "<I", 0xFFFFFFFF),
        "zip: too many entries told": _patched(good, b"PK\5\6", 8, "<I", 0xFFFEFFFE),
        "zip: fewer entries told": _patched(good, b"PK\5\6", 10, "<H", 1),
        "zip: directory elsewhere": _patched(good, b"PK\5\6", 16, "<I", 5),
        "zip: directory too long": _patched(good, b"PK\5\6", 12, "<I", 1 << 31),
        "zip: another disk": _patched(good, b"PK\5\6", 4, "<H", 1),
        "zip: comment lies": _patched(good, b"PK\5\6", 20, "<H", 500),
        "zip: local name differs": good.replace(b"data/a.png", b"data/b.png", 1),
        "zip: local header gone": good.replace(b"PK\3\4", b"PK\3\5", 2),
        "zip: no directory": good[: good.find(b"PK\1\2")],
        "zip: cut in the directory": good[:-30],
        "zip: only the end": good[good.rfind(b"PK\5\6") :],
        "zip: nothing but a magic": b"PK\3\4",
        "zip: 9000 members": archive(
            ("stack.xml", stack()), *((f"m{number}", b"") for number in range(9000))
        ),
        "zip: no stack": archive(("mimetype", b"image/openraster")),
        "zip: a text document": archive(
            ("word/document.xml", b"<w/>"), ("[Content_Types].xml", b"")
        ),
    }
    return made


CORPUS = _corpus()

#: Files that are odd but sound: they open.
ODD: dict[str, Callable[[], bytes]] = {
    "bytes before the archive are no archive's": lambda: sound(),
    "a folder entry": lambda: sound(("data/", b"")),
    "our member says nonsense": lambda: sound(("sfumato/picture.json", b"[[[[{")),
    "our member nests deep": lambda: sound(("sfumato/picture.json", b"[" * 100_000)),
    "our masks name nothing": lambda: sound(
        ("sfumato/picture.json", b'{"masks": [{"src": 5}, 7], "frame": [1, 2], "layers": 3}')
    ),
    "numbers that are none": lambda: sound(
        xml=stack('<layer src="data/a.png" x="abc" y="1e400" opacity="nan" visibility="?"/>')
    ),
    "unknown elements": lambda: sound(xml=stack("<text>hi</text><filter/>" + _LAYER)),
    "no layers": lambda: sound(xml=stack("")),
    "offsets far away": lambda: sound(
        xml=stack('<layer src="data/a.png" x="-99999999999" y="99999999999"/>')
    ),
    "a thousand layers of one member": lambda: sound(xml=stack(_LAYER * 40)),
}
