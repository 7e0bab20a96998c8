"""Pacing inside a vendor's limits: every call books its instant before it is sent.

One booking finds the earliest instant at which every window has room, and takes it.
Nobody is turned away and nobody is admitted too early: over any span of a window's
length, the bookings in it never exceed its allowance.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from itertools import count
from operator import attrgetter
from threading import Lock
from typing import Final, Literal, Protocol, TypeAlias, runtime_checkable

import attrs

from socialmetrics.errors import InvalidQuery

GUARD: Final = 0.05
GUARD_SHARE: Final = 0.01
"""Seconds and share added to a window: a legal booking may be sent a little late (the
first ones connect), the next on time, and the vendor sees them too close together."""

DAY: Final = 86400.0
LONGEST_WINDOW: Final = 1e8
"""Seconds, three years; a longer window is a slip."""


@attrs.frozen
class Limit:
    """So many calls in any span of so many seconds, or in a calendar month (UTC)."""

    calls: int
    seconds: float | Literal["month"]

    def __attrs_post_init__(self) -> None:
        if not _is_amount(self.calls) or self.calls != int(self.calls):
            raise InvalidQuery(f"a budget of {self.calls!r} calls allows nothing")
        if self.seconds != "month" and not (
            _is_amount(self.seconds) and self.seconds <= LONGEST_WINDOW
        ):
            raise InvalidQuery(f"a budget window of {self.seconds!r} s is no span")


def _is_amount(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 0 < value < float("inf")


Limits: TypeAlias = Iterable[Limit | tuple[int, float | Literal["month"]]]


@attrs.frozen
class Booking:
    """A place in the budget: when it may be sent (seconds of the budget's clock).

    `month` is the calendar month that it counts for; `is_postponed` tells that this
    month's quota is used up and it had to go into a later one.
    """

    at: float
    weight: int
    month: str = ""
    is_postponed: bool = False


@runtime_checkable
class Budget(Protocol):
    """What the engine needs of a budget; `MemoryBudget` and `SqliteBudget` are two."""

    limits: tuple[Limit, ...]

    def book(self, weight: int) -> tuple[Booking, float]:
        """A booking, and the seconds to wait until it."""
        ...

    def give_back(self, booking: Booking) -> None:
        """Frees a booking that was never sent."""
        ...


def limits_of(given: Limits) -> tuple[Limit, ...]:
    """The limits as values. Raises `InvalidQuery` for what is none."""
    try:
        return tuple(x if isinstance(x, Limit) else Limit(*x) for x in given)
    except TypeError as err:
        raise InvalidQuery(
            f"budget={given!r} is not a list of (calls, seconds)"
        ) from err


def duration(limits: Iterable[Limit], calls: int) -> float:
    """Seconds that so many calls take at least, from an unused budget."""
    waits = (
        (calls - 1) // limit.calls * limit.seconds
        for limit in limits
        if limit.seconds != "month"
    )
    return max(waits, default=0.0) if calls else 0.0


def longest_queue(limits: Iterable[Limit]) -> float:
    """The seconds that a booking may lie ahead: a day, or ten of the longest window.

    A thousand calls under a small allowance queue for hours. What lies further ahead
    was booked by a clock that was wrong.
    """
    return max([DAY, *(10 * span for _, span in spans(limits))])


def utc_now() -> datetime:
    """This machine's idea of now."""
    return datetime.now(UTC)


def fits(limits: Iterable[Limit], weight: int) -> None:
    """Raises `InvalidQuery` for a call that weighs more than is ever allowed."""
    for limit in limits:
        if weight > limit.calls:
            raise InvalidQuery(
                f"one call weighs {weight}, but the budget allows {limit.calls} "
                f"per {limit.seconds}; it could never be sent"
            )


def _month(moment: datetime, ahead: int) -> tuple[str, float]:
    """A month's name, so many months ahead, and the seconds until it begins."""
    index = moment.year * 12 + moment.month - 1 + ahead
    start = datetime(index // 12, index % 12 + 1, 1, tzinfo=UTC)
    return f"{start:%Y-%m}", max(0.0, (start - moment).total_seconds())


def free_month(
    used: Mapping[str, int], moment: datetime, most: int
) -> tuple[str, float]:
    """The first month of which at most so much is used, and the seconds until it."""
    for ahead in count():
        month, wait = _month(moment, ahead)
        if used.get(month, 0) <= most:
            return month, wait
    raise AssertionError  # pragma: no cover - count() does not end


def spans(limits: Iterable[Limit]) -> list[tuple[int, float]]:
    """The rolling windows: how many calls, and seconds until one has surely left."""
    return [
        (limit.calls, guarded(limit.seconds))
        for limit in limits
        if limit.seconds != "month"
    ]


def guarded(seconds: float) -> float:
    """How long a window is kept, so that the vendor never sees too many calls in it."""
    return seconds + max(GUARD, seconds * GUARD_SHARE)


_BY_INSTANT: Final = attrgetter("at")


class _Journal:
    """The bookings that still count, oldest first, with running totals of weight."""

    def __init__(self) -> None:
        self._held: list[Booking] = []
        self._totals: list[int] = []
        self._gone = 0

    @property
    def last(self) -> float:
        return self._held[-1].at if self._held else float("-inf")

    @property
    def _total(self) -> int:
        return self._totals[-1] if self._totals else self._gone

    def earliest(self, at: float, weight: int, calls: int, span: float) -> float:
        """`at`, or when the last booking that must have left the window has left."""
        must_go = self._total + weight - calls
        if must_go <= self._gone:
            return at
        return max(at, self._held[bisect_left(self._totals, must_go)].at + span)

    def add(self, booking: Booking) -> None:
        self._totals.append(self._total + booking.weight)
        self._held.append(booking)

    def remove(self, booking: Booking) -> None:
        first = bisect_left(self._held, booking.at, key=_BY_INSTANT)
        if booking not in self._held[first:]:
            return
        index = self._held.index(booking, first)
        del self._held[index], self._totals[index]
        for later in range(index, len(self._totals)):
            self._totals[later] -= booking.weight

    def forget(self, before: float) -> None:
        """Drops what is older, in bulk, so that it costs next to nothing a call."""
        old = bisect_left(self._held, before, key=_BY_INSTANT)
        if 2 * old > len(self._held):
            self._gone = self._totals[old - 1]
            del self._held[:old], self._totals[:old]


class MemoryBudget:
    """A budget for the threads and tasks of one process.

    Windows are measured on the monotonic clock, months on `now`.
    """

    def __init__(
        self,
        limits: Limits,
        *,
        now: Callable[[], datetime] = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.limits = limits_of(limits)
        self._now, self._monotonic = now, monotonic
        self._spans = spans(self.limits)
        self._longest = max((span for _, span in self._spans), default=0.0)
        self._journal = _Journal()
        self._months: dict[str, int] = {}
        self._lock = Lock()

    def book(self, weight: int) -> tuple[Booking, float]:
        """The earliest place with room, and the seconds until it."""
        fits(self.limits, weight)
        with self._lock:
            now = self._monotonic()
            month, wait = self._book_month(weight)
            self._journal.forget(now - self._longest)
            at = max(now, self._journal.last, now + wait)
            for calls, span in self._spans:
                at = self._journal.earliest(at, weight, calls, span)
            booking = Booking(at, weight, month, wait > 0)
            self._journal.add(booking)
            return booking, at - now

    def give_back(self, booking: Booking) -> None:
        """Frees a booking that was never sent."""
        with self._lock:
            if booking.month:
                self._months[booking.month] -= booking.weight
            self._journal.remove(booking)

    def _book_month(self, weight: int) -> tuple[str, float]:
        quotas = [limit.calls for limit in self.limits if limit.seconds == "month"]
        if not quotas:
            return "", 0.0
        month, wait = free_month(self._months, self._now(), min(quotas) - weight)
        self._months[month] = self._months.get(month, 0) + weight
        return month, wait
