"""When to try again, and how long to wait: a decision over plain values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from threading import Lock

import attrs

from socialmetrics.errors import InvalidQuery

ACCEPTED = 202
TOO_SLOW = 408
LIMITED = 429
TOO_HEAVY = 504


@attrs.frozen(kw_only=True)
class Retry:
    """How patient a client is.

    `tries` in all for one call, `first` and `longest` seconds between two of them
    (doubling, with up to 10 % more by chance), `patience` the longest wait in seconds
    that a vendor may ask for; beyond it the call ends in `RateLimited`.
    """

    tries: int = 6
    first: float = 0.5
    longest: float = 30.0
    patience: float = 300.0

    def __attrs_post_init__(self) -> None:
        for name, value in attrs.asdict(self).items():
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            if not is_number or not value > 0:
                raise InvalidQuery(f"{name}={value!r} must be more than 0")

    def pause(self, attempt: int, chance: float) -> float:
        """Seconds before the try after that attempt (1 is the first)."""
        doubled: float = self.first * 2.0 ** min(attempt - 1, 32)
        return min(self.longest, doubled) * (1 + chance / 10)


def asked_wait(headers: Mapping[str, str], now: datetime) -> float | None:
    """The seconds that `Retry-After` asks for; None without a usable one.

    A date is measured against the server's own `Date`, so that neither clock needs to
    be right. Negative, past and unreadable values count as absent.
    """
    text = headers.get("retry-after", "").strip()
    try:
        seconds = float(text)
    except ValueError:
        until = http_date(text)
        start = http_date(headers.get("date", "")) or now
        seconds = -1.0 if until is None else (until - start).total_seconds()
    return seconds if 0 <= seconds < float("inf") else None


def later(moment: datetime, seconds: float | None) -> datetime | None:
    """The instant so many seconds later; None where there is none."""
    try:
        return None if seconds is None else moment + timedelta(seconds=seconds)
    except OverflowError:
        return None


def http_date(text: str) -> datetime | None:
    """An HTTP date in UTC; None for what is none."""
    try:
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


class Tokens:
    """A bucket that keeps an outage from being multiplied by everybody's retries.

    Every retry costs 5 of 500; a call that succeeds gives back 1, or the 5 of its
    retry. When it is empty, calls fail at their first error. (The rule of the AWS
    SDKs' standard mode.)
    """

    CAPACITY = 500
    COST = 5

    def __init__(self) -> None:
        self._left = self.CAPACITY
        self._lock = Lock()

    def take(self) -> bool:
        """Whether one more retry is allowed."""
        with self._lock:
            if self._left < self.COST:
                return False
            self._left -= self.COST
            return True

    def give(self, retried: bool) -> None:
        """A call came through."""
        with self._lock:
            back = self.COST if retried else 1
            self._left = min(self.CAPACITY, self._left + back)
