import json
from pathlib import Path

import pytest

from studio import cli, paths


def test_list_names_the_starter_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["models", "list", "--json"]) == 0
    event = json.loads(capsys.readouterr().out.splitlines()[0])
    assert (event["event"], event["key"]) == ("model", "starter")


def test_an_added_model_is_listed_until_it_is_removed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "My Model"
    own.symlink_to(paths.starter_model(), target_is_directory=True)
    assert cli.main(["models", "add", str(own)]) == 0
    assert cli.main(["models", "list"]) == 0
    assert "my-model" in capsys.readouterr().out
    assert cli.main(["models", "remove", "my-model"]) == 0
    assert cli.main(["models", "list"]) == 0
    assert "my-model" not in capsys.readouterr().out
