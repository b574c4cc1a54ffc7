"""Which build of torch fits this machine, and where to look for it."""

import os
import platform
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from setup_parts.console import Trouble

TORCH = "2.13.0"
FLAVOURS = ("cpu", "cu130", "cu126", "rocm7.2", "xpu", "mps", "any")
VENDOR_INDEX = "https://download.pytorch.org/whl/"
CUDA_13_DRIVER = 580  # the oldest NVIDIA driver series that runs CUDA 13
# PCI device numbers of Intel's graphics cards: Arc A (Alchemist) and Arc B (Battlemage).
INTEL_ARC = (range(0x5690, 0x56C2), range(0xE200, 0xE300))


@dataclass(frozen=True)
class Machine:
    """What the choice depends on."""

    system: str  # Linux, Darwin, Windows
    processor: str  # x86_64, arm64, ...
    nvidia: tuple[tuple[int, int], ...] = ()  # per card: compute capability (major), driver series
    amd: bool = False
    intel_arc: bool = False


@dataclass(frozen=True)
class Attempt:
    """One try of pip: what to ask for, and on top of which index."""

    requirement: str
    index: str | None
    flavour: str


def look() -> Machine:
    """Ask this machine."""
    linux = platform.system() == "Linux"
    return Machine(
        system=platform.system(),
        processor=platform.machine(),
        nvidia=_nvidia_cards(),
        amd=linux and Path("/dev/kfd").exists() and Path("/sys/module/amdgpu").exists(),
        intel_arc=linux and any(_is_arc(card) for card in Path("/sys/class/drm").glob("card?")),
    )


def choose(machine: Machine, wish: str | None) -> str:
    """Return the flavour for `machine`; `wish` (STUDIO_TORCH) overrides it.

    Raises:
        Trouble: the wish is not one of FLAVOURS, or torch has no build for this machine at all.
    """
    if wish:
        if wish not in FLAVOURS:
            raise Trouble(
                f"STUDIO_TORCH is set to {wish!r}, which is no build of torch.",
                f"Set it to one of {', '.join(FLAVOURS)}, or leave it unset.",
            )
        return wish
    if machine.system == "Darwin":
        if machine.processor != "arm64":
            raise Trouble(
                "Sfumato needs a Mac with Apple silicon: torch is no longer made for Intel Macs.",
                "Run it on another machine.",
            )
        return "mps"
    if machine.nvidia:
        capability, driver = min(machine.nvidia)
        return "cu130" if capability > 6 and driver >= CUDA_13_DRIVER else "cu126"
    if machine.amd:
        return "rocm7.2"
    return "xpu" if machine.intel_arc else "cpu"


def attempts(flavour: str, machine: Machine, insisted: bool) -> list[Attempt]:
    """Return what to try, in order.

    The machine's own pip settings come first: a studio may keep its wheels in a folder. A flavour
    that was only guessed gives way to the CPU build; one that was asked for does not.
    """
    if flavour in ("mps", "any"):
        return [Attempt(f"torch=={TORCH}", None, flavour)]
    requirement = f"torch=={TORCH}+{flavour}"
    tries = [
        Attempt(requirement, None, flavour),
        Attempt(requirement, VENDOR_INDEX + flavour, flavour),
    ]
    if flavour != "cpu" and not insisted:
        tries += attempts("cpu", machine, insisted)
    elif flavour == "cpu" and machine.system == "Windows":
        # On Windows the unmarked build is the CPU build; on Linux it brings gigabytes of CUDA.
        tries.append(Attempt(f"torch=={TORCH}", None, "cpu"))
    return tries


def parse_nvidia(listing: str) -> tuple[tuple[int, int], ...]:
    """Read `nvidia-smi --query-gpu=compute_cap,driver_version --format=csv,noheader`."""
    cards = []
    for line in listing.splitlines():
        capability, _, driver = line.partition(",")
        try:
            cards.append((int(capability.split(".")[0]), int(driver.strip().split(".")[0])))
        except ValueError:  # "[N/A]" from a driver too old to know the question
            cards.append((0, 0))
    return tuple(cards)


def _nvidia_cards() -> tuple[tuple[int, int], ...]:
    program = shutil.which("nvidia-smi")
    if program is None:
        return ()
    question = [program, "--query-gpu=compute_cap,driver_version", "--format=csv,noheader"]
    try:
        answer = subprocess.run(question, capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return ()  # the program is there, the driver is not: no card that torch could use
    return parse_nvidia(answer.stdout.strip())


def _is_arc(card: Path) -> bool:
    try:
        vendor = int((card / "device" / "vendor").read_text(), 16)
        device = int((card / "device" / "device").read_text(), 16)
    except (OSError, ValueError):
        return False
    return vendor == 0x8086 and any(device in numbers for numbers in INTEL_ARC)


def wish() -> str | None:
    """Return what STUDIO_TORCH asks for."""
    return os.environ.get("STUDIO_TORCH") or None
