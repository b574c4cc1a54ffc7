import numpy as np
import pytest

from studio.core.geometry import Rect
from studio.document import edits
from studio.document.document import Document
from studio.document.masks import Mask


def filled(rect: Rect, density: int = 255, **properties: object) -> Mask:
    mask = Mask("extra")
    mask.pixels.fill(rect, (density,))
    for name, value in properties.items():
        setattr(mask, name, value)
    return mask


@pytest.fixture
def masked(document: Document) -> Document:
    """Densities of 200 left, of 100 over the middle at half strength, and a hidden one."""
    document.masks.write(Rect(0, 0, 20, 10), np.full((10, 20), 200, np.uint8))
    document.masks.insert(filled(Rect(10, 0, 20, 10), 100, strength=0.5), 1)
    document.masks.insert(filled(Rect(0, 0, 300, 200), visible=False), 2)
    return document


def test_a_run_reads_the_strongest_visible_mask(masked: Document) -> None:
    read = masked.masks.effective(Rect(-5, 5, 40, 1))
    assert read.tolist() == [[0] * 5 + [200] * 20 + [50] * 10 + [0] * 5]


def test_the_bounds_are_those_of_all_visible_masks(masked: Document) -> None:
    assert masked.masks.bounds() == Rect(0, 0, 30, 10)
    assert not masked.masks.all_hidden()
    for mask in masked.masks.all:
        masked.masks.set_properties(mask, visible=False)
    assert masked.masks.bounds().empty
    assert masked.masks.all_hidden()
    assert not masked.masks.effective(Rect(0, 0, 30, 10)).any()


def test_a_new_mask_is_active_and_differs_in_name_and_colour(document: Document) -> None:
    for _ in range(3):
        document.history.push(edits.AddMask(document))
    assert document.masks.active is document.masks.all[-1]
    assert [mask.name for mask in document.masks.all] == ["mask", "mask 2", "mask 3", "mask 4"]
    assert len({mask.colour for mask in document.masks.all}) == 4


def test_strokes_are_undone_on_the_mask_they_were_painted_on(document: Document) -> None:
    first = document.masks.active
    area = Rect(0, 0, 4, 4)
    document.history.push(edits.MaskWrite(document, area, np.full((4, 4), 9, np.uint8)))
    document.masks.insert(Mask("other"), 1)
    document.masks.select(document.masks.all[1])
    document.history.undo()
    assert first.bounds().empty
    document.history.redo()
    assert first.bounds() == area
    assert document.masks.active.bounds().empty


def test_the_last_mask_stays(document: Document) -> None:
    with pytest.raises(ValueError, match="last mask"):
        edits.RemoveMask(document, document.masks.active)
    with pytest.raises(ValueError, match="last mask"):
        document.masks.remove(document.masks.active)


def test_choosing_a_mask_tells_both_areas(masked: Document) -> None:
    told: list[Rect] = []
    masked.masks.changed.connect(told.append)
    masked.masks.select(masked.masks.all[1])
    masked.masks.select(masked.masks.all[1])
    assert told == [Rect(0, 0, 256, 256)]


def test_the_list_of_masks_tells_when_it_changes(document: Document) -> None:
    told: list[str] = []
    document.masks.listing_changed.connect(lambda: told.append(document.masks.active.name))
    document.history.push(edits.AddMask(document))
    document.history.push(edits.MoveMask(document, document.masks.active, 0))
    document.history.push(edits.MaskProperties(document, name="sky"))
    document.history.push(edits.RemoveMask(document, document.masks.active))
    assert told == ["mask", "mask 2", "mask 2", "sky", "mask"]


def test_settings_of_two_masks_never_merge(document: Document) -> None:
    document.masks.insert(Mask("other"), 1)
    for mask in document.masks.all:
        document.history.push(edits.MaskProperties(document, mask=mask, strength=0.5))
    assert document.history.count() == 2


def test_opening_leaves_one_empty_mask(masked: Document) -> None:
    masked.open_pixels(np.zeros((4, 4, 4), np.uint8))
    assert len(masked.masks.all) == 1
    assert masked.masks.bounds().empty
