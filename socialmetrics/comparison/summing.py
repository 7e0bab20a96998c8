"""Many rows in few words: a summary a metric, and what found no partner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from socialmetrics.comparison.alone import Lonely
from socialmetrics.comparison.judging import verdict, worst
from socialmetrics.comparison.result import (
    AXES,
    Axis,
    Finding,
    Summary,
    Unmatched,
)
from socialmetrics.comparison.table import Batch
from socialmetrics.model import Ref

SHOWN: Final = 5
"""Subjects that are named as examples."""


def summaries(
    batches: Sequence[Batch], lonely: Sequence[Lonely], names: Sequence[str]
) -> Iterator[Summary]:
    """One for every metric and pair of tools that have rows, in that order."""
    groups: dict[tuple[str, tuple[int, int]], list[Batch]] = {}
    for batch in batches:
        groups.setdefault((batch.metric, batch.sides), []).append(batch)
    for (metric, sides), found in groups.items():
        alone = [
            sum(
                len(each.rows)
                for each in lonely
                if (each.metric, each.pair, each.side) == (metric, sides, side)
            )
            for side in sides
        ]
        axes = _worst(found)
        yield Summary(
            metric=metric,
            left_name=names[sides[0]],
            right_name=names[sides[1]],
            verdict=verdict(axes.values()),
            axes=axes,
            rows=sum(map(len, found)),
            valued=sum(_valued(each) for each in found),
            equal=sum(_equal(each) for each in found),
            only_left=alone[0],
            only_right=alone[1],
        )


def _worst(batches: Sequence[Batch]) -> Mapping[Axis, Finding]:
    cases = [axes for each in batches for axes, _ in each.cases]
    return {axis: worst([axes[axis] for axes in cases]) for axis in AXES}


def _valued(batch: Batch) -> int:
    both = ~(np.isnan(batch.left.value) | np.isnan(batch.right.value))
    return int(both.sum())


def _equal(batch: Batch) -> int:
    return int((batch.left.value == batch.right.value).sum())


def unmatched(lonely: Sequence[Lonely], names: Sequence[str]) -> Iterator[Unmatched]:
    """What found no partner, by tool and metric."""
    for each in lonely:
        codes = np.unique(each.columns.subject[each.rows])
        yield Unmatched(
            name=names[each.side],
            metric=each.metric,
            figures=len(each.rows),
            subjects=len(codes),
            examples=_refs(each.columns.subjects, codes[:SHOWN].tolist()),
            reason=each.reason,
            instead=each.instead,
        )


def _refs(subjects: Sequence[Ref], codes: list[int]) -> tuple[Ref, ...]:
    return tuple(subjects[code] for code in codes)
