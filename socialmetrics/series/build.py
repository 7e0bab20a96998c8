"""Columns out of points, and out of many columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import repeat
from typing import Final, Generic

import numpy as np

from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Point, Ref, Source
from socialmetrics.reading import Reading
from socialmetrics.series.columns import (
    DTYPES,
    NONE,
    SETTLED_CODE,
    STATUS_CODE,
    WITH_VALUE,
    Codes,
    Columns,
    H,
    blank,
    ints,
    micros,
    room,
)
from socialmetrics.series.subjects import Refs

_NEW: Final = -1


class Codebook(Generic[H]):
    """Words and their codes, found by identity first: hashing a reading is slow."""

    def __init__(self) -> None:
        self._by_id: dict[int, int] = {}
        self._by_value: dict[H, int] = {}
        self._alive: list[H] = []  # an id is only good while its object lives

    def code(self, word: H) -> int:
        """The code of that word, a new one if it is new."""
        known = self._by_id.get(id(word))
        if known is not None:
            return known
        self._alive.append(word)
        code = self._by_value.setdefault(word, len(self._by_value))
        self._by_id[id(word)] = code
        return code

    def codes(self, words: Sequence[H]) -> Codes:
        """The codes of these words."""
        first, count = len(self._by_value), len(words)
        fresh = dict(zip(words, range(first, first + count), strict=True))
        if len(fresh) == count and self._by_value.keys().isdisjoint(fresh):
            self._by_value |= fresh  # Nearly always, and much quicker.
            return np.arange(first, first + count, dtype=np.int32)
        known = self._by_value
        codes = np.fromiter(map(known.get, words, repeat(_NEW)), np.int32, count)
        for place in ints(np.flatnonzero(codes == _NEW)):
            codes[place] = known.setdefault(words[place], len(known))
        return codes

    @property
    def words(self) -> tuple[H, ...]:
        """Every word, in the order of the codes."""
        return tuple(self._by_value)


def columns_of(points: Iterable[Point]) -> Columns:
    """Columns of these points. Raises `InvalidQuery` for a figure that contradicts
    itself, or that a float64 cannot hold."""
    subjects, readings = Codebook[Ref](), Codebook[Reading]()
    sources, breakdowns = Codebook[Source](), Codebook[str]()
    rows = [
        (
            subjects.code(point.subject),
            readings.code(_reading(point)),
            sources.code(point.source),
            breakdowns.code(point.breakdown),
            _micros(point.start),
            NONE if point.end is None else _micros(point.end),
            _value(point),
            STATUS_CODE[point.status],
            SETTLED_CODE[point.settled],
        )
        for point in map(_point, points)
    ]
    fields = zip(*rows, strict=True) if rows else ((),) * len(DTYPES)
    arrays = {
        name: np.array(field, dtype)
        for (name, dtype), field in zip(DTYPES.items(), fields, strict=True)
    }
    return Columns(
        subjects=subjects.words,
        readings=readings.words,
        sources=sources.words,
        breakdowns=breakdowns.words,
        **arrays,
    )


def _point(given: object) -> Point:
    if not isinstance(given, Point):
        raise InvalidQuery(f"{given!r} is not a Point")
    return given


def _reading(point: Point) -> Reading:
    if point.metric != point.reading.metric:
        raise InvalidQuery(
            f"a point of {point.metric!r} has a reading of {point.reading.metric!r}"
        )
    return point.reading


def _micros(moment: datetime) -> int:
    if moment.tzinfo is None:
        raise InvalidQuery(f"a point has the naive instant {moment.isoformat()}")
    return micros(moment)


def _value(point: Point) -> float:
    if (point.value is None) == (point.status in WITH_VALUE):
        raise InvalidQuery(
            f"{point.subject} {point.metric}: value {point.value} goes not with the "
            f"status {point.status}; it is None unless observed or zero_by_rule"
        )
    if point.value is None:
        return float("nan")
    if isinstance(point.value, int) and not _is_exact(point.value):
        raise InvalidQuery(
            f"{point.subject} {point.metric}: {point.value} is too large to be exact"
        )
    return float(point.value)


def _is_exact(number: int) -> bool:
    try:
        return int(float(number)) == number
    except OverflowError:
        return False


def join(pieces: Sequence[Columns]) -> Columns:
    """The rows of all pieces, one after the other, every word with one code."""
    filled = [piece for piece in pieces if len(piece)]
    if len(filled) < 2:
        return filled[0] if filled else blank()
    subjects, subject = unified([piece.subjects for piece in filled])
    readings, reading = unify([piece.readings for piece in filled])
    sources, source = unify([piece.sources for piece in filled])
    breakdowns, breakdown = unify([piece.breakdowns for piece in filled])
    arrays = room(sum(map(len, filled)))
    recoding = {
        "subject": subject,
        "reading": reading,
        "source": source,
        "breakdown": breakdown,
    }
    for name, array in arrays.items():
        parts = [piece.array(name) for piece in filled]
        if name in recoding:
            _recode(parts, recoding[name], array)
        else:
            np.concatenate(parts, out=array)
    return Columns(
        subjects=subjects,
        readings=readings,
        sources=sources,
        breakdowns=breakdowns,
        **arrays,
    )


def unified(
    dictionaries: Sequence[Sequence[Ref]],
) -> tuple[Sequence[Ref], list[Codes | None]]:
    """As `unify`; by their ids where all are of one network and none is made yet."""
    lazy = [each for each in dictionaries if isinstance(each, Refs)]
    networks = {each.network for each in lazy}
    if len(lazy) < len(dictionaries) or len(networks) != 1:
        return unify([tuple(each) for each in dictionaries])
    ids, codes = unify([each.ids for each in lazy])
    return Refs(networks.pop(), ids), codes


def unify(
    dictionaries: Sequence[tuple[H, ...]],
) -> tuple[tuple[H, ...], list[Codes | None]]:
    """One dictionary for all, and how to recode each; None where nothing changes."""
    book, known = Codebook[H](), dict[int, Codes | None]()
    for words in dictionaries:
        if id(words) not in known:
            codes = book.codes(words)
            same = bool((codes == np.arange(len(codes))).all())
            known[id(words)] = None if same else codes
    return book.words, [known[id(words)] for words in dictionaries]


def _recode(parts: Sequence[Codes], maps: Sequence[Codes | None], out: Codes) -> None:
    begin = 0
    for codes, mapping in zip(parts, maps, strict=True):
        place = out[begin : begin + len(codes)]
        if mapping is None:
            place[:] = codes
        else:
            # "clip" writes straight into `out`; "raise" would go through a copy.
            np.take(mapping, codes, out=place, mode="clip")
        begin += len(codes)
