"""What an artist types, made safe to encode, store and show."""

from __future__ import annotations

import unicodedata

#: Longest prompt kept, in characters; no text encoder reads more than a few hundred words.
PROMPT_LIMIT = 32_000


def clean(text: str) -> str:
    """Text that any encoder and file accepts.

    Lone surrogates become question marks, control characters are dropped. Newlines
    and tabs stay; the length is not changed otherwise.
    """
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(one for one in whole if one in "\n\t" or unicodedata.category(one) != "Cc")
