"""Which worlds can be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from socialmetrics.errors import InvalidQuery
from socialmetrics.window import instant

START: Final = datetime(2024, 2, 1, tzinfo=UTC)
SHORTEST: Final = timedelta(days=395)
MOST_SCALE: Final = 100


def check_sizes(scale: float, customers: int, branches: int, burst: int) -> None:
    """Raises `InvalidQuery` for numbers of which no world can be made."""
    if not 0 < scale <= MOST_SCALE:
        raise InvalidQuery(
            f"scale={scale} must be above 0, and at most {MOST_SCALE} to fit in memory"
        )
    if customers not in (1, 2) or branches < 0 or burst < 0:
        raise InvalidQuery(
            f"customers={customers}, branches={branches}, burst={burst}: there are one "
            "or two customers, and no fewer than 0 branches and posts in a burst"
        )


def late_enough(now: datetime) -> datetime:
    """That time in UTC. Raises `InvalidQuery` when the history would be too short."""
    moment = instant("now", now)
    if moment < START + SHORTEST:
        raise InvalidQuery(
            f"now={moment.isoformat()} is too early: the history begins on "
            f"{START.date()} and is at least {SHORTEST.days} days long"
        )
    return moment
