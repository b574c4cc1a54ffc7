"""Tiny models and the starter, made or read once, and one runner for all."""

import gc
import os

os.environ["TRANSFORMERS_VERBOSITY"] = "error"
os.environ["DIFFUSERS_VERBOSITY"] = "error"
# Of such small models two threads would mostly wait for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")

from pathlib import Path

import pytest

from studio import paths
from studio.core.checkpoint import Checkpoint
from studio.engine.runner import Runner
from tests.engine import tiny


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="session")
def configs(home: Path) -> Path:
    return tiny.configs(home / "configs")


@pytest.fixture(scope="session")
def runner(configs: Path) -> Runner:
    return Runner(configs)


@pytest.fixture(scope="session")
def folders(home: Path) -> dict[str, Checkpoint]:
    """A diffusers folder of each kind by its name, such as 'sdxl-9'."""
    return {
        f"{family}-{channels}": tiny.as_folder(home / f"{family}-{channels}", family, channels)
        for family, channels in tiny.KINDS + tiny.FLOWS
    }


@pytest.fixture(scope="session")
def starter() -> Checkpoint:
    """The model that the studio ships."""
    return tiny.checkpoint(paths.starter_model(), "sd15", 9)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The schedulers of diffusers copy tensors in a way that numpy 2 will stop allowing one day."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("ignore::DeprecationWarning:diffusers"))
    # What torch and diffusers made while they were imported stays: the search for running threads
    # around each test need not go through it, which took 0.4 s a test.
    gc.freeze()
