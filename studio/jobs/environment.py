"""What the engine process is told by its environment: an allow-list, no network."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

#: Needed to start at all, to find libraries and folders, and to write scratch files.
_NAMES = frozenset(
    {
        "APPDATA",
        "COMSPEC",
        "DYLD_LIBRARY_PATH",
        "HOME",
        "HOMEDRIVE",
        "HOMEPATH",
        "LANG",
        "LANGUAGE",
        "LD_LIBRARY_PATH",
        "LOCALAPPDATA",
        "LOGNAME",
        "NUMBER_OF_PROCESSORS",
        "PATH",
        "PATHEXT",
        "PROGRAMDATA",
        "SYSTEMDRIVE",
        "SYSTEMROOT",
        "TEMP",
        "TMP",
        "TMPDIR",
        "TZ",
        "USER",
        "USERNAME",
        "USERPROFILE",
        "VIRTUAL_ENV",
        "WINDIR",
        "XDG_CACHE_HOME",
    }
)
#: Settings of accelerators and of the numeric libraries. TORCH_ is left out on purpose: one of its
#: variables makes loading a pickled file execute it.
_PREFIXES = (
    "CUDA_",
    "GPU_",
    "HIP_",
    "HSA_",
    "KMP_",
    "LC_",
    "MKL_",
    "NVIDIA_",
    "OMP_",
    "ONEAPI_",
    "OPENBLAS_",
    "PROCESSOR_",
    "PYTORCH_",
    "ROCM_",
    "ROCR_",
    "SFUMATO_",
    "SYCL_",
    "ZE_",
)
_ALWAYS = {
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "PYTHONFAULTHANDLER": "1",
    # The folder in which the artist happened to start us may hold a torch.py.
    "PYTHONSAFEPATH": "1",
    "PYTHONUTF8": "1",
}


def engine_environment(ours: Mapping[str, str], root: Path) -> dict[str, str]:
    """The child's whole environment.

    Args:
        ours: The environment of this process.
        root: The folder that holds the package `studio`.
    """
    kept = {name: value for name, value in ours.items() if _passes(name.upper())}
    path = [str(root), *ours.get("PYTHONPATH", "").split(os.pathsep)]
    return {**kept, **_ALWAYS, "PYTHONPATH": os.pathsep.join(one for one in path if one)}


def _passes(name: str) -> bool:
    return name in _NAMES or name.startswith(_PREFIXES)
