"""Distinct people behind a count: below it, growing with it, and never additive."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from socialmetrics.sandbox.dice import Ints
from socialmetrics.sandbox.people import Account


def distinct(counts: Ints, accounts: Sequence[Account], owners: Ints) -> Ints:
    """How many people stand behind `counts` shows by the profiles `owners`.

    Rises with the count, never above it, and saturates at the profile's audience; so
    the people of two days are fewer than those of each day added.
    """
    audience = np.array([2_000 + one.followers * 3 for one in accounts], dtype=np.int64)
    crowd = audience[owners]
    people: Ints = (counts * crowd + counts + crowd - 1) // (counts + crowd)
    return people
