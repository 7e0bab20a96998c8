"""Lines of a terminal: how wide text is there, wrapped, and set in columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final
from unicodedata import combining, east_asian_width

_GAP: Final = "  "


def cells(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(map(_cells, text))


def _cells(character: str) -> int:
    if combining(character):
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


def left(text: str, width: int) -> str:
    """The text at the left of so many columns."""
    return text + " " * (width - cells(text))


def right(text: str, width: int) -> str:
    """The text at the right of so many columns."""
    return " " * (width - cells(text)) + text


def wrapped(text: str, width: int, *, indent: str = "", hang: str = "") -> list[str]:
    """The text on lines of at most that width, the first one indented by `indent`,
    all others by `hang` more. Words that are too long are cut."""
    lines: list[str] = []
    line, begin = "", indent
    for word in chain.from_iterable(
        _cut(word, width - cells(indent + hang)) for word in text.split()
    ):
        longer = f"{line} {word}" if line else word
        if line and cells(begin + longer) > width:
            lines.append(begin + line)
            line, begin = word, indent + hang
        else:
            line = longer
    return [*lines, begin + line] if line else lines


def _cut(word: str, width: int) -> Iterator[str]:
    """The word in pieces of at most that width."""
    piece, size = "", 0
    for character in word:
        if size + _cells(character) > width:
            yield piece
            piece, size = "", 0
        piece += character
        size += _cells(character)
    yield piece


def columns(
    heads: Sequence[str], rows: Sequence[Sequence[str]], width: int
) -> list[str] | None:
    """A table, its first column at the left, all others at the right; None where it
    is wider than that."""
    table = [heads, *rows]
    widths = [max(map(cells, column)) for column in zip(*table, strict=True)]
    if sum(widths) + len(_GAP) * (len(widths) - 1) > width:
        return None
    return [
        _GAP.join(
            (left if number == 0 else right)(cell, size)
            for number, (cell, size) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in table
    ]
