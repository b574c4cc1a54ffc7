"""The start command as it is typed, with an environment that is ready."""

import os
import subprocess
import sys

import pytest

from setup_parts.place import ROOT


def _start(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the start command without a display."""
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "STUDIO_TORCH")
    environ = {name: value for name, value in os.environ.items() if name not in hidden}
    return subprocess.run(
        [sys.executable, str(ROOT / "packaging" / "start.py"), *arguments],
        env={**environ, "SFUMATO_VENV": sys.prefix, **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a display")
def test_a_window_without_a_display_is_explained() -> None:
    done = _start("photo.png")
    assert done.returncode == 1
    assert "There is no display here" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_an_environment_that_is_not_there_is_explained() -> None:
    done = _start("models", "list", SFUMATO_VENV="/nowhere")
    assert done.returncode == 1
    assert "SFUMATO_VENV" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_arguments_reach_the_program() -> None:
    done = _start("models", "list")
    assert done.returncode == 0, done.stderr
    assert "starter" in done.stdout.lower()


def test_the_programs_exit_code_is_handed_on() -> None:
    done = _start("inpaint", "no-such-picture.png", "--mask", "none.png", "--prompt", "x")
    assert done.returncode == 3, done.stderr
