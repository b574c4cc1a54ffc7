"""The tokenizer, and the text encoder: it learns what a caption says.

A text encoder trained through the UNet spends most of the samples a CPU can afford on learning
what the words mean. Here it predicts the facts of a scene from its caption, out of the states that
the UNet will read; after that it stays as it is.
"""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import torch
from torch import Tensor

from studio.training.starter.architecture import build_text_encoder
from studio.training.starter.attributes import labels, local_labels
from studio.training.starter.data import HELD_OUT, TRAIN, Pictures
from studio.training.starter.heads import FactHeads, accuracies, facts_loss
from studio.training.starter.parts import TextEncoder, Tokenizer, load_tokenizer
from studio.training.starter.presets import MAX_TOKENS, Preset
from studio.training.starter.progress import train
from studio.training.starter.run import Run
from studio.training.starter.scenes.captions import (
    SEEN,
    caption,
    empty_caption,
    full_caption,
    local_caption,
)
from studio.training.starter.tokenizer import COMMON_WORDS, train_tokenizer

_BATCH = 64


def build_tokenizer(folder: Path) -> Tokenizer:
    """The tokenizer in ``folder``, learnt from captions of the drawn pictures where it is missing.

    Another one would make nonsense of weights trained with the first, and more pictures may have
    been drawn since.
    """
    if (folder / "tokenizer").exists():
        return load_tokenizer(folder / "tokenizer")
    pictures = Pictures(folder / "pictures", TRAIN)
    return train_tokenizer(_corpus(pictures), folder / "tokenizer")


def train_text(
    folder: Path, preset: Preset, device: torch.device, minutes: float, total: float
) -> None:
    """One slice of it; the result is ``folder``/text_encoder."""
    tokenizer = build_tokenizer(folder)
    pictures, held_out = (Pictures(folder / "pictures", s) for s in (TRAIN, HELD_OUT))
    torch.manual_seed(0)
    text = build_text_encoder(preset, tokenizer).to(device)
    heads = FactHeads(preset.text_width).to(device)
    run = Run(folder / "text.checkpoint", {"text": text, "heads": heads}, 1e-3, 60 * total)

    def step(number: int) -> tuple[Tensor, int]:
        random = Random(f"text {number}")
        torch.manual_seed(number)
        pairs = [_pair(pictures, random) for _ in range(_BATCH)]
        with torch.autocast(device.type, torch.bfloat16):
            states, ends = encoded(text, tokenizer, [words for words, _ in pairs])
        truth = torch.tensor([facts for _, facts in pairs], device=device)
        # The UNet reads every state, so that of the end and those of the padding must all tell.
        places = torch.stack([ends, _padding(ends)])
        rows = torch.arange(len(pairs), device=device)
        return sum_loss([heads(states[rows, place]) for place in places], truth), len(pairs)

    def on_save() -> None:
        random = Random("text held out")
        chosen = range(min(512, len(held_out)))
        words = [full_caption(held_out.scene(i), held_out.placed[i], random) for i in chosen]
        truth = torch.tensor([labels(held_out.scene(i), held_out.placed[i]) for i in chosen])
        with torch.no_grad():
            states, ends = encoded(text, tokenizer, words)
            scores = [s.cpu() for s in heads(states[torch.arange(len(words)), ends])]
        rates = accuracies(scores, truth)
        print("held out:", {name: round(rate, 2) for name, rate in rates.items()}, flush=True)
        text.save_pretrained(folder / "text_encoder")

    train(run, minutes, step, on_save)


def encoded(text: TextEncoder, tokenizer: Tokenizer, captions: list[str]) -> tuple[Tensor, Tensor]:
    """Hidden states [n, 77, width] of captions, and the place of each one's end token [n]."""
    ids = tokenize(tokenizer, captions).to(text.device)
    ends = (ids == tokenizer.eos_token_id).int().argmax(1)
    return text(ids).last_hidden_state, ends


def tokenize(tokenizer: Tokenizer, captions: list[str]) -> Tensor:
    """Token ids, int64 [n, 77], padded and cut."""
    batch = tokenizer(
        captions, padding="max_length", max_length=MAX_TOKENS, truncation=True, return_tensors="pt"
    )
    ids: Tensor = batch["input_ids"]
    return ids


def sum_loss(scores: list[list[Tensor]], truth: Tensor) -> Tensor:
    """The losses of several readings of the same captions, added up."""
    total = facts_loss(scores[0], truth)
    for reading in scores[1:]:
        total = total + facts_loss(reading, truth)
    return total


def _padding(ends: Tensor) -> Tensor:
    """A random place behind each end token, or the end itself where the prompt is full."""
    room = (MAX_TOKENS - 1 - ends).clamp_min(0)
    return ends + (torch.rand_like(room, dtype=torch.float32) * (room + 1)).long().clamp(max=room)


def _pair(pictures: Pictures, random: Random) -> tuple[str, list[int]]:
    """A caption and the facts it may be asked for."""
    index = random.randrange(len(pictures))
    scene, placed = pictures.scene(index), pictures.placed[index]
    lot = random.random()
    if lot < 0.1:
        return empty_caption(scene, random, on_ground=True), local_labels(scene, ())
    seen = [spot.index for spot in placed if spot.visible >= SEEN]
    if lot < 0.45 and seen:
        covered = random.sample(seen, random.randint(1, min(2, len(seen))))
        return local_caption(scene, placed, covered, random), local_labels(scene, covered)
    if lot < 0.7:
        return full_caption(scene, placed, random), labels(scene, placed)
    return caption(scene, placed, random), labels(scene, placed)


def _corpus(pictures: Pictures) -> Iterator[str]:
    random = Random("corpus")
    for _ in range(30_000):
        yield _pair(pictures, random)[0]
    for _ in range(1500):
        yield " ".join(random.choice(COMMON_WORDS) for _ in range(8))
