"""kill -9 of the program at random moments, and what is left: nothing that was safe may be lost.

`python tests/campaigns/kill.py [--points N] [--engine N] [--seed N] [--json]`: one picture goes
through all kills of a run, so every start is a recovery. After each kill the file is read with
nothing of the program's own (the standard library's SQLite, a copy of the file and its journal).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import select
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import zstandard

CHILD = Path(__file__).with_name("killed.py")
#: A machine that does other things may take long to begin, s.
PATIENCE = 120.0


@dataclass
class Heard:
    """What one run of the program said before it was killed."""

    states: list[tuple[int, str, int]] = field(default_factory=list)  # write, state, steps done
    safe: int = 0
    takes: list[tuple[int, int]] = field(default_factory=list)
    file: str = ""
    begun: str = ""
    opened: tuple[float, str, int, int] | None = None
    refused: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def hear(self, line: str) -> None:
        """One line."""
        self.lines.append(line)
        word, _, rest = line.partition(" ")
        if word == "did":
            number, state, steps, _ = rest.split(" ", 3)
            self.states.append((int(number), state, int(steps)))
            self.begun = ""
        elif word == "ack":
            self.safe = max(self.safe, int(rest))
        elif word == "takes":
            given, there = map(int, rest.split())
            self.takes.append((given, there))
        elif word == "file":
            self.file = rest
        elif word == "begin":
            self.begun = rest
        elif word == "open":
            seconds, state, steps, count = rest.split()
            self.opened = (float(seconds), state, int(steps), int(count))
        elif word == "refused":
            self.refused.append(rest)


@dataclass
class Tally:
    """What the campaign found."""

    points: int = 0
    corrupt: int = 0
    acknowledged_lost: int = 0
    in_flight_lost: dict[int, int] = field(default_factory=dict)
    lost_while_saved: dict[int, int] = field(default_factory=dict)
    takes: int = 0
    takes_lost: int = 0
    wrong_at_start: int = 0
    slowest_open: float = 0.0
    fewest_steps: int | None = None
    killed_while: dict[str, int] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)


def run(points: int, engine: int, seed: int, folder: Path) -> Tally:
    """Kill so many times.

    Args:
        points: Kills.
        engine: In so many of them the engine is there, and generates.
        seed: Rules when, and what is done meanwhile.
        folder: Empty.
    """
    luck, tally, before = random.Random(seed), Tally(), None
    with_engine = set(luck.sample(range(points), min(engine, points)))
    for point in range(points):
        heard = _killed(luck, point in with_engine, folder)
        if before is not None:
            _compare_start(heard, before, tally)
        before = _examine(heard, folder, tally)
        tally.points += 1
        tally.refused += heard.refused
        if tally.points % 20 == 0:
            print(f"{tally.points} of {points}", file=sys.stderr, flush=True)
    return tally


def ended(number: signal.Signals, seed: int, folder: Path) -> tuple[int, Tally]:
    """One run that is asked to end: its exit code, and what is left."""
    tally, codes = Tally(), list[int]()
    heard = _killed(random.Random(seed), False, folder, number, codes)
    _examine(heard, folder, tally)
    return codes[0], tally


def _killed(
    luck: random.Random,
    engine: bool,
    home: Path,
    number: signal.Signals = signal.SIGKILL,
    codes: list[int] | None = None,
) -> Heard:
    """One run: from the first action on, up to 2 s (14 s with the engine) until it is killed."""
    command = [sys.executable, str(CHILD), str(luck.randrange(1 << 30))]
    child = subprocess.Popen(
        [*command, "--engine"] if engine else command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "SFUMATO_HOME": str(home), "OMP_NUM_THREADS": "1"},
        start_new_session=True,
    )
    assert child.stdout is not None
    heard, limit = Heard(), time.monotonic() + PATIENCE
    try:
        os.set_blocking(child.stdout.fileno(), False)
        rest, more = b"", luck.random() * (14.0 if engine else 2.0)
        while time.monotonic() < limit:
            rest = _listen(child, heard, rest, limit)
            if heard.states and limit > time.monotonic() + more:
                limit = time.monotonic() + more
            assert child.poll() is None, f"the program ended by itself: {child.returncode}"
        assert heard.states, "the program never began"
    finally:
        os.kill(child.pid, number)
        code = child.wait(PATIENCE)
        (codes if codes is not None else []).append(code)
        _listen(child, heard, rest, 0.0)
        child.stdout.close()
    return heard


def _listen(child: subprocess.Popen[bytes], heard: Heard, rest: bytes, limit: float) -> bytes:
    assert child.stdout is not None
    wait = max(0.0, min(0.05, limit - time.monotonic()))
    select.select([child.stdout], [], [], wait)
    while data := (child.stdout.read(1 << 16) or b""):
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            heard.hear(line.decode())
    return rest


def _examine(heard: Heard, home: Path, tally: Tally) -> str:
    """Compare the file with what was said; returns its state."""
    doing = heard.begun or "between actions"
    tally.killed_while[doing] = tally.killed_while.get(doing, 0) + 1
    # A named picture that was closed in order is not opened by itself.
    path = _open_file(home) or (Path(heard.file) if heard.file else None)
    if path is None:
        assert heard.safe == 0, "what was safe has no file"
        return ""
    try:
        state, takes = read(path, home / "oracle")
    except (sqlite3.Error, ValueError, zstandard.ZstdError) as error:
        tally.corrupt += 1
        print(f"corrupt: {path}: {error}", file=sys.stderr)
        return ""
    least = max((at for at, (n, _, _) in enumerate(heard.states) if n <= heard.safe), default=0)
    places = [at for at, (_, one, _) in enumerate(heard.states) if one == state]
    if not places and not heard.begun:
        tally.corrupt += 1
        print(f"a state that never was: {path}", file=sys.stderr)
    elif _stepped(heard, state):
        tally.in_flight_lost[0] = tally.in_flight_lost.get(0, 0) + 1
    elif places and max(places) < least:
        tally.acknowledged_lost += 1
        print(f"lost: {path}: {max(places)} of {least}", file=sys.stderr)
        print("\n".join(heard.lines[-30:]), file=sys.stderr)
    else:
        lost = len(heard.states) - 1 - max(places) if places else 0
        recent = heard.lines[-3 * (lost + 2) :]
        table = tally.lost_while_saved if "begin save" in recent else tally.in_flight_lost
        table[lost] = table.get(lost, 0) + 1
    promised = max((count for number, count in heard.takes if number <= heard.safe), default=0)
    tally.takes = takes
    tally.takes_lost += takes < promised
    return state


def _stepped(heard: Heard, state: str) -> bool:
    """Whether an undo or redo that had not been said to be done is what the file shows."""
    way = {"undo": -1, "redo": 1}.get(heard.begun, 0)
    to = heard.states[-1][2] + way
    return way != 0 and any((one, steps) == (state, to) for _, one, steps in heard.states)


def _open_file(home: Path) -> Path | None:
    """What the next start will open, as the program noted it."""
    try:
        return Path(json.loads((home / "data" / "open.json").read_bytes())["path"])
    except FileNotFoundError:
        return None


def read(path: Path, scratch: Path) -> tuple[str, int]:
    """The state of a project file and how many takes lie in it, from a copy, with no line of ours.

    Raises:
        sqlite3.Error: It is no database, or a damaged one.
        ValueError: A tile is missing, or not as it was written.
    """
    scratch.mkdir(exist_ok=True)
    copy = scratch / "copy.db"
    for end in ("", "-journal"):
        Path(f"{copy}{end}").unlink(missing_ok=True)
        if Path(f"{path}{end}").exists():
            shutil.copyfile(f"{path}{end}", f"{copy}{end}")
    base = sqlite3.connect(copy)
    try:
        (sound,) = base.execute("PRAGMA integrity_check").fetchone()
        if sound != "ok":
            raise ValueError(sound)
        lines = list(_tiles(base))
        (takes,) = base.execute("SELECT count(*) FROM record WHERE kind = 'take'").fetchone()
    finally:
        base.close()
    state = hashlib.blake2b("\n".join(sorted(lines)).encode(), digest_size=16).hexdigest()
    return state, takes


def _tiles(base: sqlite3.Connection) -> Iterator[str]:
    grow = zstandard.ZstdDecompressor()
    for grid, tx, ty, name in base.execute("SELECT grid, tx, ty, tile FROM cell"):
        row = base.execute("SELECT data FROM tile WHERE digest = ?", (name,)).fetchone()
        if row is None:
            raise ValueError(f"tile {grid} {tx} {ty} is missing")
        raw = grow.decompress(row[0])
        if hashlib.blake2b(raw, digest_size=16).digest() != name:
            raise ValueError(f"tile {grid} {tx} {ty} is not as it was written")
        yield f"{grid} {tx} {ty} {name.hex()}"


def _compare_start(heard: Heard, before: str, tally: Tally) -> None:
    if not before:
        return
    if heard.opened is None or heard.opened[1] != before:
        tally.wrong_at_start += 1
        print(f"not what the file holds: {heard.opened}", file=sys.stderr)
        return
    seconds, _, steps, _ = heard.opened
    tally.slowest_open = max(tally.slowest_open, seconds)
    if tally.points > 8:  # by then so many strokes were made
        fewest = steps if tally.fewest_steps is None else min(tally.fewest_steps, steps)
        tally.fewest_steps = fewest


def main() -> int:
    """Run the campaign and say what it found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=10)
    parser.add_argument("--engine", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tally = run(options.points, options.engine, options.seed, Path(folder))
    found = asdict(tally)
    if options.json:
        print(json.dumps(found))
    else:
        for name, value in found.items():
            print(f"{name.replace('_', ' ')}: {value}")
    bad = tally.corrupt + tally.acknowledged_lost + tally.takes_lost + tally.wrong_at_start
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
