"""How two readings stand to each other on an axis, before any rule is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from socialmetrics.comparison.composition import is_derived, is_told, made
from socialmetrics.comparison.result import Axis
from socialmetrics.comparison.rule import Days, State
from socialmetrics.reading import Reading
from socialmetrics.window import midnight

KNOWN: Final[Mapping[Axis, Callable[[Reading], object]]] = {
    "formula": made,
    "scope": lambda reading: None if reading.scope == "unknown" else reading.scope,
    "date_axis": lambda reading: reading.date_axis,
    "temporality": lambda reading: reading.temporality,
    "counting": lambda reading: (reading.counting, reading.net),
    "threshold": lambda reading: reading.threshold or None,
    "population": lambda reading: reading.level,
    "day_zone": lambda reading: reading.zone,
}
"""What a reading says on an axis that two readings alone decide; None: nothing."""


def state(axis: Axis, left: Reading, right: Reading, days: Days) -> State:
    """How the two stand to each other on that axis."""
    one, other = KNOWN[axis](left), KNOWN[axis](right)
    if one is None or other is None:
        return _undocumented(axis, left, right, one is other)
    if one == other or (axis == "day_zone" and _same_days(str(one), str(other), days)):
        return "agree"
    return "differ"


def is_one_figure(left: Reading, right: Reading) -> bool:
    """Whether both are the same figure of the same vendor, of one meaning."""
    if is_derived(left):
        return left == right
    return _key(left) == _key(right)


def _undocumented(axis: Axis, left: Reading, right: Reading, both: bool) -> State:
    if both and is_one_figure(left, right):
        return "one_figure"
    in_words = axis == "formula" and both and is_told(left)
    if in_words and left.composition == right.composition:
        return "agree"
    return "neither_says" if both else "one_says"


def _key(reading: Reading) -> tuple[object, ...]:
    return (
        *(reading.vendor, reading.endpoint, reading.network, reading.name),
        *(reading.composition, reading.valid_from, reading.valid_to),
    )


@lru_cache(maxsize=1024)
def _same_days(one: str, other: str, days: tuple[date, date]) -> bool:
    """Whether every day of these begins and ends at the same instants in both zones."""
    count = (days[1] - days[0]).days + 2
    every = (days[0] + timedelta(number) for number in range(count))
    return all(midnight(day, one) == midnight(day, other) for day in every)
