"""What blocks of the same metrics and the same time have in common, made once.

The requests of a pull differ in their posts alone: the instants, the meanings and the
order of the figures are the same arrays in all of them. They are shared, not copied.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

import attrs
import numpy as np
from numpy.typing import NDArray

from socialmetrics.reading import Reading
from socialmetrics.series.columns import Plain, recode
from socialmetrics_x.entries import Endpoint, asked
from socialmetrics_x.steps import Steps

Mask = NDArray[np.bool_]
Names = tuple[str, ...]


@attrs.frozen(eq=False)
class Meanings:
    """The reading of every metric in every step, as codes.

    `known` tells where there is one: some metrics are younger than the steps. `fakes`
    are the rows and steps in which a zero says nothing.
    """

    readings: tuple[Reading, ...]
    codes: NDArray[np.int32]
    known: Mask
    fakes: tuple[tuple[int, Mask], ...]


@lru_cache(maxsize=64)
def meanings(endpoint: Endpoint, names: Names, days: tuple[date, ...]) -> Meanings:
    """What these metrics mean in steps of these days."""
    told = [asked(endpoint, name) for name in names]
    readings, flat = recode(entry.reading for one in told for entry in one)
    codes = np.zeros((len(told), len(days)), np.int32)
    known = np.zeros(codes.shape, np.bool_)
    fakes: list[tuple[int, Mask]] = []
    numbers = iter(flat.tolist())
    for row, entries in enumerate(told):
        for entry in entries:
            number = next(numbers)
            holds = _holding(entry.reading, days)
            codes[row, holds | ~known[row]] = number
            known[row] |= holds
            if entry.unrecorded:
                fakes.append((row, holds))
    return Meanings(readings, codes, known, tuple(fakes))


def _holding(reading: Reading, days: tuple[date, ...]) -> Mask:
    """For every step, whether that meaning was in force."""
    if reading.valid_from is None and reading.valid_to is None:
        return np.ones(len(days), np.bool_)
    holds = {day: reading.holds_on(day) for day in set(days)}
    return np.array([holds[day] for day in days], np.bool_)


@lru_cache(maxsize=4)
def columns(meanings: Meanings, posts: int, steps: Steps) -> Mapping[str, Plain]:
    """The columns that do not depend on which posts they are, one row a figure."""
    shape = (posts, len(meanings.codes), len(steps))
    told: dict[str, Plain] = {
        "subject": np.arange(posts, dtype=np.int32)[:, None, None],
        "reading": meanings.codes[None],
        "breakdown": np.zeros(1, np.int32),
        "start": steps.start[:, None, :],
        "end": steps.end,
    }
    return {name: np.broadcast_to(one, shape).ravel() for name, one in told.items()}
