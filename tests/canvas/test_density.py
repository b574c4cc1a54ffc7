import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("ratio", [1.25, 2.0])
def test_on_a_dense_screen_strokes_land_and_pixels_are_exact(ratio: float) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "tests.canvas.scaled"],
        cwd=ROOT,
        env={**os.environ, "QT_SCALE_FACTOR": str(ratio)},
        capture_output=True,
        text=True,
        check=True,
    )
    seen = json.loads(result.stdout)
    assert seen["ratio"] == ratio
    assert seen["width"] == 400 * ratio
    assert seen["mask"] == pytest.approx([280, 280, 520, 320], abs=5)
    assert seen["wrong"] == 0
