"""A series as an Arrow table, for every tool that reads those."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Final, TypeVar

import numpy as np
from arro3.core import Array, ChunkedArray, DataType, Field, Schema, Table

from socialmetrics.model import Source
from socialmetrics.reading import Reading
from socialmetrics.series.columns import (
    HAS_VALUE,
    NONE,
    SETTLED,
    STATUSES,
    Codes,
    Columns,
    Mask,
    Plain,
    Small,
    micros,
    recode,
)

T = TypeVar("T")

TEXT: Final = DataType.string()
WORDS: Final = DataType.dictionary(DataType.int32(), TEXT)
INSTANT: Final = DataType.timestamp("us", tz="UTC")

OF_READING: Final[dict[str, Callable[[Reading], str | None]]] = {
    "metric": lambda reading: reading.metric,
    "scope": lambda reading: reading.scope,
    "name": lambda reading: reading.name,
    "endpoint": lambda reading: reading.endpoint,
    "level": lambda reading: reading.level,
    "temporality": lambda reading: reading.temporality,
    "date_axis": lambda reading: reading.date_axis,
    "counting": lambda reading: reading.counting,
    "unit": lambda reading: reading.unit,
    "zone": lambda reading: reading.zone,
    "threshold": lambda reading: reading.threshold,
    "composition": lambda reading: reading.composition,
}
OF_SOURCE: Final[dict[str, Callable[[Source], str | None]]] = {
    "vendor": lambda source: source.vendor,
    "request_id": lambda source: source.request_id,
    "api_version": lambda source: source.api_version,
}
NULLABLE: Final = frozenset({"end", "value", "zone", "request_id", "api_version"})


def table(columns: Columns) -> Table:
    """One row a figure; the order and types of the columns never change."""
    valid = HAS_VALUE[columns.status]
    endless = columns.end == NONE
    subject = columns.subjects, columns.subject
    arrays = {
        "network": words(*subject, lambda ref: ref.network),
        "native_id": words(*subject, lambda ref: ref.native_id),
        **_of_reading(columns),
        "breakdown": words(columns.breakdowns, columns.breakdown, str),
        "start": Array.from_numpy(columns.start).cast(INSTANT),
        "end": nullable(columns.end, ~endless).cast(INSTANT),
        "value": nullable(columns.value, valid),
        "status": words(STATUSES, columns.status, str),
        "settled": words(SETTLED, columns.settled, str),
        **_of_source(columns),
        "fetched_at": _fetched(columns),
    }
    return named(arrays)


def named(arrays: dict[str, Array], nulls: Collection[str] = NULLABLE) -> Table:
    """Arrays as a table; columns that never hold a null say so."""
    fields = [
        Field(name, array.type, nullable=name in nulls)
        for name, array in arrays.items()
    ]
    columns = list(arrays.values())
    return Table.from_arrays(columns, schema=Schema(fields))  # pyright: ignore[reportUnknownMemberType]  # arro3's stub


def _of_reading(columns: Columns) -> dict[str, Array]:
    readings, codes = columns.readings, columns.reading
    return {name: words(readings, codes, key) for name, key in OF_READING.items()}


def _of_source(columns: Columns) -> dict[str, Array]:
    sources, codes = columns.sources, columns.source
    return {name: words(sources, codes, key) for name, key in OF_SOURCE.items()}


def _fetched(columns: Columns) -> Array:
    instants = [micros(source.fetched_at) for source in columns.sources]
    return Array.from_numpy(np.array(instants, np.int64)[columns.source]).cast(INSTANT)


def words(
    known: Sequence[T], codes: Codes | Small, key: Callable[[T], str | None]
) -> Array:
    """For every code what `key` says of its word, dictionary-encoded."""
    distinct, mapping = recode(map(key, known))
    dictionary = Array(list(distinct), TEXT).cast(WORDS)
    return taken(dictionary, mapping[codes])


def nullable(
    values: np.ndarray[tuple[int], np.dtype[np.float64 | np.int64]], valid: Mask
) -> Array:
    """Values, null where not valid: arro3 makes nulls only by taking one."""
    array = Array.from_numpy(values)
    if valid.all():
        return array
    one_null = Array([None], array.type)
    source = ChunkedArray([array, one_null]).combine_chunks()
    rows = np.arange(len(values), dtype=np.int64)
    rows[~valid] = len(values)
    return taken(source, rows)


def taken(array: Array, rows: Plain) -> Array:
    """Those rows of an Arrow array."""
    return array.take(rows)  # pyright: ignore[reportUnknownMemberType]  # arro3's stub


def numbers(array: Array) -> Plain:
    """An Arrow array without nulls as a numpy array."""
    found: Plain = array.to_numpy()  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  # arro3's stub
    return found
