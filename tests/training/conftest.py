"""Scenes shared by the training tests, drawn once."""

from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray

from studio.training.starter.scenes.render import render
from studio.training.starter.scenes.sampling import sample_scene
from studio.training.starter.scenes.spec import Placed, Scene

Drawn = tuple[Scene, NDArray[np.uint8], tuple[Placed, ...]]


@pytest.fixture(scope="session")
def drawn() -> list[Drawn]:
    random = Random(5)
    scenes = [sample_scene(random) for _ in range(150)]
    return [(scene, *render(scene)) for scene in scenes]
