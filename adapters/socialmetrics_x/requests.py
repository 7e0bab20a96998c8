"""Requests of the Engagement API: plain values, everything in them already checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from socialmetrics.window import Window
from socialmetrics.wire import Request
from socialmetrics_x.entries import Endpoint
from socialmetrics_x.groupings import DAY, HOUR, METRIC, POST

FIGURES: Final = "figures"
"""The name of our own grouping; no key of the API's is called like it."""
TOTALS: Final = (POST, METRIC)
DAYS: Final = (POST, METRIC, DAY)
HOURS: Final = (POST, METRIC, DAY, HOUR)
MOST: Final[Mapping[Endpoint, int]] = {"totals": 250, "28hr": 25, "historical": 25}
"""Posts in one request."""


def engagement(
    endpoint: Endpoint,
    ids: Sequence[str],
    names: Sequence[str],
    *,
    groupings: Mapping[str, Sequence[str]],
    owner: str | None,
    window: Window | None = None,
) -> Request:
    """The figures of posts; `owner` None asks for the app itself."""
    body: dict[str, object] = {
        "tweet_ids": list(ids),
        "engagement_types": list(names),
        "groupings": {
            name: {"group_by": list(levels)} for name, levels in groupings.items()
        },
    }
    if window is not None:
        body |= {"start": _spelled(window.start), "end": _spelled(window.end)}
    return Request(
        operation=f"insights/engagement/{endpoint}",
        method="POST",
        path=f"/insights/engagement/{endpoint}",
        json=body,
        credential=owner,
    )


def _spelled(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
