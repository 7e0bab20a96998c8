"""Pacing inside a vendor's limits: every call books its instant before it is sent.

One booking finds the earliest instant at which every window has room, and takes it.
Nobody is turned away and nobody is admitted too early: over any span of a window's
length, the bookings in it never exceed its allowance.
"""

from __future__ import annotations

import os
import sqlite3
import time
from bisect import bisect_left
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from operator import attrgetter
from pathlib import Path
from threading import Lock
from typing import Final, Literal, Protocol, Self, TypeAlias, runtime_checkable

import attrs
from filelock import FileLock

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
    return max([DAY, *(10 * span for _, span in _spans(limits))])


def utc_now() -> datetime:
    """This machine's idea of now."""
    return datetime.now(UTC)


def _fits(limits: Iterable[Limit], weight: int) -> None:
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


def _free_month(
    used: Mapping[str, int], moment: datetime, most: int
) -> tuple[str, float]:
    """The first month of which at most so much is used, and the seconds until it."""
    for ahead in count():
        month, wait = _month(moment, ahead)
        if used.get(month, 0) <= most:
            return month, wait
    raise AssertionError  # pragma: no cover - count() does not end


def _spans(limits: Iterable[Limit]) -> list[tuple[int, float]]:
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
        self._spans = _spans(self.limits)
        self._longest = max((span for _, span in self._spans), default=0.0)
        self._journal = _Journal()
        self._months: dict[str, int] = {}
        self._lock = Lock()

    def book(self, weight: int) -> tuple[Booking, float]:
        """The earliest place with room, and the seconds until it."""
        _fits(self.limits, weight)
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
        month, wait = _free_month(self._months, self._now(), min(quotas) - weight)
        self._months[month] = self._months.get(month, 0) + weight
        return month, wait


_SCHEMA: Final = """
PRAGMA journal_mode = WAL;
CREATE TABLE booking (id INTEGER PRIMARY KEY, at REAL, weight INTEGER, total INTEGER);
CREATE INDEX booking_total ON booking (total);
CREATE TABLE month (name TEXT PRIMARY KEY, used INTEGER);
"""


_LEFT_TO_THE_PARENT: Final[list[sqlite3.Connection]] = []


class SqliteBudget:
    """A budget for all processes of one machine, kept in a file.

    Every process names the same file and the same limits. Windows are measured on
    `wall`, which the processes share, months on `now`. A clock set back makes them
    wait; bookings by a clock that was far ahead are dropped.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        limits: Limits,
        *,
        now: Callable[[], datetime] = utc_now,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self.limits = limits_of(limits)
        self.path = Path(path)
        self._now, self._wall = now, wall
        self._spans = _spans(self.limits)
        self._furthest = longest_queue(self.limits)
        if any(limit.seconds == "month" for limit in self.limits):
            self._furthest = max(self._furthest, 62 * DAY)  # Into the month after.
        self._lock = Lock()
        self._held: tuple[int, sqlite3.Connection] | None = None
        try:
            with FileLock(f"{self.path}.lock"), self._transaction() as db:
                tables = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
                if tables == (0,):
                    db.commit()
                    db.executescript(_SCHEMA)
        except OSError as err:
            raise self._broken(err) from err

    def close(self) -> None:
        """Closes the file; a later booking opens it again."""
        with self._lock:
            if self._held is not None:
                self._held[1].close()
                self._held = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def book(self, weight: int) -> tuple[Booking, float]:
        """The earliest place with room, and the seconds until it."""
        _fits(self.limits, weight)
        with self._transaction() as db:
            now = self._wall()
            db.execute("DELETE FROM booking WHERE at > ?", (now + self._furthest,))
            last, total = _last(db)
            month, wait = self._book_month(db, self._now(), weight)
            at = max(now, last, now + wait)
            for calls, span in self._spans:
                at = _earliest(db, at, total + weight - calls, span)
            row = (at, weight, total + weight)
            db.execute("INSERT INTO booking (at, weight, total) VALUES (?, ?, ?)", row)
            self._prune(db, now)
        return Booking(at, weight, month, wait > 0), at - now

    def give_back(self, booking: Booking) -> None:
        """Frees a booking that was never sent."""
        with self._transaction() as db:
            db.execute(
                "UPDATE month SET used = used - ? WHERE name = ?",
                (booking.weight, booking.month),
            )
            found = db.execute(
                "SELECT id FROM booking WHERE at = ? AND weight = ?",
                (booking.at, booking.weight),
            ).fetchone()
            if found is None:
                return
            db.execute("DELETE FROM booking WHERE id = ?", found)
            db.execute(
                "UPDATE booking SET total = total - ? WHERE id > ?",
                (booking.weight, *found),
            )

    def _book_month(
        self, db: sqlite3.Connection, moment: datetime, weight: int
    ) -> tuple[str, float]:
        quotas = [limit.calls for limit in self.limits if limit.seconds == "month"]
        if not quotas:
            return "", 0.0
        used = dict(db.execute("SELECT name, used FROM month").fetchall())
        month, wait = _free_month(used, moment, min(quotas) - weight)
        db.execute(
            "INSERT INTO month VALUES (?, ?) ON CONFLICT (name) "
            "DO UPDATE SET used = used + excluded.used",
            (month, weight),
        )
        return month, wait

    def _prune(self, db: sqlite3.Connection, now: float) -> None:
        old = now - max((span for _, span in self._spans), default=0.0) - 1.0
        db.execute(
            "DELETE FROM booking WHERE at < ? AND id < (SELECT max(id) FROM booking)",
            (old,),
        )

    @contextmanager
    def _transaction(self) -> Generator[sqlite3.Connection, None, None]:
        with self._lock:
            try:
                with self._connection() as db:  # Commits or rolls back.
                    db.execute("BEGIN IMMEDIATE")
                    yield db
            except sqlite3.Error as err:
                raise self._broken(err) from err

    def _broken(self, err: Exception) -> InvalidQuery:
        return InvalidQuery(
            f"budget_file={str(self.path)!r} cannot be used: {err}; name a file that "
            "is new or was made by a budget, in a folder that can be written"
        )

    def _connection(self) -> sqlite3.Connection:
        if self._held is not None and self._held[0] != os.getpid():
            # A connection must not cross a fork, not even to be closed.
            _LEFT_TO_THE_PARENT.append(self._held[1])
            self._held = None
        if self._held is None:
            db = sqlite3.connect(
                self.path, timeout=30, isolation_level=None, check_same_thread=False
            )
            self._held = (os.getpid(), db)
        return self._held[1]


def _last(db: sqlite3.Connection) -> tuple[float, int]:
    found = db.execute("SELECT at, total FROM booking ORDER BY id DESC LIMIT 1")
    row: tuple[float, int] | None = found.fetchone()
    return row or (float("-inf"), 0)


def _earliest(db: sqlite3.Connection, at: float, must_go: int, span: float) -> float:
    """`at`, or when the last booking that must have left the window has left it."""
    # None where that one is so old that it was deleted.
    row: tuple[float] | None = db.execute(
        "SELECT at FROM booking WHERE total >= ? AND total - weight < ? "
        "ORDER BY total LIMIT 1",
        (must_go, must_go),
    ).fetchone()
    return at if row is None else max(at, row[0] + span)
