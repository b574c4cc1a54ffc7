"""A warm engine process for the tests that leave it as they found it."""

from collections.abc import Iterator

import pytest

from studio import paths
from studio.core.checkpoint import Checkpoint
from studio.core.messages import Loaded, Ready, Warm
from tests.worker.child import Child, started


@pytest.fixture(scope="session")
def starter() -> Checkpoint:
    """The model that the studio ships."""
    path = str(paths.starter_model())
    return Checkpoint("starter", "Starter", path, "sd15", 9, True, 256, 10, 3.0, "dpmpp_2m")


@pytest.fixture(scope="session")
def warm(tmp_path_factory: pytest.TempPathFactory, starter: Checkpoint) -> Iterator[Child]:
    with started(tmp_path_factory.mktemp("log") / "warm.log") as child:
        child.until(Ready)
        child.send(Warm(starter))
        child.until(Loaded)
        yield child
