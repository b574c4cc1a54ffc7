"""Run pip, show what it is at, and turn its failures into words."""

import os
import re
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from setup_parts.console import Trouble

# What pip prints, and what it means. The first line that matches decides, so the causes come
# before the symptoms: without a network pip also says that nothing matches.
_NETWORK = re.compile(
    r"Temporary failure in name resolution|Name or service not known|getaddrinfo failed"
    r"|NewConnectionError|ConnectTimeout|Network is unreachable|Connection refused"
    r"|Read timed out|ProxyError|Cannot connect to proxy|Max retries exceeded|nodename nor servname"
    r"|Failed to resolve",
)
_CERTIFICATE = re.compile(r"CERTIFICATE_VERIFY_FAILED|SSLCertVerificationError")
_DISK = re.compile(r"No space left on device|Errno 28|not enough space on the disk|Disk quota")
_DENIED = re.compile(r"Read-only file system|Permission denied|Errno 13|Access is denied")
_NOTHING = re.compile(r"No matching distribution found for (\S+)")
_WORKING = re.compile(r"^\s*(?:Collecting|Downloading|Using cached|Installing|Building)\s+(.*)")


class PipFailed(Exception):
    """Pip ended with an error; `lines` is what it said."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines[-5:]))
        self.lines = lines


@dataclass(frozen=True)
class Pip:
    """The pip of one environment."""

    python: Path
    log: Path  # gets all that pip says
    lock: int  # descriptor of the set-up's lock, which pip holds as long as it lives

    def install(self, arguments: list[str], note: Callable[[str], None]) -> None:
        """Run `pip install`, telling `note` what it is at.

        Raises:
            PipFailed: pip ended with an error.
        """
        command = [
            *(str(self.python), "-m", "pip", "install", "--disable-pip-version-check"),
            *("--progress-bar", "off", "--no-input", "--retries", "3", *arguments),
        ]
        lines, code = _streamed(command, self.log, self.lock, note)
        if code:
            raise PipFailed(lines)


def _streamed(
    command: list[str], log: Path, lock: int, note: Callable[[str], None]
) -> tuple[list[str], int]:
    log.parent.mkdir(parents=True, exist_ok=True)
    lines = []
    with (
        log.open("a", encoding="utf-8") as record,
        subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            pass_fds=() if os.name == "nt" else (lock,),
        ) as pip,
    ):
        assert pip.stdout is not None
        record.write(f"\n$ {' '.join(command)}\n")
        try:
            for line in pip.stdout:
                record.write(line)
                record.flush()
                lines.append(line.rstrip())
                if working := summarise(line):
                    note(working)
        except BaseException:  # Ctrl+C above all: pip must not go on alone
            pip.terminate()
            raise
    return lines, pip.returncode


def elsewhere_may_help(lines: Iterable[str]) -> bool:
    """Tell whether another index could have what this one had not; a full disk stays full."""
    text = "\n".join(lines)
    if _DISK.search(text) or _DENIED.search(text):
        return False
    return bool(_NETWORK.search(text) or _NOTHING.search(text))


def summarise(line: str) -> str | None:
    """Return the part of a line of pip's that is worth showing, if any.

    Downloads of 5 MB and more are, and the installation itself.
    """
    found = _WORKING.match(line)
    if found is None or line.startswith(("Collecting", "Building")):
        return None
    if line.startswith("Installing collected packages"):
        return f"installing {line.count(',') + 1} packages"
    size = re.search(r"\((\d+(?:\.\d+)?) (MB|GB)\)", line)
    if size is None or (size[2] == "MB" and float(size[1]) < 5):
        return None
    file = found[1].split()[0].rsplit("/", 1)[-1]
    name, _, version = file.partition("-")
    kind = "reading" if "cached" in line else "downloading"
    return f"{kind} {name} {version.split('-')[0]} ({size[1]} {size[2]})"


def explain(lines: Iterable[str], log: Path) -> Trouble:
    """Return what the output of a failed pip means for the reader."""
    text = "\n".join(lines)
    again = "Then run the same command again: it goes on where it stopped."
    if _DISK.search(text):
        return Trouble(
            "The disk is full: there is no room left for Sfumato's environment.",
            f"Free about 3 GB on the disk of this folder. {again}",
        )
    if _CERTIFICATE.search(text):
        return Trouble(
            "The package server's certificate was not accepted.",
            "Check the clock of this machine; behind a company's proxy, tell pip its certificate "
            f"(pip config set global.cert FILE). {again}",
        )
    if _NETWORK.search(text):
        return Trouble(
            "The packages cannot be downloaded: this machine does not reach the package server.",
            f"Check the network, or the proxy (HTTPS_PROXY). {again}",
        )
    if _DENIED.search(text):
        return Trouble(
            "The environment cannot be written: this folder is read-only, or belongs to someone "
            "else.",
            f"Copy the project to a folder of your own. The details are in {log}.",
        )
    if found := _NOTHING.search(text):
        return Trouble(
            f"There is no {found[1]} for this Python on this system.",
            "Python 3.11 to 3.13 on 64-bit Linux, Windows or Apple silicon is known to work. "
            f"The details are in {log}.",
        )
    return Trouble(
        "A package could not be installed.",
        f"The details are in {log}. Running the same command again often helps.",
    )
