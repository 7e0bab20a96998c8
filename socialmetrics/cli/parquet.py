"""Records as a Parquet file, a batch at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Final

from arro3.core import Array, DataType, Field, RecordBatch, RecordBatchReader, Schema
from arro3.io import write_parquet

from socialmetrics.cli.records import Cell, Columns, Record, Type, flat
from socialmetrics.series.columns import micros

BATCH: Final = 10_000
TYPES: Final[dict[Type, DataType]] = {
    "text": DataType.string(),
    "number": DataType.float64(),
    "flag": DataType.bool(),
    "time": DataType.timestamp("us", tz="UTC"),
}


def write_records(records: Iterable[Record], columns: Columns, path: Path) -> None:
    """Every record as a row; what a record does not know is null."""
    schema = Schema([Field(name, TYPES[kind]) for name, kind in columns.items()])
    batches = RecordBatchReader.from_batches(schema, _batches(records, columns, schema))
    write_parquet(batches, path, compression="zstd(3)")


def _batches(
    records: Iterable[Record], columns: Columns, schema: Schema
) -> Iterator[RecordBatch]:
    rest = iter(records)
    while batch := list(islice(rest, BATCH)):
        arrays = [
            _array([record[name] for record in batch], kind)
            for name, kind in columns.items()
        ]
        yield RecordBatch.from_arrays(arrays, schema=schema)  # pyright: ignore[reportUnknownMemberType]  # arro3's stub


def _array(cells: list[Cell], kind: Type) -> Array:
    if kind == "time":
        instants = [micros(x) if isinstance(x, datetime) else None for x in cells]
        return Array(instants, DataType.int64()).cast(TYPES[kind])
    if kind == "number":
        numbers = [float(x) if isinstance(x, int | float) else None for x in cells]
        return Array(numbers, TYPES[kind])
    return Array([flat(cell) for cell in cells], TYPES[kind])
