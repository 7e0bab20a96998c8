"""The hours that an answer covers: as asked, or as each endpoint chooses them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

import attrs
import numpy as np

from socialmetrics.sandbox.days import hour_of
from socialmetrics.sandbox.dice import Ints
from socialmetrics_x.sandbox.refusal import bad

HOUR: Final = timedelta(hours=1)
RECENT: Final = timedelta(hours=28)
LONGEST: Final = timedelta(days=28)
EARLIEST: Final = datetime(2014, 9, 1, tzinfo=UTC)
_FORM: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}Z?)?", re.ASCII
)  # Without zone, in one old client's fashion, it is UTC all the same.


@attrs.frozen
class Period:
    """Hours from `start`, a full one; `end` can lie within the last of them."""

    start: datetime
    end: datetime

    @property
    def marks(self) -> Ints:
        """Where the hours begin, since 1970, and where the last one ends."""
        return np.arange(
            hour_of(self.start), hour_of(_up(self.end)) + 1, dtype=np.int64
        )


def recent(now: datetime) -> Period:
    """28 full hours, and the running one if it has begun."""
    return Period(_down(now) - RECENT, _up(now))


def asked(start: str | None, end: str | None, now: datetime) -> Period:
    """The window of those bounds, rounded outwards; by default the last four weeks.

    An hour that still runs ends now. Refuses what is longer than 672 hours, too early,
    empty or in the future.
    """
    if start is None and end is None:
        return Period(_up(now - LONGEST), now)
    if start is None or end is None:
        bad("start and end: must be given together")
    first, last = _moment("start", start), _moment("end", end)
    _check(first, last, now)
    if _up(last) - _down(first) > LONGEST:
        bad("start and end: must not be more than 4 weeks apart")
    return Period(_down(first), min(_up(last), now))


def _check(first: datetime, last: datetime, now: datetime) -> None:
    if first >= last:
        bad("start: must lie before end")
    if first < EARLIEST:
        bad(f"start: must not lie before {EARLIEST:%Y-%m-%d}")
    if last > now:
        bad("end: must not lie in the future")


def _moment(key: str, text: str) -> datetime:
    try:
        # fromisoformat alone takes many more forms than the API does.
        found = datetime.fromisoformat(text) if _FORM.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None:
        bad(f"{key}: [{text}] is not a time such as 2015-08-01T00:00:00Z")
    return found.replace(tzinfo=UTC)


def _down(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _up(moment: datetime) -> datetime:
    full = _down(moment)
    return full if full == moment else full + HOUR
