"""Text of strangers, made fit for one line."""

from __future__ import annotations

from typing import Final
from unicodedata import category

# They reorder what follows them, beyond the cell that they are in.
_BIDI: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_CONTROLS: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})


def plain(text: str) -> str:
    """The text on one line, without control characters; emoji and scripts stay."""
    return " ".join("".join(map(_seen, text)).split())


def _seen(character: str) -> str:
    if character in _BIDI:
        return ""
    return " " if category(character) in _CONTROLS else character
