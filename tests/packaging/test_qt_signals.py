"""The installed PySide6 survives many signals (6.12.0 ended Python 3.11 after some hundred)."""

import subprocess
import sys

EMIT = """
from PySide6.QtCore import QCoreApplication, QObject, Signal

class Source(QObject):
    told = Signal(bool, object)

app = QCoreApplication([])
source, seen = Source(), []
source.told.connect(lambda flag, value: seen.append(flag and value is None))
for count in range(20_000):
    source.told.emit(count % 2 == 0, None)
assert len(seen) == 20_000 and sum(seen) == 10_000
print("whole")
"""


def test_twenty_thousand_signals_leave_the_process_alive() -> None:
    # In a child, since what is guarded against is an abort that no test can catch.
    done = subprocess.run([sys.executable, "-c", EMIT], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout.strip()) == (0, "whole"), done.stderr
