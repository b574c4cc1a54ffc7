import json
import logging
from pathlib import Path

import pytest
from PySide6.QtTest import QTest

from studio import paths
from studio.core.errors import FileError
from studio.settings import RECENT, Preferences, Settings
from tests.ui.conftest import StudioOf


def test_what_was_set_is_read_again(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.json")
    settings.update(prompt="ein Haus 🏠", steps=12, guidance=2.5, recent=("/a.png",))
    settings.save()
    assert Settings(tmp_path / "settings.json").values == settings.values


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[1]", b'"x"', b"\xff\xfe", b"[" * 100_000, b'{"a": 1'], ids=range(7)
)
def test_a_damaged_file_gives_defaults_and_a_line_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, content: bytes
) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert Settings(path).values == Preferences()
    assert "settings" in caplog.text


def test_one_wrong_value_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"steps": "many", "count": True, "guidance": 4, "future": 1}))
    values = Settings(path).values
    assert (values.steps, values.count, values.guidance) == (0, 1, 4.0)


def test_a_folder_in_the_way_is_an_error_with_a_name(tmp_path: Path) -> None:
    (tmp_path / "settings.json").mkdir()
    with pytest.raises(FileError):
        Settings(tmp_path / "settings.json").save()


def test_recent_files_are_newest_first_and_few() -> None:
    values = Preferences()
    for number in [*range(RECENT + 5), 3]:
        values = values.with_recent(Path(f"/{number}.png"))
    assert len(values.recent) == RECENT
    assert values.recent[0] == "/3.png"
    assert len(set(values.recent)) == RECENT


def test_the_window_remembers(studio_of: StudioOf) -> None:
    first = studio_of()
    first.window.bar.prompt.set_text("a quiet harbour")
    first.joins.bench.gear.steps.set_value(33)
    QTest.keyClicks(first.joins.bench.canvas, "]]]")
    size = first.joins.bench.canvas.brush.size
    first.close()
    second = studio_of()
    assert second.window.bar.prompt.text() == "a quiet harbour"
    assert second.joins.bench.gear.steps.value_now() == 33
    assert second.joins.bench.canvas.brush.size == size


@pytest.mark.parametrize("values", [{"steps": -5, "brush_size": -1e300}, {"count": 10**9}])
def test_absurd_values_still_open_a_window(studio_of: StudioOf, values: dict[str, float]) -> None:
    (paths.config() / "settings.json").write_text(json.dumps(values))
    bench = studio_of().joins.bench
    assert bench.canvas.brush.size >= 1
    assert 1 <= bench.gear.count.value_now() <= 16
