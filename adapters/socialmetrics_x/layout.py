"""Answers by the hour that are laid out alike, read as one array.

In nearly every large answer all series have the same hours in the same order, and the
figures are whole numbers as text, written without blanks. Then the first series tells
where the digits of all others stand, and only the digits differ. Whatever is laid out
in any other way is left to whoever reads it figure by figure.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Final

import attrs
import msgspec
import numpy as np
from numpy.typing import NDArray

from socialmetrics.series.columns import ints
from socialmetrics.typed import decoder

Signs = NDArray[np.uint8]
Words = NDArray[np.uint64]
Places = NDArray[np.intp]
Values = NDArray[np.float64]
Key = tuple[str, str]
_Days = dict[str, dict[str, str]]
"""The texts of a series, by day and hour."""

_QUOTE: Final = ord('"')
_WORD: Final = 8
"""Bytes that are looked at in one go. A figure of more digits is read otherwise."""
_MARGIN: Final = b" " * _WORD
_BRACE: Final = ord("}")
_ZERO: Final = ord("0")
_TWO: Final = np.uint64(0x000000FF000000FF)
_ZEROS: Final = np.uint64(0x3030303030303030)
_OVER_NINE: Final = np.uint64(0x7676767676767676)
_HIGH: Final = np.uint64(0x8080808080808080)
_USED: Final = np.array([256**_WORD - 256 ** (_WORD - n) for n in range(9)], np.uint64)
"""The bytes of a word that so many digits at its end take."""


@attrs.frozen(eq=False)
class Table:
    """The day and hour of every column; post, metric and figures of every series."""

    hours: tuple[Key, ...]
    rows: tuple[tuple[str, str, Values], ...]


class _Uneven(Exception):
    """It is laid out in another way."""


def table(raw: msgspec.Raw) -> Table | None:
    """The figures of an answer that is known to be JSON; None where they are uneven."""
    text = b"".join((_MARGIN, raw, _MARGIN))
    if b"\\" not in text:
        with suppress(_Uneven, msgspec.MsgspecError, UnicodeDecodeError):
            return _table(text)
    return None


def _table(text: bytes) -> Table:
    signs = np.frombuffer(text, np.uint8)
    layout = _layout(text, signs)
    rows: list[tuple[str, str, Values]] = []
    begin = _WORD
    for end in _ends(signs):
        quotes = np.flatnonzero(signs[begin:end] == _QUOTE) + begin
        rows += layout.series(quotes, b"," if rows else b"{")
        begin = end
    is_whole = text[begin:] == b"}" + _MARGIN
    if not is_whole or len({row[:2] for row in rows}) < len(rows):
        raise _Uneven
    return Table(layout.hours, tuple(rows))


def _ends(signs: Signs) -> list[int]:
    """Where the posts end: each closes a day, a metric and itself."""
    braces = np.flatnonzero(signs == _BRACE)
    found = braces[2:][braces[2:] - braces[:-2] == 2] + 1
    return ints(found[:-1])  # The last brace closes all of them.


@attrs.frozen(eq=False)
class _Layout:
    """How the first series of a text is written.

    `width` counts its quotes, those around the metric's name included; `opens` are the
    numbers of those that begin a figure. `head` stands between name and first figure,
    `gaps` are the steps from the end of a figure to the begin of the next. What stands
    there is looked at in `pieces`: of which gaps, how far from the figure, what.
    """

    text: bytes
    signs: Signs
    words: Words
    hours: tuple[Key, ...]
    width: int
    opens: Places
    head: bytes
    gaps: Places
    pieces: tuple[tuple[Places | slice, Places, Words], ...]

    def series(self, quotes: Places, sign: bytes) -> Iterator[tuple[str, str, Values]]:
        """The series of the post that has these quotes. `sign` stands before it."""
        count, rest = divmod(len(quotes) - 2, self.width)
        if rest or not count:
            raise _Uneven
        rows = quotes[2:].reshape(count, self.width)
        opens, closes = rows[:, self.opens], rows[:, self.opens + 1]
        self._check(opens, closes)
        values = self._numbers(opens, closes)
        post = self._within(*quotes[:2].tolist())
        before = int(quotes[0]) - 1, sign + f'"{post}":{{'.encode()
        firsts, lasts = opens[:, 0].tolist(), closes[:, -1].tolist()
        for number, (begin, end) in enumerate(rows[:, :2].tolist()):
            name = self._within(begin, end)
            place, text = before
            whole = text + f'"{name}"'.encode() + self.head
            if self.text[place : firsts[number] + 1] != whole:
                raise _Uneven
            before = lasts[number], b'"}},'
            yield post, name, values[number]

    def _within(self, begin: int, end: int) -> str:
        return self.text[begin + 1 : end].decode()

    def _check(self, opens: Places, closes: Places) -> None:
        """Between figures stands what stands there in the first series."""
        if ((opens[:, 1:] - closes[:, :-1]) != self.gaps).any():
            raise _Uneven
        for gaps, steps, words in self.pieces:
            if (self.words[closes[:, gaps] + steps] != words).any():
                raise _Uneven

    def _numbers(self, opens: Places, closes: Places) -> Values:
        """The whole numbers between those quotes."""
        lengths = closes - opens - 1
        if lengths.min() < 1 or lengths.max() > _WORD:
            raise _Uneven
        # The last digit is in the highest byte. What stands before the first goes.
        digits = (self.words[closes - _WORD] ^ _ZEROS) & _USED[lengths]
        if (((digits + _OVER_NINE) | digits) & _HIGH).any():
            raise _Uneven
        if ((self.signs[opens + 1] == _ZERO) & (lengths > 1)).any():
            raise _Uneven
        return _eights(digits).astype(np.float64)


def _eights(digits: Words) -> Words:
    """The numbers whose eight digits are the bytes, the first one lowest.

    Digits become pairs; then the first and third of those are added to the second and
    fourth, each times its place.
    """
    pairs = digits * np.uint64(10) + (digits >> np.uint64(8))
    odd = (pairs & _TWO) * np.uint64(100 + (1_000_000 << 32))
    even = ((pairs >> np.uint64(16)) & _TWO) * np.uint64(1 + (10_000 << 32))
    return (odd + even) >> np.uint64(32)


def _layout(text: bytes, signs: Signs) -> _Layout:
    """That of the first series, which follows on four quotes."""
    quotes = np.flatnonzero(signs[: max(0, text.find(b"}}"))] == _QUOTE)
    if len(quotes) < 4:
        raise _Uneven
    begin = int(quotes[3]) + 1
    days = decoder(_Days).decode(text[begin + 1 : int(quotes[-1]) + 3])
    opens = np.array(list(_opens(days)), np.intp)
    if opens[-1] + 4 != len(quotes):  # A key came twice.
        raise _Uneven
    words = np.ndarray((len(text) - _WORD + 1,), "<u8", buffer=text, strides=(1,))
    first, last = quotes[2:][opens], quotes[2:][opens + 1]
    gaps = first[1:] - last[:-1]
    return _Layout(
        text=text,
        signs=signs,
        words=words,
        hours=tuple((day, hour) for day, hours in days.items() for hour in hours),
        width=len(quotes) - 2,
        opens=opens,
        head=text[begin : int(first[0]) + 1],
        gaps=gaps,
        pieces=tuple(_pieces(words, last[:-1], gaps)),
    )


def _opens(days: _Days) -> Iterator[int]:
    """The numbers of the quotes that begin a figure, after those of the name."""
    begin = 2
    for hours in days.values():
        yield from range(begin + 4, begin + 4 * len(hours) + 2, 4)
        begin += 2 + 4 * len(hours)


def _pieces(
    words: Words, ends: Places, gaps: Places
) -> Iterator[tuple[Places | slice, Places, Words]]:
    yield slice(len(gaps)), np.zeros(1, np.intp), words[ends]
    for step in range(_WORD, int(gaps.max(initial=0)), _WORD):
        wide = np.flatnonzero(gaps > step)
        # Until the next figure and no further: a part of it is looked at twice.
        steps = np.minimum(step, np.maximum(gaps[wide] - _WORD + 1, 0))
        yield wide, steps, words[ends[wide] + steps]
