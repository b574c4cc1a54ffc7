"""Traps of this folder's name, and of what old interpreters can read."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from setup_parts.place import ROOT

FOLDER = ROOT / "packaging"


def test_the_folder_is_no_package_that_would_hide_the_library_of_its_name() -> None:
    assert not list(FOLDER.rglob("__init__.py"))


def test_the_packaging_library_is_found_from_the_repository_root() -> None:
    code = "import packaging.version as v; print(v.__file__)"
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert not Path(found.stdout.strip()).is_relative_to(FOLDER)


def test_an_old_python_can_read_the_start_script() -> None:
    ast.parse((FOLDER / "start.py").read_text(encoding="utf-8"), feature_version=(3, 6))


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.py")), ids=lambda path: path.name)
def test_the_set_up_needs_only_the_standard_library(path: Path) -> None:
    allowed = sys.stdlib_module_names | {"setup_parts"}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        assert {name.partition(".")[0] for name in names} <= allowed


def test_ci_runs_exactly_the_command_of_the_readme() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert "exec python3 packaging/start.py test" in lines
