"""Grid: where the pictures of a batch stand in its contact sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

#: No batch is larger.
_MOST = 1024


@dataclass(frozen=True, slots=True)
class Grid:
    """What of a batch outlives the program.

    Attributes:
        columns: What stands over each column.
        rows: What stands beside each row.
        places: Column and row of each picture, in the order in which they are made.
        made: So many were made before the program was started anew.
        order: The number of the order that makes them, also after a start anew; 0: not kept yet.
    """

    columns: tuple[str, ...]
    rows: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    made: int = 0
    order: int = 0

    def told(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self)

    @classmethod
    def of(cls, told: object) -> Grid | None:
        """The grid again from what `told` gave, as it was read from a file; else None."""
        if not isinstance(told, Mapping):
            return None
        try:
            columns, rows = (tuple(map(str, told[name])) for name in ("columns", "rows"))
            places = tuple((int(column), int(row)) for column, row in told["places"])
            made, order = int(told["made"]), int(told["order"])
        except (KeyError, TypeError, ValueError, OverflowError):
            return None
        inside = all(0 <= x < len(columns) and 0 <= y < len(rows) for x, y in places)
        whole = 0 < len(places) <= _MOST and len(columns) * len(rows) <= _MOST
        return cls(columns, rows, places, made, order) if inside and whole and made >= 0 else None
