"""Sizes and rectangles in whole pixels, and the arithmetic that planning needs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in pixels."""

    width: int
    height: int

    @property
    def area(self) -> int:
        """Number of pixels."""
        return self.width * self.height

    @property
    def empty(self) -> bool:
        """Whether there is no pixel at all."""
        return self.width <= 0 or self.height <= 0


@dataclass(frozen=True, slots=True)
class Rect:
    """A half-open rectangle: columns x to x + width - 1, rows y to y + height - 1.

    x and y may be negative: the frame may reach beyond the picture.
    """

    x: int
    y: int
    width: int
    height: int

    @classmethod
    def of(cls, size: Size) -> Rect:
        """The rectangle of a whole picture of that size."""
        return cls(0, 0, size.width, size.height)

    @classmethod
    def between(cls, left: int, top: int, right: int, bottom: int) -> Rect:
        """The rectangle from its edges; right and bottom are exclusive."""
        return cls(left, top, right - left, bottom - top)

    @property
    def right(self) -> int:
        """First column to the right of the rectangle."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """First row below the rectangle."""
        return self.y + self.height

    @property
    def size(self) -> Size:
        """Its size alone."""
        return Size(self.width, self.height)

    @property
    def empty(self) -> bool:
        """Whether it holds no pixel."""
        return self.width <= 0 or self.height <= 0

    @property
    def rows(self) -> slice:
        """Rows as an array index; meaningful where y >= 0."""
        return slice(self.y, self.bottom)

    @property
    def columns(self) -> slice:
        """Columns as an array index; meaningful where x >= 0."""
        return slice(self.x, self.right)

    def moved(self, dx: int, dy: int) -> Rect:
        """The same rectangle at another place."""
        return Rect(self.x + dx, self.y + dy, self.width, self.height)

    def grown(self, margin: int) -> Rect:
        """Wider by `margin` pixels on each side (narrower when negative)."""
        return Rect(
            self.x - margin, self.y - margin, self.width + 2 * margin, self.height + 2 * margin
        )

    def intersected(self, other: Rect) -> Rect:
        """The common part; an empty rectangle when there is none."""
        left, top = max(self.x, other.x), max(self.y, other.y)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        return Rect(left, top, max(0, right - left), max(0, bottom - top))

    def united(self, other: Rect) -> Rect:
        """The smallest rectangle around both; an empty one adds nothing."""
        if self.empty:
            return other
        if other.empty:
            return self
        return Rect.between(
            min(self.x, other.x),
            min(self.y, other.y),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def contains(self, other: Rect) -> bool:
        """Whether `other` lies wholly inside; an empty one always does."""
        return other.empty or (
            self.x <= other.x
            and self.y <= other.y
            and other.right <= self.right
            and other.bottom <= self.bottom
        )


def snap_up(value: int, grid: int) -> int:
    """The smallest multiple of `grid` that is at least `value`, and at least one `grid`."""
    return max(grid, -(-value // grid) * grid)


def snap_nearest(value: float, grid: int) -> int:
    """The multiple of `grid` nearest to `value`, and at least one `grid`."""
    return max(grid, round(value / grid) * grid)
