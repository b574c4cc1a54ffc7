"""How much a file of layers may hold, measured by the picture that it says it is."""

from __future__ import annotations

from studio.core.errors import FileError
from studio.core.geometry import Size
from studio.core.request import MAX_EDGE

MOST_LAYERS = 2000
#: A layer may be that many times as large as the picture, and always as large as any picture: a
#: crop leaves what lies beyond the picture on its layers.
_WIDE, _ROOMY = 16, MAX_EDGE * MAX_EDGE
#: All layers together may hold that many pictures, and always that many px.
_MANY, _PLENTY = 400, 1 << 29


class Budget:
    """What is left to the layers of one file."""

    def __init__(self, size: Size | None, name: str) -> None:
        """Of a picture of that size; `name` is for messages.

        Raises:
            FileError: No picture has such a size.
        """
        if size is None or size.empty:
            raise FileError(
                f"'{name}' is damaged: it does not say how large its picture is.",
                "Nothing was opened. Copy or download the file again.",
            )
        if max(size.width, size.height) > MAX_EDGE:
            raise FileError(
                f"'{name}' has {size.width} x {size.height} px.",
                f"The studio works on at most {MAX_EDGE} px a side: scale or cut it in another "
                "program first.",
            )
        self.size = size
        self._name, self._area, self._layers = name, 0, 0

    def take(self, layer: Size) -> None:
        """Count one more layer.

        Raises:
            FileError: That is more than any picture needs.
        """
        if self._layers == MOST_LAYERS:
            raise self._refused(f"it has more than {MOST_LAYERS} layers")
        if not self.holds(layer):
            raise self._refused(
                f"its layers are far larger than its picture of {self.size.width} x "
                f"{self.size.height} px"
            )
        self._layers += 1
        self._area += layer.area

    def holds(self, layer: Size) -> bool:
        """Whether a layer of that size may be one more."""
        most = max(_WIDE * self.size.area, _ROOMY)
        whole = max(_MANY * self.size.area, _PLENTY) - self._area
        return self._layers < MOST_LAYERS and layer.area <= min(most, whole)

    def _refused(self, why: str) -> FileError:
        return FileError(
            f"'{self._name}' was not opened: {why}.",
            "Open it in the program it came from, merge or crop its layers, and save it anew.",
        )
