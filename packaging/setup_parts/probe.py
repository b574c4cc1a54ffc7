"""Run by the environment's own Python: tell in a quarter of a second whether it is whole."""

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import Distribution, distributions
from importlib.util import find_spec

LOADED = ("numpy", "PIL.Image", "platformdirs", "shiboken6")  # compiled, and quick to load
FOUND = ("PySide6", "torch", "diffusers", "transformers", "safetensors", "accelerate")


def missing_file(package: Distribution) -> str | None:
    """Return a file that an installed package lists and that is not there.

    Three of its files are looked at: a package that was half removed or half installed lacks its
    list, its first files or its last ones.
    """
    name = package.metadata["Name"]
    listed = [line for line in (package.read_text("RECORD") or "").splitlines() if ".py," in line]
    if not listed:
        return None if package.read_text("RECORD") else f"the file list of {name}"
    for line in (listed[0], listed[len(listed) // 2], listed[-1]):
        path = line.rpartition(",")[0].rpartition(",")[0].strip('"')
        if not package.locate_file(path).is_file():  # type: ignore[attr-defined]
            return f"{path} of {name}"
    return None


def main(extra: Sequence[str]) -> int:
    """Say what is broken and return 1, or return 0."""
    for package in distributions():
        if broken := missing_file(package):
            print(f"{broken} is missing")
            return 1
    for name in LOADED:
        try:
            import_module(name)
        except ImportError as error:
            print(f"{name} does not load: {error}")
            return 1
    for name in (*FOUND, *extra):
        found = find_spec(name)
        if found is None or found.origin is None:  # no origin: a folder without its __init__.py
            print(f"{name} is missing")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
