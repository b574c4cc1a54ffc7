"""What `start.py test` runs: the linters, the types, the import contracts, the tests."""

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from setup_parts.console import say
from setup_parts.place import Place

_LINT_IMPORTS = "from importlinter.cli import lint_imports_command as main; main()"
# The debugger and uncaptured output need the terminal itself.
_WANTS_TERMINAL = ("--pdb", "--trace", "-s", "--capture=no")


@dataclass(frozen=True)
class Outcome:
    """How one check went."""

    name: str
    passed: bool
    took: float  # seconds


def commands(python: str) -> dict[str, list[str]]:
    """Return the checks that come before the tests, in order."""
    return {
        "ruff check": [python, "-m", "ruff", "check", "--quiet", "."],
        "ruff format": [python, "-m", "ruff", "format", "--check", "--quiet", "."],
        "mypy --strict": [python, "-m", "mypy"],
        "import contracts": [python, "-c", _LINT_IMPORTS, "--no-logo"],
    }


def run_all(place: Place, environ: Mapping[str, str], arguments: Sequence[str]) -> int:
    """Run every check, whatever fails; return 0 when all passed.

    pytest runs last and its closing line is printed last, so that whoever reads the output by
    machine finds the counts where pytest leaves them.
    """
    outcomes = []
    for name, command in commands(str(place.python)).items():
        say(f"── {name}")
        began = time.monotonic()
        code = subprocess.call(command, cwd=place.root, env=dict(environ))
        outcomes.append(Outcome(name, code == 0, time.monotonic() - began))
    say("── pytest")
    began = time.monotonic()
    code, closing = _pytest(place, environ, arguments)
    outcomes.append(Outcome("pytest", code == 0, time.monotonic() - began))
    say(table(outcomes))
    if closing:
        say(closing)
    return 0 if all(outcome.passed for outcome in outcomes) else 1


def table(outcomes: Sequence[Outcome]) -> str:
    """Return the summary: one line per check."""
    width = max(len(outcome.name) for outcome in outcomes)
    lines = [
        f"  {outcome.name:<{width}}  {'passed' if outcome.passed else 'FAILED'}"
        f"  {outcome.took:6.1f} s"
        for outcome in outcomes
    ]
    return "\n".join(["", *lines, ""])


def _pytest(place: Place, environ: Mapping[str, str], arguments: Sequence[str]) -> tuple[int, str]:
    """Run pytest, passing its output on; return its exit code and its closing line, held back."""
    command = [str(place.python), "-m", "pytest", *arguments]
    if any(argument in _WANTS_TERMINAL for argument in arguments):
        return subprocess.call(command, cwd=place.root, env=dict(environ)), ""
    if sys.stdout.isatty():
        command.append("--color=yes")
    held = ""
    with subprocess.Popen(
        command,
        cwd=place.root,
        env=dict(environ),
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
    ) as pytest:
        assert pytest.stdout is not None
        for line in pytest.stdout:
            if held:
                say(held)
            held = line.rstrip("\n")
    return pytest.returncode, held
