"""Days of profiles: what all of their posts collected between two midnights."""

from __future__ import annotations

from typing import Final

import numpy as np

from socialmetrics.sandbox.activity import LIFE, Activity
from socialmetrics.sandbox.dice import Ints
from socialmetrics.sandbox.measures import Scope
from socialmetrics.sandbox.timeline import Timeline

_SPAN: Final = LIFE // 24 + 3
"""How many midnights can matter to a post: its life, and an hour more or less."""


def by_day(
    activity: Activity, posts: Timeline, profiles: int, *, what: tuple[str, Scope],
    marks: Ints, last: int,
) -> Ints:  # fmt: skip
    """One row a profile, one column a day of `marks`; nothing after hour `last`."""
    born = posts.first_hour
    first = np.searchsorted(marks, born, side="right") - 1
    days = first[:, None] + np.arange(_SPAN)
    at = marks[np.clip(days, 0, len(marks) - 1)]
    hours = np.minimum(at, last) - born[:, None]
    rows = np.arange(len(born), dtype=np.int64)
    counts = np.diff(activity.until(*what, rows, hours), axis=1)
    width = len(marks) + _SPAN
    cells = posts.account[:, None] * width + np.maximum(days[:, :-1], 0)
    # Whole numbers below 2**53: the weights of bincount hold them exactly.
    sums = np.bincount(cells.ravel(), counts.ravel(), minlength=width * profiles)
    table: Ints = sums.astype(np.int64).reshape(profiles, width)
    return table[:, : len(marks) - 1]
