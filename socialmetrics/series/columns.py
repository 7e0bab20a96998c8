"""The columns of a series: one row a figure, words kept once and numbered.

Codes count from zero into the tuples beside them. Instants are microseconds since
1970-01-01 UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from typing import Any, Final, TypeVar

import attrs
import numpy as np
from numpy.typing import NDArray

from socialmetrics.model import Ref, Source
from socialmetrics.reading import Reading, Settled, Status

Codes = NDArray[np.int32]
Small = NDArray[np.uint8]
Instants = NDArray[np.int64]
Values = NDArray[np.float64]
Mask = NDArray[np.bool_]
Rows = NDArray[np.intp]
Plain = NDArray[Any]  # a column by its name; DTYPES says of what

H = TypeVar("H", bound=Hashable)
T = TypeVar("T")

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
HOUR: Final = 3_600_000_000
NONE: Final = int(np.iinfo(np.int64).min)  # the end of a lifetime total
STATUSES: Final = tuple(Status)
SETTLED: Final = tuple(Settled)
STATUS_CODE: Final = {status: code for code, status in enumerate(STATUSES)}
SETTLED_CODE: Final = {settled: code for code, settled in enumerate(SETTLED)}
WITH_VALUE: Final = frozenset({Status.OBSERVED, Status.ZERO_BY_RULE})
HAS_VALUE: Final[Mask] = np.array([status in WITH_VALUE for status in STATUSES])
DTYPES: Final[Mapping[str, np.dtype[Any]]] = {
    "subject": np.dtype(np.int32),
    "reading": np.dtype(np.int32),
    "source": np.dtype(np.int32),
    "breakdown": np.dtype(np.int32),
    "start": np.dtype(np.int64),
    "end": np.dtype(np.int64),
    "value": np.dtype(np.float64),
    "status": np.dtype(np.uint8),
    "settled": np.dtype(np.uint8),
}


@attrs.frozen(kw_only=True, eq=False)
class Columns:
    """The columns as arrays, and the words that their codes stand for.

    The arrays are handed over: they become read-only. `value` is NaN unless the
    status is observed or zero_by_rule; only lifetime totals may have the end `NONE`;
    `status` and `settled` are numbered in the order of their enums. `subjects` is a
    tuple or `Refs`, which equals one. `MetricSeries` checks it.
    """

    subjects: Sequence[Ref]
    readings: tuple[Reading, ...]
    sources: tuple[Source, ...]
    breakdowns: tuple[str, ...]
    subject: Codes
    reading: Codes
    source: Codes
    breakdown: Codes
    start: Instants
    end: Instants
    value: Values
    status: Small
    settled: Small

    def __attrs_post_init__(self) -> None:
        for name in DTYPES:
            if isinstance(array := getattr(self, name), np.ndarray):
                array.flags.writeable = False

    def __len__(self) -> int:
        return len(self.value)

    def __reduce__(self) -> tuple[partial[Columns], tuple[()]]:
        return partial(Columns, **attrs.asdict(self, recurse=False)), ()

    def take(self, rows: Rows | Mask | slice) -> Columns:
        """Those rows, in that order."""
        if isinstance(rows, np.ndarray) and rows.dtype == np.bool_ and rows.all():
            return self
        return self.holding({name: self.array(name)[rows] for name in DTYPES})

    def holding(self, arrays: Mapping[str, Plain]) -> Columns:
        """Other rows of the same words."""
        return Columns(
            subjects=self.subjects,
            readings=self.readings,
            sources=self.sources,
            breakdowns=self.breakdowns,
            **arrays,
        )

    def array(self, name: str) -> Plain:
        """The column of that name."""
        found: Plain = getattr(self, name)
        return found

    def reading_of(self, row: int) -> Reading:
        """The reading of that row."""
        return self.readings[int(self.reading[row])]

    def subject_of(self, row: int) -> Ref:
        """The subject of that row."""
        return self.subjects[int(self.subject[row])]

    def by_reading(self, key: Callable[[Reading], bool]) -> Mask:
        """For every row, what is true of its reading."""
        found = flags(self.readings, key)
        if found.all() or not found.any():  # Nearly always, and much quicker.
            return np.full(len(self), bool(found.any()))
        return found[self.reading]

    def used_readings(self) -> tuple[Reading, ...]:
        """The readings that a row has, in the order of their codes."""
        used = np.bincount(self.reading, minlength=len(self.readings))
        return tuple(r for r, count in zip(self.readings, used, strict=True) if count)


def own_zone(reading: Reading) -> str:
    """The zone whose days that reading counts: UTC where nobody says."""
    return reading.zone or "UTC"


def blank() -> Columns:
    """Columns without a row."""
    arrays: dict[str, Plain] = {
        name: np.empty(0, dtype) for name, dtype in DTYPES.items()
    }
    return Columns(subjects=(), readings=(), sources=(), breakdowns=(), **arrays)


def room(rows: int) -> dict[str, Plain]:
    """Columns of that many rows to be filled, all in one block of memory.

    Arrays of some megabytes each go back to the system when they are freed, and come
    again page by page, which takes longer than filling them. One block is kept.
    """
    # Not `np.empty`: it asks for huge pages, and waits long where memory is in pieces.
    block = memoryview(bytearray(rows * sum(kind.itemsize for kind in DTYPES.values())))
    columns: dict[str, Plain] = {}
    # The widest first, so that each begins where its numbers may.
    for name, kind in sorted(DTYPES.items(), key=lambda each: -each[1].itemsize):
        columns[name] = np.frombuffer(block, kind, rows)
        block = block[columns[name].nbytes :]
    return columns


def flags(words: Sequence[T], key: Callable[[T], bool]) -> Mask:
    """For every word of a dictionary, whether something is true of it."""
    return np.fromiter(map(key, words), np.bool_, len(words))


def recode(words: Iterable[H]) -> tuple[tuple[H, ...], Codes]:
    """The distinct words, and for each given one its code among them."""
    known: dict[H, int] = {}
    codes = [known.setdefault(word, len(known)) for word in words]
    return tuple(known), np.array(codes, np.int32)


def joint(*columns: tuple[NDArray[np.integer], int]) -> NDArray[np.int64]:
    """One number a row for several (codes, how many there are), order kept."""
    total, result = 1, np.zeros(len(columns[0][0]), np.int64)
    for codes, count in columns:
        if total * count > np.iinfo(np.int64).max:
            known, inverse = np.unique(result, return_inverse=True)
            total, result = len(known), inverse.astype(np.int64)
        total *= count
        result *= count
        result += codes
    return result


def micros(moment: datetime) -> int:
    """An aware datetime as microseconds since 1970 UTC, exactly."""
    return (moment - EPOCH) // MICROSECOND


@lru_cache(maxsize=65_536)
def moment(us: int) -> datetime:
    """Microseconds since 1970 as a datetime in UTC, exactly."""
    return EPOCH + timedelta(microseconds=us)


def ints(column: Plain) -> list[int]:
    """A column of whole numbers as a list."""
    found: list[int] = column.tolist()
    return found


def end_moment(us: int) -> datetime | None:
    """The same for an end, which lifetime totals do not have."""
    return None if us == NONE else moment(us)


def by_age(sources: Sequence[Source]) -> Codes:
    """For every source, its place in the order of `fetched_at`, oldest first."""
    order = sorted(range(len(sources)), key=lambda code: sources[code].fetched_at)
    places = np.empty(len(sources), np.int32)
    places[order] = np.arange(len(sources), dtype=np.int32)
    return places
