"""Two set-ups in one folder take turns."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from setup_parts.lock import alone

HOLD = "import sys; sys.stdin.read()"


def test_a_free_lock_is_taken_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with alone(tmp_path / "deep" / "lock"):
        pass
    with alone(tmp_path / "deep" / "lock"):
        pass
    assert "Another set-up" not in capsys.readouterr().out


@pytest.mark.skipif(os.name == "nt", reason="descriptors are inherited otherwise there")
def test_what_a_killed_set_up_started_still_holds_the_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "lock"
    with alone(path) as descriptor:
        orphan = subprocess.Popen(
            [sys.executable, "-c", HOLD], stdin=subprocess.PIPE, pass_fds=(descriptor,)
        )

    def let_go(_seconds: float) -> None:
        orphan.communicate(b"")

    monkeypatch.setattr("time.sleep", let_go)
    with alone(path):
        assert orphan.returncode == 0
    assert "Another set-up is at work" in capsys.readouterr().out
