"""Which of a million rows a report looks at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from typing import Final

from socialmetrics.comparison.result import Row
from socialmetrics.report.making import made

RUNS: Final = 500
"""Rows that change their metric or tools more often than this are taken as mixed."""


def looked_at(rows: Sequence[Row], most: int) -> list[Row]:
    """All rows where they are at most so many, else the first of every metric and
    pair of tools, about so many together.

    Where one run of rows of a metric and pair ends is found by halving, so that few
    rows are made for it.
    """
    if len(rows) <= most:
        return list(made(rows, 0, len(rows)))
    starts = list(islice(_starts(rows), RUNS + 1))
    if len(starts) > RUNS:
        return list(made(rows, 0, most))
    share = max(1, most // len(starts))
    return [
        row
        for begin, end in pairwise([*starts, len(rows)])
        for row in made(rows, begin, min(end, begin + share))
    ]


def _starts(rows: Sequence[Row]) -> Iterator[int]:
    """Where each run of rows of one metric and pair begins."""
    at = 0
    while at < len(rows):
        yield at
        at = _end(rows, at)


def _end(rows: Sequence[Row], begin: int) -> int:
    """Where the run ends that begins there."""
    kind, low, step = _kind(rows[begin]), begin, 1
    while low + step < len(rows) and _kind(rows[low + step]) == kind:
        low, step = low + step, 2 * step
    high = min(low + step, len(rows))
    while high - low > 1:
        middle = (low + high) // 2
        is_inside = _kind(rows[middle]) == kind
        low, high = (middle, high) if is_inside else (low, middle)
    return high


def _kind(row: Row) -> tuple[str, str, str]:
    return row.metric, row.left_name, row.right_name
