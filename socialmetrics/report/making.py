"""Rows of a large comparison, made a few at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import attrs

from socialmetrics.comparison.chain import Shift
from socialmetrics.comparison.comparison import Rows
from socialmetrics.comparison.overlays import Half
from socialmetrics.comparison.result import Row
from socialmetrics.comparison.table import Batch

RUN: Final = 256
"""Of so many rows of a batch at once rows are made quickly: what one row costs grows
with how many its batch has."""


def made(rows: Sequence[Row], begin: int, end: int) -> Iterator[Row]:
    """The rows from that number up to the other one, which is not among them."""
    if not isinstance(rows, Rows):
        yield from (rows[number] for number in range(begin, end))
        return
    number = begin
    while number < end:
        batch, at = rows.place(number)
        count = min(RUN, len(batch) - at, end - number)
        run = _part(batch, slice(at, at + count))
        yield from (run.row(place, number + place) for place in range(count))
        number += count


def _part(batch: Batch, part: slice) -> Batch:
    return attrs.evolve(
        batch,
        left=_half(batch.left, part),
        right=_half(batch.right, part),
        shifts=tuple(_shift(each, part) for each in batch.shifts),
        rest=batch.rest[part],
        case=batch.case[part],
    )


def _half(half: Half, part: slice) -> Half:
    return Half(cells=half.cells, rows=half.rows[part], reading=half.reading)


def _shift(shift: Shift, part: slice) -> Shift:
    return attrs.evolve(
        shift,
        amount=shift.amount[part],
        basis=shift.basis[part],
        low=shift.low[part],
        high=shift.high[part],
    )
