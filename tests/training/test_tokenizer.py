from pathlib import Path

import pytest

from studio.training.starter.parts import Tokenizer, load_tokenizer
from studio.training.starter.text_training import tokenize
from studio.training.starter.tokenizer import COMMON_WORDS, train_tokenizer


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    folder = tmp_path_factory.mktemp("tokenizer")
    train_tokenizer(["a red house by a lake"] * 20 + COMMON_WORDS * 3, folder, size=700)
    return load_tokenizer(folder)


@pytest.mark.parametrize(
    "prompt",
    [
        "a red house by a lake",
        "ein größeres haus",
        "猫 и кошка",
        "🙂 zebra 123 !?",
        "tab and\u00a0space",
        "",
    ],
)
def test_any_prompt_comes_back_as_it_was(tokenizer: Tokenizer, prompt: str) -> None:
    ids = tokenize(tokenizer, [prompt])[0]
    text = tokenizer.decode(ids, skip_special_tokens=True)
    assert "".join(text.split()) == "".join(prompt.split())


def test_every_single_byte_has_a_token(tokenizer: Tokenizer) -> None:
    unknown = tokenizer.convert_tokens_to_ids("<|endoftext|>")
    for code in range(0x100, 0x800, 7):
        ids = tokenizer(chr(code), add_special_tokens=False).input_ids
        assert unknown not in ids


def test_a_long_prompt_is_cut_to_the_models_length(tokenizer: Tokenizer) -> None:
    ids = tokenize(tokenizer, ["zebra " * 200])
    assert ids.shape == (1, 77)
    assert int(ids[0, -1]) == tokenizer.eos_token_id


def test_older_readers_find_their_two_files(tmp_path: Path) -> None:
    train_tokenizer(["a red house"] * 9, tmp_path, size=600)
    assert {"vocab.json", "merges.txt", "tokenizer.json"} <= {f.name for f in tmp_path.iterdir()}
