"""Launch: the command line of the engine process."""

from __future__ import annotations

import os
import site
import sys
from pathlib import Path

from studio import paths

#: Isolated (-I), a process reads neither PYTHON* variables nor the folder it was started in; what
#: it may import from is handed over. `runpy` makes its arguments look like those of `-m`.
_BOOT = """\
import runpy, sys
front, back = (one.split(sys.argv[4]) if one else [] for one in sys.argv[2:4])
sys.path[:] = front + sys.path + back
del sys.argv[1:5]
runpy.run_module("studio.worker", run_name="__main__", alter_sys=True)
"""


def worker_command() -> list[str]:
    """The real worker, isolated from the user's environment."""
    own = str(Path(paths.__file__).resolve().parents[1])
    wanted = [own, *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    front = os.pathsep.join(one for one in wanted if one and Path(one).is_absolute())
    back = site.getusersitepackages() if site.ENABLE_USER_SITE else ""
    isolated = [sys.executable, "-I", "-X", "utf8", "-X", "faulthandler", "-c", _BOOT]
    configs = str(paths.model_configs())
    return [*isolated, "studio.worker", front, back, os.pathsep, "--configs", configs]
