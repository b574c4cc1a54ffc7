"""One command per kind of change; pushed to the history, each is one step of undo.

A command writes pixels, so pushing it after live painting is harmless. A gesture that changed
nothing leaves no step.
"""

from studio.document.edits.groups import (
    GroupLayers,
    GroupProperties,
    Ungroup,
    common,
    members,
)
from studio.document.edits.layers import (
    AddLayer,
    AddTake,
    LayerProperties,
    MoveLayer,
    RemoveLayer,
)
from studio.document.edits.mask_list import (
    AddMask,
    MoveMask,
    RemoveMask,
)
from studio.document.edits.mask_shapes import (
    MagicWand,
    MaskBorder,
    MaskColourRange,
    MaskFeather,
    MaskFillHoles,
    MaskFromAlpha,
    MaskGrow,
    MaskImport,
    MaskSelect,
    MaskShrink,
    mask_image,
)
from studio.document.edits.masks import (
    MaskClear,
    MaskInvert,
    MaskProperties,
    MaskReplace,
    MaskWrite,
)
from studio.document.edits.merges import (
    Merge,
    MergeDown,
    MergeLayers,
)
from studio.document.edits.picture import (
    Crop,
    ResizeCanvas,
    ResizeImage,
    TurnPicture,
)
from studio.document.edits.place import (
    MoveFrame,
    SetBounds,
)
from studio.document.edits.several import (
    ArrangeLayers,
    DuplicateLayers,
    RemoveLayers,
    SetLayers,
    TransformLayers,
    refuse_locked,
    refuse_locked_alpha,
)
from studio.document.edits.stack import (
    AddPaintLayer,
    ClearLayer,
    DuplicateLayer,
    FlattenLayers,
    LayerReplace,
)
from studio.document.edits.strokes import (
    LayerStroke,
    MaskStroke,
)
from studio.document.edits.transforms import (
    ShiftLayer,
    TransformLayer,
)

__all__ = [
    "AddLayer",
    "AddMask",
    "AddPaintLayer",
    "AddTake",
    "ArrangeLayers",
    "ClearLayer",
    "Crop",
    "DuplicateLayer",
    "DuplicateLayers",
    "FlattenLayers",
    "GroupLayers",
    "GroupProperties",
    "LayerProperties",
    "LayerReplace",
    "LayerStroke",
    "MagicWand",
    "MaskBorder",
    "MaskClear",
    "MaskColourRange",
    "MaskFeather",
    "MaskFillHoles",
    "MaskFromAlpha",
    "MaskGrow",
    "MaskImport",
    "MaskInvert",
    "MaskProperties",
    "MaskReplace",
    "MaskSelect",
    "MaskShrink",
    "MaskStroke",
    "MaskWrite",
    "Merge",
    "MergeDown",
    "MergeLayers",
    "MoveFrame",
    "MoveLayer",
    "MoveMask",
    "RemoveLayer",
    "RemoveLayers",
    "RemoveMask",
    "ResizeCanvas",
    "ResizeImage",
    "SetBounds",
    "SetLayers",
    "ShiftLayer",
    "TransformLayer",
    "TransformLayers",
    "TurnPicture",
    "Ungroup",
    "common",
    "mask_image",
    "members",
    "refuse_locked",
    "refuse_locked_alpha",
]
