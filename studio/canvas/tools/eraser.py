"""Eraser: the brush, taking away."""

from __future__ import annotations

from typing import ClassVar

from studio.canvas.tools.brush import Brush


class Eraser(Brush):
    """Lowers the mask's density, or a layer's alpha."""

    name: ClassVar[str] = "eraser"
    erases: ClassVar[bool] = True
