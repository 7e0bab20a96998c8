"""Codes: those of tools made the same, and the rows of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import attrs
import numpy as np

from socialmetrics.series.build import unified, unify
from socialmetrics.series.columns import Codes, Columns, Rows

_SHORT: Final = 1 << 16


def shared(sides: Sequence[tuple[str, Columns]]) -> tuple[tuple[str, Columns], ...]:
    """The same sides, all with one dictionary of subjects and one of breakdowns.

    It costs next to nothing where they share them already, or have equal ones, so
    every step that needs it may ask for it.
    """
    columns = [columns for _, columns in sides]
    subjects, subject = unified([each.subjects for each in columns])
    breakdowns, breakdown = unify([each.breakdowns for each in columns])
    return tuple(
        (
            name,
            attrs.evolve(
                each,
                subjects=subjects,
                subject=_recoded(subject[number], each.subject),
                breakdowns=breakdowns,
                breakdown=_recoded(breakdown[number], each.breakdown),
            ),
        )
        for number, (name, each) in enumerate(sides)
    )


def _recoded(mapping: Codes | None, codes: Codes) -> Codes:
    return codes if mapping is None else mapping[codes]


def by_code(codes: Codes, count: int) -> list[Rows]:
    """For every code below `count` the rows that have it, in order."""
    # Short numbers sort ten times as fast.
    short = codes.astype(np.uint16) if count <= _SHORT else codes
    ends = np.cumsum(np.bincount(codes, minlength=count))
    return np.split(np.argsort(short, kind="stable"), ends[:-1])[:count]
