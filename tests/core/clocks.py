"""Budgets on a clock that goes when it is told to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal, Protocol

import attrs

from socialmetrics.budget import (
    Budget,
    Limits,
)

START = datetime(2026, 3, 30, 12, tzinfo=UTC)
TO_APRIL = 36 * 3600.0
MONTH: Literal["month"] = "month"


@attrs.define
class Clock:
    """A clock that goes when it is told to."""

    seconds: float = 0.0

    def monotonic(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)


class Make(Protocol):
    def __call__(self, limits: Limits) -> Budget: ...


def waits(budget: Budget, weights: Sequence[int]) -> list[float]:
    return [round(budget.book(weight)[1], 6) for weight in weights]
