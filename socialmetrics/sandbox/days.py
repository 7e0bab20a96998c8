"""Where days and hours begin: whole hours since 1970, in any zone."""

from __future__ import annotations

from collections.abc import MutableMapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TypeVar

import numpy as np

from socialmetrics.sandbox.dice import Ints
from socialmetrics.window import midnight, zone

K = TypeVar("K")
V = TypeVar("V")


def hour_of(moment: datetime) -> int:
    """The hour since 1970 that holds this moment (its beginning is at or before it)."""
    return int(moment.timestamp()) // 3600


@lru_cache(maxsize=64)
def edges(first: date, days: int, tz: str) -> Ints:
    """The first hours of `days` days from `first` on, and of the day after them."""
    steps = (first + timedelta(days=n) for n in range(days + 1))
    return np.array([hour_of(midnight(day, tz)) for day in steps], dtype=np.int64)


def day_of(moment: datetime, tz: str) -> date:
    """The date of that moment in that zone."""
    return moment.astimezone(zone(tz)).date()


def trim(kept: MutableMapping[K, V], most: int) -> None:
    """Forgets the oldest entry of a full cache, so that a clock may move on."""
    if len(kept) >= most:
        del kept[next(iter(kept))]
