"""A series as a Parquet file that loses nothing and that every other tool can read."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from arro3.core import Array, DataType, RecordBatch, Table
from arro3.io import read_parquet, write_parquet

from socialmetrics.errors import InvalidQuery
from socialmetrics.series import arrow
from socialmetrics.series.codec import Legend, read_legend, write_legend
from socialmetrics.series.columns import (
    DTYPES,
    WITH_VALUE,
    Columns,
    Mask,
    Plain,
    Values,
    flags,
)
from socialmetrics.series.files import replacing

LEGEND: Final = "socialmetrics.series"
MAGIC: Final = b"PAR1"
BATCH: Final = 1 << 20
CODED: Final = tuple(name for name in DTYPES if name not in {"start", "value"})


def write(path: Path, columns: Columns, legend: Legend) -> None:
    """The table of `arrow`, the codes beside it, the legend in the file's metadata."""
    with replacing(path) as draft:
        write_parquet(
            _with_codes(arrow.table(columns), columns),
            draft,
            compression="zstd(3)",
            key_value_metadata={LEGEND: write_legend(legend)},
        )


def _with_codes(table: Table, columns: Columns) -> Table:
    arrays = {name: table[name].combine_chunks() for name in table.column_names}
    for name in CODED:
        arrays[f"{name}_code"] = Array.from_numpy(getattr(columns, name))
    return arrow.named(arrays)


def read(path: Path) -> tuple[Legend, Columns]:
    """Legend and columns. Raises `InvalidQuery` with the path of a file that is not
    there, not Parquet, damaged, or not made by `to_parquet`."""
    try:
        _check_magic(path)
        return _read(path)
    except InvalidQuery as err:
        raise InvalidQuery(f"{path}: {err.message}") from err
    except OSError as err:
        raise InvalidQuery(f"{path} cannot be read: {err.strerror or err}") from err
    except BaseException as err:  # arro3 panics, and a panic is not an Exception
        if not isinstance(err, Exception) and type(err).__name__ != "PanicException":
            raise
        raise InvalidQuery(f"{path} is damaged: {err}") from err


def _check_magic(path: Path) -> None:
    """Most of what the reader would panic over is kept from it."""
    with path.open("rb") as file:
        head, size = file.read(4), file.seek(0, 2)
        file.seek(max(size - 8, 0))
        footer, tail = int.from_bytes(file.read(4), "little"), file.read(4)
        if not head == tail == MAGIC or footer + 12 > size:
            raise InvalidQuery("it is not a whole Parquet file")


def _read(path: Path) -> tuple[Legend, Columns]:
    reader = read_parquet(path, batch_size=BATCH)
    text = reader.schema.metadata_str.get(LEGEND)
    if text is None:
        raise InvalidQuery("it is Parquet, but not made by to_parquet of a series")
    legend = read_legend(text)
    batches = [_arrays(batch, legend) for batch in reader]
    arrays = {
        name: np.concatenate([np.empty(0, dtype), *(batch[name] for batch in batches)])
        for name, dtype in DTYPES.items()
    }
    return legend, legend.columns(arrays)


def _arrays(batch: RecordBatch, legend: Legend) -> dict[str, Plain]:
    arrays: dict[str, Plain] = {
        name: arrow.numbers(batch[f"{name}_code"]) for name in CODED
    }
    arrays["start"] = arrow.numbers(batch["start"].cast(DataType.int64()))
    valued = flags(legend.statuses, WITH_VALUE.__contains__)
    arrays["value"] = _filled(batch["value"], valued[arrays["status"]])
    return arrays


def _filled(array: Array, known: Mask) -> Values:
    """arro3 gives no numpy array of what holds nulls: only the rest is asked for."""
    if array.null_count != len(known) - int(known.sum()):
        raise InvalidQuery("its columns and its legend contradict each other")
    result = np.full(len(array), np.nan)
    rows = np.flatnonzero(known)
    result[rows] = arrow.numbers(arrow.taken(array, rows))
    return result
