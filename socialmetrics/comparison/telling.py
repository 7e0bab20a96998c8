"""What every tool told of what is compared: for coverage, advice and checks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from socialmetrics.comparison.meeting import Wish, in_total
from socialmetrics.comparison.pool import Pool
from socialmetrics.reading import Reading
from socialmetrics.series.build import join
from socialmetrics.series.columns import Columns


def raw_of(pool: Pool, names: Sequence[str], wish: Wish) -> list[tuple[str, Columns]]:
    """The figures of every tool, as they were read."""
    return [
        (name, pool.told(number, wish.window, wish.metrics))
        for number, name in enumerate(names)
    ]


def told_of(pool: Pool, wish: Wish) -> Iterator[Columns]:
    """The same, with derived metrics that were worked out, in total."""
    for number in range(len(pool.names)):
        raw = pool.told(number, wish.window, wish.metrics)
        there = {reading.metric for reading in raw.used_readings()}
        pieces = [raw]
        for kind in pool.kinds(number):
            made = in_total(pool, number, kind, wish).columns
            is_new = partial(_is_none_of, there)
            pieces.append(made.take(made.by_reading(is_new)))
        yield join(pieces)


def _is_none_of(metrics: set[str], reading: Reading) -> bool:
    return reading.metric not in metrics
