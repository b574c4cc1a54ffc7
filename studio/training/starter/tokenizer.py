"""A byte-level CLIP tokenizer of some thousand entries in which any prompt tokenises."""

import json
from collections.abc import Iterable
from pathlib import Path

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

from studio.training.starter.parts import Tokenizer as ClipTokenizer
from studio.training.starter.parts import text_library
from studio.training.starter.presets import MAX_TOKENS

START, END = "<|startoftext|>", "<|endoftext|>"
_WORD_END = "</w>"
_PIECES = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"

_COMMON = """
a photo of the and with without more less very bright dark light warm cold old new tall wide sky
tree trees house roof field grass water stone road path bridge garden forest summer winter
spring autumn rain fog mist window door wall sand beach ship sun moon star cloud child dog bird
man woman people person face car city street table flower remove fill background clean object
nothing empty picture painting drawing style art beautiful detailed high quality black gold
silver wooden in on at under over near behind front left right middle top bottom
"""

COMMON_WORDS = _COMMON.split()
"""English that artists type beside the world's own words, so that it stays short in tokens."""


def train_tokenizer(corpus: Iterable[str], folder: Path, size: int = 1600) -> ClipTokenizer:
    """Learn the merges from ``corpus``, write the tokenizer into ``folder`` and return it.

    The vocabulary holds all 256 bytes, all 256 bytes at a word's end, then the merges, then the
    two special tokens: without the bytes a foreign letter would become an unknown token.
    vocab.json and merges.txt stay beside tokenizer.json for readers older than transformers 5.
    """
    merges = _learn_merges(corpus, size)
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    entries = alphabet + [letter + _WORD_END for letter in alphabet]
    known = set(entries)
    kept = []
    for left, right in merges:
        if left in known and right in known:
            kept.append(f"{left} {right}")
            if left + right not in known:
                entries.append(left + right)
                known.add(left + right)
    entries += [START, END]
    return _write(entries, kept, folder)


def _learn_merges(corpus: Iterable[str], size: int) -> list[tuple[str, str]]:
    learner = Tokenizer(models.BPE(end_of_word_suffix=_WORD_END, continuing_subword_prefix=""))
    learner.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
    )
    learner.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_PIECES), behavior="removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        min_frequency=2,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        end_of_word_suffix=_WORD_END,
        continuing_subword_prefix="",
        show_progress=False,
    )
    learner.train_from_iterator(corpus, trainer)
    merges = json.loads(learner.to_str())["model"]["merges"]
    return [_pair(merge) for merge in merges]


def _pair(merge: str | list[str]) -> tuple[str, str]:
    """One merge rule; older releases of tokenizers write it as one string."""
    left, right = merge.split(" ") if isinstance(merge, str) else merge
    return left, right


def _write(entries: list[str], merges: list[str], folder: Path) -> ClipTokenizer:
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = {entry: index for index, entry in enumerate(entries)}
    vocab_file, merges_file = folder / "vocab.json", folder / "merges.txt"
    vocab_file.write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
    merges_file.write_text("\n".join(["#version: 0.2", *merges, ""]), encoding="utf-8")
    tokenizer = text_library.CLIPTokenizer(
        vocab=str(vocab_file),
        merges=str(merges_file),
        model_max_length=MAX_TOKENS,
        pad_token=END,
    )
    tokenizer.save_pretrained(folder)
    return tokenizer
