"""What can be set about the simulated service."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Literal

import attrs

from socialmetrics.errors import InvalidQuery


def _texts(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(values)


@attrs.frozen(kw_only=True)
class Options:
    """Limits, failures, and what the documents leave open.

    `clock` is the time of the data (default: the world's now, standing still);
    signatures, limits and the `Date` header live by the real clock, plus `skew`
    seconds. Limits are kept for the whole app: at most `per_minute` in
    `minute_seconds`, and `per_second` in one second; `headers` tells about neither,
    about the minute, or about both. Every `limited_200`-th request says with status
    200 that a limit is reached.

    `is_approved` is whether the app may use the API. The first tokens of the accounts
    `revoked` (user ids) are dead. Nobody may see `forbidden_metrics`. `wording` tells
    foreign posts in one entry, or in one for every author. A bearer token dies after
    `bearer_uses` requests.

    Every `numbers`-th leaf is a bare number (0: none). `unasked` adds quote_tweets to
    an owner's totals. `hour_shape` is what hours without days look like: under their
    date, or as hours of the day, all days together. `sparse` leaves out hours with
    zeros from before a post. `aged` is what totals shows as the impressions and
    engagements of posts that are too old: nothing, or "0".
    """

    clock: Callable[[], datetime] | None = None
    skew: float = 0.0
    per_minute: int = 120
    minute_seconds: float = 60.0
    per_second: int | None = None
    headers: Literal["none", "minute", "second"] = "minute"
    limited_200: int = 0
    is_approved: bool = True
    revoked: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    forbidden_metrics: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    wording: Literal["tweets", "author"] = "author"
    bearer_uses: int | None = None
    numbers: int = 7
    unasked: bool = True
    hour_shape: Literal["dated", "of_day"] = "of_day"
    sparse: bool = False
    aged: Literal["absent", "zero"] = "absent"

    def __attrs_post_init__(self) -> None:
        if self.headers == "second" and self.per_second is None:
            raise InvalidQuery(
                "headers='second' tells of a limit per second: set per_second"
            )
