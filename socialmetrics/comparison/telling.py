"""What every tool told of what is compared: for coverage, advice and checks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from socialmetrics.comparison.deriving import derivable
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
        wanted = [each for each in derivable([], wish.metrics) if each not in there]
        pieces = [raw]
        for kind in pool.kinds(number) if wanted else ():
            made = in_total(pool, number, kind, wish).columns
            pieces.append(made.take(made.by_reading(partial(_is_one_of, wanted))))
        yield join(pieces) if len(pieces) > 1 else raw


def _is_one_of(metrics: Sequence[str], reading: Reading) -> bool:
    return reading.metric in metrics
