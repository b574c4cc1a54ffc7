"""A layered picture to the records of a Photoshop file, one band of one layer at a time.

Source: Adobe Photoshop File Formats Specification, November 2019: layer and mask information.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import BinaryIO

import numpy as np
from PIL import ImageCms
from psd_tools.compression import compress
from psd_tools.constants import (
    BlendMode,
    ChannelID,
    ColorMode,
    Compression,
    Resource,
    SectionDivider,
    Tag,
)
from psd_tools.psd import PSD
from psd_tools.psd.header import FileHeader
from psd_tools.psd.image_data import ImageData
from psd_tools.psd.image_resources import ImageResource, ImageResources
from psd_tools.psd.layer_and_mask import (
    ChannelData,
    ChannelDataList,
    ChannelImageData,
    ChannelInfo,
    GlobalLayerMaskInfo,
    LayerAndMaskInformation,
    LayerFlags,
    LayerInfo,
    LayerRecord,
    LayerRecords,
)
from psd_tools.psd.tagged_blocks import TaggedBlocks

from studio.core.errors import FileError
from studio.core.geometry import Rect
from studio.core.pixels import Pixels, opaque
from studio.document.files.psd_modes import KEYS
from studio.document.layer import Group, Layer
from studio.document.layered import Layered
from studio.document.tiles import TILE, TileGrid

#: Channels of a layer in the order in which they are written, and our planes: alpha goes first.
_CHANNELS = {-1: 3, 0: 0, 1: 1, 2: 2}
_NOTHING = (Compression.RAW, b"")
_LOCK_ALL, _LOCK_ALPHA = 0x80000000, 0x01
_END_OF_GROUP = "</Layer group>"
#: Names in the old field are Pascal strings; the one that programs show is in a tagged block.
_OLD_NAME = 31
_PER_INCH, _INCHES = 1, 1
_LONGEST = (2 << 30) - (64 << 20)
_EMPTY = Rect(0, 0, 0, 0)


def write(picture: Layered, file: BinaryIO) -> None:
    """Write the file; what the format cannot hold is left out without a word.

    Raises:
        FileError: It would be longer than such a file may be.
    """
    records, data = LayerRecords(), ChannelImageData()
    for record, channels in _tree(picture.layers, 0, picture.bounds):
        records.append(record)
        data.append(channels)
    size = picture.bounds.size
    header = FileHeader(
        version=1,
        width=size.width,
        height=size.height,
        depth=8,
        channels=4,
        color_mode=ColorMode.RGB,
    )
    _check_length(data)
    info = LayerInfo(
        # Negative: the first alpha channel of the merged picture is its transparency.
        layer_count=-len(records),
        layer_records=records,
        channel_image_data=data,
    )
    merged = _packed(_on_white(picture.rows()), size.width, range(4))
    tables, rows = (b"".join(parts) for parts in zip(*merged, strict=True))
    PSD(
        header=header,
        image_resources=_resources(picture),
        layer_and_mask_information=LayerAndMaskInformation(
            info, GlobalLayerMaskInfo(), TaggedBlocks()
        ),
        image_data=ImageData(Compression.RLE, tables + rows),
    ).write(file)


def _check_length(data: ChannelImageData) -> None:
    total = sum(len(channel.data) for channels in data for channel in channels)
    if total > _LONGEST:
        raise FileError(
            "The picture is too large for a Photoshop file, which holds 2 GiB.",
            "Save it as OpenRaster (.ora).",
        )


def _tree(
    layers: Iterable[Layer], depth: int, bounds: Rect
) -> Iterator[tuple[LayerRecord, ChannelDataList]]:
    """Records bottom to top; a group is an end mark, its members, and its own record."""
    for group, members in groupby(layers, lambda each: (*each.groups, None)[depth]):
        if group is None:
            for layer in members:
                yield _layer(layer, bounds)
            continue
        yield _mark(_END_OF_GROUP, SectionDivider.BOUNDING_SECTION_DIVIDER)
        yield from _tree(members, depth + 1, bounds)
        record, channels = _mark(group.name, SectionDivider.OPEN_FOLDER)
        _show(record, group)
        if group.locked:
            record.tagged_blocks.set_data(Tag.PROTECTED_SETTING, _LOCK_ALL)
        yield record, channels


def _layer(layer: Layer, bounds: Rect) -> tuple[LayerRecord, ChannelDataList]:
    area = layer.pixels.tight_bounds()
    place = _EMPTY if area.empty else area.moved(-bounds.x, -bounds.y)
    record = _record(layer.name, place)
    _show(record, layer)
    locks = (_LOCK_ALL if layer.locked else 0) | (_LOCK_ALPHA if layer.alpha_locked else 0)
    if locks:
        record.tagged_blocks.set_data(Tag.PROTECTED_SETTING, locks)
    if area.empty:
        return record, _filled(record, [_NOTHING] * len(_CHANNELS))
    packed = _packed(_bands(layer.pixels, area), area.width, tuple(_CHANNELS.values()))
    return record, _filled(record, ((Compression.RLE, table + rows) for table, rows in packed))


def _mark(name: str, kind: SectionDivider) -> tuple[LayerRecord, ChannelDataList]:
    record = _record(name, _EMPTY)
    record.tagged_blocks.set_data(Tag.SECTION_DIVIDER_SETTING, kind=kind)
    return record, _filled(record, [_NOTHING] * len(_CHANNELS))


def _record(name: str, area: Rect) -> LayerRecord:
    # Halves of surrogate pairs, which such a file cannot say, become question marks.
    name = name.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    plain = name.encode("ascii", "replace").decode()[:_OLD_NAME]
    record = LayerRecord(top=area.y, left=area.x, bottom=area.bottom, right=area.right, name=plain)
    record.tagged_blocks.set_data(Tag.UNICODE_LAYER_NAME, name)
    return record


def _show(record: LayerRecord, each: Layer | Group) -> None:
    record.opacity = round(each.opacity * 255)
    record.flags = LayerFlags(visible=each.visible)
    record.blend_mode = BlendMode(KEYS.get(each.blend, KEYS["normal"]))
    setting = record.tagged_blocks.get_data(Tag.SECTION_DIVIDER_SETTING)
    if setting is not None:
        setting.signature = b"8BIM"
        setting.blend_mode = record.blend_mode


def _filled(record: LayerRecord, data: Iterable[tuple[Compression, bytes]]) -> ChannelDataList:
    """The channels of a record, which is told their lengths."""
    channels = ChannelDataList()
    for identity, (how, packed) in zip(_CHANNELS, data, strict=True):
        channels.append(ChannelData(how, packed))
        record.channel_info.append(ChannelInfo(ChannelID(identity), len(packed) + 2))
    return channels


def _packed(
    bands: Iterable[Pixels], width: int, planes: Sequence[int]
) -> list[tuple[bytes, bytes]]:
    """Of each plane: the packed lengths of its rows, and the rows.

    A band at a time, for packing holds the interpreter, and the window wants it back.
    """
    tables = [bytearray() for _ in planes]
    rows = [bytearray() for _ in planes]
    for band in bands:
        for plane, table, data in zip(planes, tables, rows, strict=True):
            flat = np.ascontiguousarray(band[..., plane]).tobytes()
            packed = compress(flat, Compression.RLE, width, len(band), 8)
            table += packed[: 2 * len(band)]
            data += packed[2 * len(band) :]
    return [(bytes(table), bytes(data)) for table, data in zip(tables, rows, strict=True)]


def _bands(grid: TileGrid, area: Rect) -> Iterator[Pixels]:
    for top in range(area.y, area.bottom, TILE):
        yield grid.read(Rect(area.x, top, area.width, min(TILE, area.bottom - top)))


def _on_white(bands: Iterable[Pixels]) -> Iterator[Pixels]:
    """The merged picture of such files is laid on white, with its transparency beside it."""
    for band in bands:
        yield np.dstack([opaque(band), band[..., 3]])


def _resources(picture: Layered) -> ImageResources:
    resources = ImageResources.new()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    resources[Resource.ICC_PROFILE] = ImageResource(key=Resource.ICC_PROFILE.value, data=profile)
    if picture.dpi is not None:
        across, down = (round(min(each, 30000) * 65536) for each in picture.dpi)
        info = struct.pack(">I2HI2H", across, _PER_INCH, _INCHES, down, _PER_INCH, _INCHES)
        resources[Resource.RESOLUTION_INFO] = ImageResource(
            key=Resource.RESOLUTION_INFO.value, data=info
        )
    return resources
