"""The budget that all processes of a machine share: a file of SQLite."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Final, Self

from filelock import FileLock

from socialmetrics.budget import (
    DAY,
    Booking,
    Limits,
    fits,
    free_month,
    limits_of,
    longest_queue,
    spans,
    utc_now,
)
from socialmetrics.errors import InvalidQuery

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
        self._spans = spans(self.limits)
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
        fits(self.limits, weight)
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
        month, wait = free_month(used, moment, min(quotas) - weight)
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
