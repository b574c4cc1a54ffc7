"""What no file of the studio may do, found in its syntax tree."""

import ast
from collections.abc import Callable, Iterator

_WRITING = set("wax+")
_OS_WRITING = {"O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_APPEND"}
_UNSAFE_MODULES = {"pickle", "dill", "cloudpickle", "shelve", "marshal", "jsonpickle"}
_QT_PICTURES = {"QImage", "QPixmap"}
_QT_READERS = {"QImageReader", "QImageWriter", "QMovie", "QPdfDocument"}

Gate = Callable[[ast.AST], bool]


def name_of(node: ast.AST) -> str:
    """The last part of what is called or named."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _owner(node: ast.AST) -> str:
    return name_of(node.value) if isinstance(node, ast.Attribute) else ""


def _mode(call: ast.Call, place: int) -> str:
    given = [each.value for each in call.keywords if each.arg == "mode"]
    given += call.args[place : place + 1]
    first = given[0] if given else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""


def _opens_for_writing(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call) or name_of(node.func) not in ("open", "fdopen"):
        return False
    if _owner(node.func) == "os" and name_of(node.func) == "open":
        flags = {name_of(each) for each in ast.walk(node)}
        return bool(flags & _OS_WRITING) or not flags & {"O_RDONLY", "O_PATH"}
    method = isinstance(node.func, ast.Attribute) and _owner(node.func) not in ("os", "io", "gzip")
    return bool(set(_mode(node, 0 if method else 1)) & _WRITING)


def _writes_whole(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and name_of(node.func) in ("write_text", "write_bytes")


def _saves_a_picture(node: ast.AST) -> bool:
    # A painter's and the settings' `save` take nothing; a picture's takes where to.
    return isinstance(node, ast.Call) and name_of(node.func) == "save" and bool(node.args)


def _saves_by_qt(node: ast.AST) -> bool:
    return name_of(node) in ("QSaveFile", "QFile", "QTemporaryFile", "QSettings")


def _copies_or_makes_files(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    temporary = ("mkstemp", "NamedTemporaryFile", "TemporaryFile", "mktemp")
    copies = _owner(node.func) == "shutil" and name_of(node.func).startswith(("copy", "move"))
    return copies or name_of(node.func) in temporary


def _moves_files(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    by_os = _owner(node.func) == "os" and name_of(node.func) in ("replace", "rename", "link")
    return by_os or name_of(node.func) == "hardlink_to"


def _unpickles(node: ast.AST) -> bool:
    if isinstance(node, ast.Import):
        return any(each.name.split(".")[0] in _UNSAFE_MODULES for each in node.names)
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").split(".")[0] in _UNSAFE_MODULES
    if not isinstance(node, ast.keyword) or node.arg != "allow_pickle":
        return False
    return not (isinstance(node.value, ast.Constant) and node.value.value is False)


def _loads_by_torch(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call) or name_of(node.func) != "load":
        return False
    if _owner(node.func) != "torch":
        return False
    safe = [each.value for each in node.keywords if each.arg == "weights_only"]
    return not (safe and isinstance(safe[0], ast.Constant) and safe[0].value is True)


def _trusts_remote_code(node: ast.AST) -> bool:
    return isinstance(node, ast.keyword) and node.arg in ("trust_remote_code", "custom_pipeline")


def _extracts(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and name_of(node.func) in ("extractall", "unpack_archive")


def _decodes_by_qt(node: ast.AST) -> bool:
    if name_of(node) in _QT_READERS:
        return True
    if not isinstance(node, ast.Call):
        return False
    called = name_of(node.func)
    if called in ("loadFromData", "fromData", "imageData"):
        return True
    return called in _QT_PICTURES and len(node.args) == 1


def _decodes_by_pillow(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and _owner(node.func) == "Image"
        and (name_of(node.func) == "open")
    )


def _shares_processes(node: ast.AST) -> bool:
    if isinstance(node, ast.Import):
        return any(each.name.split(".")[0] == "multiprocessing" for each in node.names)
    return isinstance(node, ast.ImportFrom) and (node.module or "").startswith("multiprocessing")


GATES: dict[str, Gate] = {
    "open for writing": _opens_for_writing,
    "write a whole file": _writes_whole,
    "save a picture": _saves_a_picture,
    "write by Qt": _saves_by_qt,
    "copy or make files": _copies_or_makes_files,
    "move files": _moves_files,
    "unpickle": _unpickles,
    "torch.load": _loads_by_torch,
    "remote code": _trusts_remote_code,
    "extract an archive": _extracts,
    "decode by Qt": _decodes_by_qt,
    "decode by Pillow": _decodes_by_pillow,
    "multiprocessing": _shares_processes,
}


def hits(source: str) -> Iterator[tuple[str, int]]:
    """Which gates a file's text runs into, and in which line."""
    for node in ast.walk(ast.parse(source)):
        for name, gate in GATES.items():
            if gate(node):
                yield name, getattr(node, "lineno", 0)
