from pathlib import Path

import pytest

from studio import paths
from studio.core.errors import ModelError
from studio.models.library import Library
from tests.models.checkpoints import SD15, SDXL, Written, single


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "data" / "models.json"


@pytest.fixture
def library(store: Path) -> Library:
    return Library(paths.starter_model(), store)


def keys(library: Library) -> list[str]:
    return [one.key for one in library.all()]


def test_a_new_library_holds_the_starter(library: Library) -> None:
    assert keys(library) == ["starter"]


def test_an_added_model_is_there_after_a_restart(
    library: Library, store: Path, written: Written
) -> None:
    added = library.add(written(single(SDXL), "big.safetensors"))
    assert Library(paths.starter_model(), store).all()[1:] == (added,)


def test_equal_names_get_keys_of_their_own(library: Library, written: Written) -> None:
    for place in ("a", "b", "c"):
        library.add(written(single(SD15), f"{place}/starter.safetensors"))
    assert keys(library) == ["starter", "starter-2", "starter-3", "starter-4"]


def test_a_model_added_twice_is_listed_once(library: Library, written: Written) -> None:
    path = written(single(SD15))
    assert library.add(path) == library.add(path)
    assert keys(library) == ["starter", "model"]


def test_a_model_is_found_by_key_and_by_path(library: Library, written: Written) -> None:
    path = written(single(SD15))
    added = library.add(path)
    assert library.get("model") == library.get(str(path)) == added


def test_a_path_that_is_not_listed_works_too(library: Library, written: Written) -> None:
    assert library.get(str(written(single(SDXL)))).family == "sdxl"


def test_an_unknown_model_is_answered_with_those_there_are(library: Library) -> None:
    with pytest.raises(ModelError, match=r"nobody.*starter"):
        library.get("nobody")


def test_a_model_that_is_gone_is_listed_and_refused_when_used(
    library: Library, written: Written
) -> None:
    path = written(single(SD15))
    library.add(path)
    path.unlink()
    assert keys(library) == ["starter", "model"]
    with pytest.raises(ModelError, match="no longer"):
        library.get("model")


def test_a_removed_model_leaves_the_list_and_not_the_disk(
    library: Library, written: Written
) -> None:
    path = written(single(SD15))
    library.remove(library.add(path).key)
    assert keys(library) == ["starter"]
    assert path.exists()


@pytest.mark.parametrize("key", ["starter", "nobody"])
def test_what_is_not_on_the_list_cannot_be_removed(library: Library, key: str) -> None:
    with pytest.raises(ModelError, match=key):
        library.remove(key)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"models": 3}', '{"models": [{"key": "x"}]}'])
def test_a_damaged_list_is_set_aside(library: Library, store: Path, text: str) -> None:
    store.parent.mkdir()
    store.write_text(text)
    assert keys(library) == ["starter"]
    assert store.with_suffix(".damaged.json").read_text() == text


def test_a_list_that_cannot_be_written_is_said(
    library: Library, store: Path, written: Written
) -> None:
    store.parent.write_text("a file where the folder should be")
    with pytest.raises(ModelError, match="list of models"):
        library.add(written(single(SD15)))


def test_without_the_starter_the_others_still_work(store: Path, written: Written) -> None:
    library = Library(store.parent / "starter", store)
    library.add(written(single(SD15)))
    assert keys(library) == ["model"]
    with pytest.raises(ModelError, match="starter"):
        library.get("starter")


def test_a_model_replaced_on_disk_is_read_anew(library: Library, written: Written) -> None:
    library.add(written(single(SD15, 4)))
    written(single(SD15, 9))
    assert library.get("model").inpainting
