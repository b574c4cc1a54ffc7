"""Set Sfumato up on this machine and run it: python3 packaging/start.py [test | arguments]."""

# Read by whatever Python is on the machine, so written for old ones too: what is too old must still
# be told so in words.
import os
import shutil
import subprocess
import sys

OLDEST = (3, 11)
PREFERRED = ("python3.13", "python3.12", "python3.11", "python3.14")


def other_interpreter() -> "str | None":
    """Return a Python on this machine that is new enough, if there is one."""
    check = "import sys; sys.exit(sys.version_info < {!r})".format(OLDEST)
    for name in PREFERRED:
        found = shutil.which(name)
        # A version switcher leaves names on PATH that only print a message: ask each.
        if found and subprocess.call([found, "-c", check], stderr=subprocess.DEVNULL) == 0:
            return found
    return None


def main() -> int:
    """Go on with this Python, with a newer one, or say what is missing."""
    if sys.version_info >= OLDEST:
        # The parts must not leave __pycache__ folders where a read-only copy is tried.
        sys.dont_write_bytecode = True
        from setup_parts.steps import run

        return run(sys.argv[1:])
    newer = other_interpreter()
    if newer:
        command = [newer, os.path.abspath(__file__)] + sys.argv[1:]  # noqa: PTH100, RUF005
        return subprocess.call(command)
    print(
        "Sfumato needs Python {}.{} or newer; this is Python {}.{}.\n"
        "Install a newer one from https://www.python.org/downloads/ (or from your system's "
        "packages) and run the same command with it.".format(*(OLDEST + sys.version_info[:2]))
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
