"""Waits that somebody would notice, told to the log when they begin.

A library prints nothing. Every wait of 2 seconds or more is a record of the logger
"socialmetrics": a warning where a call failed and is tried again, information where
the own budget or the vendor's pace makes it wait. The record's `waiting` holds the
same as values. No credential is ever in it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Final

import attrs

from socialmetrics.budget import Booking, Limit
from socialmetrics.errors import SocialMetricsError
from socialmetrics.retry import ACCEPTED, LIMITED
from socialmetrics.wire import Request

LOGGER: Final = logging.getLogger("socialmetrics")
LOGGER.addHandler(logging.NullHandler())  # Else Python itself prints the warnings.
NOTICED: Final = 2.0
"""Seconds; shorter waits are not worth a line."""

MINUTE: Final = 60
_SPANS: Final[Mapping[float, str]] = {
    1: "a second",
    60: "a minute",
    3600: "an hour",
    86400: "a day",
}


@attrs.frozen(kw_only=True)
class Waiting:
    """A wait that begins: for which call, why, and how many seconds.

    `next_try` is the number of the try that follows (2 is the first repetition), of
    `tries` in all; None where nothing failed, or where only the patience is a bound.
    """

    vendor: str | None
    operation: str | None
    why: str
    seconds: float
    next_try: int | None = None
    tries: int | None = None

    def __str__(self) -> str:
        where = " ".join(filter(None, (self.vendor, self.operation)))
        return f"{where}: {self.why}; {self._next} in {lasting(self.seconds)}"

    @property
    def _next(self) -> str:
        if self.next_try is None:
            return "going on"
        bound = "" if self.tries is None else f" of {self.tries}"
        return f"try {self.next_try}{bound}"


def tell(waiting: Waiting) -> None:
    """Logs it, if it is long enough to be noticed."""
    if waiting.seconds >= NOTICED:
        level = logging.INFO if waiting.next_try is None else logging.WARNING
        LOGGER.log(level, "%s", waiting, extra={"waiting": waiting})


def held(vendor: str, request: Request, why: str, seconds: float) -> Waiting:
    """The wait before that request is sent for the first time."""
    return Waiting(vendor=vendor, operation=request.operation, why=why, seconds=seconds)


def repeated(
    error: SocialMetricsError, seconds: float, *, attempt: int, tries: int
) -> Waiting:
    """The wait after that attempt failed; `tries` 0 means that none is the last."""
    is_fault = error.status != ACCEPTED
    return Waiting(
        vendor=error.vendor,
        operation=error.operation,
        why=_why(error),
        seconds=seconds,
        next_try=attempt + 1 if is_fault else None,
        tries=tries or None,
    )


def _why(error: SocialMetricsError) -> str:
    if error.status == LIMITED:
        return "HTTP 429, too many calls"
    if error.status is None or error.status == ACCEPTED:
        return " ".join(error.message.split())
    return f"HTTP {error.status}"


def used_up(limits: Iterable[Limit], booking: Booking) -> str:
    """Which part of a budget makes that booking wait, as far as it can be told."""
    told = [
        f"{limit.calls:,} calls {_span(limit)}"
        for limit in limits
        if (limit.seconds == "month") is booking.is_postponed
    ]
    if len(told) == 1:
        return f"{told[0]} are used up"
    of = f" of {', '.join(told)}" if told else ""
    return f"the budget{of} is used up"


def _span(limit: Limit) -> str:
    if limit.seconds == "month":
        return "a month"
    return _SPANS.get(limit.seconds, f"in {limit.seconds:g} s")


def lasting(seconds: float) -> str:
    """A span as people say it, rounded: 42 s, 5 min, 3 h 20 min."""
    if seconds <= 2 * MINUTE:
        return f"{round(seconds)} s"
    minutes = round(seconds / MINUTE)
    if minutes <= 2 * MINUTE:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"


def after(attempt: int, error: SocialMetricsError) -> SocialMetricsError:
    """The error, with the number of tries where there was more than one."""
    if attempt > 1:
        error.message = f"{error.message} (after {attempt} tries)"
        error.args = (error.message,)
    return error
