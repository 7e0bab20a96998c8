"""What a vendor's number means: the axes on which two numbers can differ."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import Final, Literal, get_args

import attrs

Temporality = Literal["period", "lifetime", "instant"]
DateAxis = Literal["activity", "publish", "observed"]
Scope = Literal["organic", "paid", "total", "unknown"]
Counting = Literal["total", "unique"]
Level = Literal["profile", "post", "message", "topic"]
Unit = Literal["count", "person", "second", "ratio", "currency", "score"]


_LABEL: Final = re.compile(rf"(.+)\[scope=({'|'.join(get_args(Scope))})\]", re.DOTALL)


def unlabelled(metric: str) -> tuple[str, str | None]:
    """The name, and the scope where one stands in brackets, as in `Reading.label`."""
    found = _LABEL.fullmatch(str(metric))
    return (found[1], found[2]) if found else (metric, None)


class Status(StrEnum):
    """Why a figure is there, or why it is not. Unknown is never zero."""

    OBSERVED = "observed"
    NOT_REPORTED = "not_reported"
    NOT_PERMITTED = "not_permitted"
    TOO_OLD = "too_old"
    UNAVAILABLE = "unavailable"
    SUPPRESSED = "suppressed"
    ZERO_BY_RULE = "zero_by_rule"
    NOT_COLLECTED = "not_collected"


class Settled(StrEnum):
    """Whether the vendor may still change a figure."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@attrs.frozen(kw_only=True)
class Reading:
    """One vendor metric of one endpoint and network, and what it counts.

    `metric` is the canonical id, or the vendor's name where there is no canonical
    one; `name` is the vendor's. `zone` is the IANA zone of the vendor's day (None:
    not documented). `valid_from` and `valid_to` bound this meaning (days, the last
    one included). `additive` tells whether figures of several days may be added.
    """

    vendor: str
    endpoint: str
    network: str
    name: str
    metric: str
    level: Level
    temporality: Temporality
    date_axis: DateAxis
    scope: Scope = "unknown"
    counting: Counting = "total"
    unit: Unit = "count"
    additive: bool = False
    net: bool = False
    threshold: str = ""
    composition: str = ""
    zone: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    note: str = ""

    @property
    def label(self) -> str:
        """The metric with its scope, as flat exports write it."""
        return f"{self.metric}[scope={self.scope}]"

    def holds_on(self, day: date) -> bool:
        """Whether this meaning was in force on that day."""
        after = self.valid_from is None or self.valid_from <= day
        return after and (self.valid_to is None or day <= self.valid_to)
