from dataclasses import replace
from pathlib import Path

import pytest

from studio import paths
from studio.core.errors import ModelError
from studio.models.inspect import inspect
from studio.models.weights import weigh


def test_a_model_is_weighed_by_its_headers() -> None:
    model = inspect(paths.starter_model())
    found = weigh(model)
    files = sum(one.stat().st_size for one in Path(model.path).rglob("*.safetensors"))
    assert 0.9 * files < found.bytes(2) < 2.1 * files
    assert found.bytes(4) - found.bytes(2) == 2 * found.narrow
    assert found.channels > 0


def test_what_is_gone_cannot_be_weighed(tmp_path: Path) -> None:
    with pytest.raises(ModelError):
        weigh(replace(inspect(paths.starter_model()), path=str(tmp_path / "gone")))
