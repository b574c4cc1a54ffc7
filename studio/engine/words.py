"""CLIP's tokenizers, built from its merge rules; single-file checkpoints carry none."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

from transformers import CLIPTokenizer

_START, _END = "<|startoftext|>", "<|endoftext|>"
#: Tokens that CLIP's text encoders read.
_LONGEST = 77


def tokenizers(merges_file: Path) -> dict[str, CLIPTokenizer]:
    """The tokenizers of a Stable Diffusion pipeline by the name of their component.

    Args:
        merges_file: gzip of UTF-8 lines 'left right', in the order of their rank.

    Returns:
        'tokenizer', which pads with the end token, and 'tokenizer_2', which pads with token 0.
    """
    with gzip.open(merges_file, "rt", encoding="utf-8") as lines:
        rules = [line.split() for line in lines if line.strip()]
    letters = _letters()
    words = letters + [letter + "</w>" for letter in letters]
    words += [left + right for left, right in rules] + [_START, _END]
    ranked: Any = [(left, right) for left, right in rules]  # annotated as strings, used as pairs
    vocabulary = {word: index for index, word in enumerate(words)}
    return {
        name: CLIPTokenizer(
            vocab=vocabulary, merges=ranked, model_max_length=_LONGEST, pad_token=padding
        )
        for name, padding in (("tokenizer", _END), ("tokenizer_2", letters[0]))
    }


def _letters() -> list[str]:
    """The 256 characters that stand for bytes, in CLIP's order: the printable ones first.

    Source: A. Radford et al., Language models are unsupervised multitask learners (2019),
        byte-level encoding.
    """
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    rest = 256 - len(printable)
    return [chr(code) for code in printable] + [chr(256 + index) for index in range(rest)]
