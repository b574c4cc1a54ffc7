"""Sfumato: a desktop studio in which artists paint with diffusion."""

__version__ = "0.1.0"
