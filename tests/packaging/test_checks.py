"""What the test command prints at its end."""

import os
import sys
from pathlib import Path

import pytest

from setup_parts import checks
from setup_parts.checks import Outcome, table
from setup_parts.place import Place


def test_the_table_names_each_check_and_how_it_went() -> None:
    lines = table([Outcome("ruff", True, 0.1), Outcome("mypy --strict", False, 12.0)]).split("\n")
    assert lines[1].split() == ["ruff", "passed", "0.1", "s"]
    assert lines[2].split() == ["mypy", "--strict", "FAILED", "12.0", "s"]


@pytest.mark.parametrize(("body", "code"), [("assert True", 0), ("assert False", 1)])
def test_pytests_closing_line_is_printed_last(
    body: str,
    code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "test_one.py").write_text(f"def test_one():\n    {body}\n")
    monkeypatch.setattr(checks, "commands", lambda _python: {"ruff": [sys.executable, "-c", ""]})
    place = Place(tmp_path, Path(sys.prefix))
    assert checks.run_all(place, os.environ, ["-p", "no:cacheprovider", "--rootdir=."]) == code
    lines = capfd.readouterr().out.rstrip().splitlines()
    assert f"1 {'failed' if code else 'passed'} in" in lines[-1]
    assert sum("1 passed in" in line or "1 failed in" in line for line in lines) == 1


def test_one_failed_check_fails_the_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "test_one.py").write_text("def test_one():\n    pass\n")
    failing = [sys.executable, "-c", "raise SystemExit(1)"]
    monkeypatch.setattr(checks, "commands", lambda _python: {"ruff": failing})
    assert checks.run_all(Place(tmp_path, Path(sys.prefix)), os.environ, ["--rootdir=."]) == 1
