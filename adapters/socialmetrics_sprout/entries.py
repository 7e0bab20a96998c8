"""What every Sprout metric counts, by endpoint and network: the data, read.

`metrics.csv` has a row for every metric and meaning: where a key changed its meaning
on a documented day, a row for each side of it. `networks.csv` has the vendor's day.
A fault in them is a bug of ours: a plain `ValueError` that names file and row.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

import attrs
import msgspec

from socialmetrics.ontology import is_canonical
from socialmetrics.reading import (
    Counting,
    DateAxis,
    Level,
    Reading,
    Scope,
    Temporality,
    Unit,
)
from socialmetrics.typed import table

Endpoint = Literal["profiles", "posts", "topics"]
State = Literal["documented", "undocumented", "undated", "never"]

ENDPOINTS: tuple[Endpoint, ...] = ("profiles", "posts", "topics")

_PATHS: dict[Endpoint, str] = {
    "profiles": "analytics/profiles",
    "posts": "analytics/posts",
    "topics": "listening/metrics",
}
_LEVELS: dict[Endpoint, Level] = {
    "profiles": "profile",
    "posts": "post",
    "topics": "topic",
}
# Profiles: what happened that day. Posts and listening totals: all that ever happened
# to what was written that day.
_AXES: dict[Temporality, DateAxis] = {
    "period": "activity",
    "lifetime": "publish",
    "instant": "observed",
}
_PREFIX = re.compile(r"^lifetime(_snapshot)?\.")


@attrs.frozen(kw_only=True)
class Entry:
    """A metric that Sprout has or had: what it counts, and how it can be asked for.

    `preferred` is the one that answers to the bare canonical name. `breakdown` is the
    part that it counts ("love", "positive"), where a canonical metric comes in parts.
    `near` is a canonical metric that it resembles without being it. `is_map` has parts
    in every value. The vendor answers for it on the days from `since` to the day
    before `until`, whatever days are asked about.
    """

    reading: Reading
    title: str
    preferred: bool = False
    premium: bool = False
    is_map: bool = False
    breakdown: str = ""
    near: str = ""
    since: date | None = None
    until: date | None = None
    state: State = "documented"

    def is_offered(self, today: date) -> bool:
        """Whether the vendor still and already answers for it."""
        begun = self.since is None or self.since <= today
        return begun and not self.is_gone(today)

    def is_gone(self, today: date) -> bool:
        """Whether the vendor removed it, or never had it."""
        removed = self.until is not None and self.until <= today
        return removed or self.state == "never"

    def answers_to(self, name: str, scope: str | None) -> bool:
        """Whether that name, canonical or the vendor's, means this one.

        The vendor's name may go without its "lifetime." in front.
        """
        if scope not in (None, self.reading.scope):
            return False
        if is_canonical(name):
            asked = self.preferred or scope is not None
            return self.reading.metric == name and asked
        own = self.reading.name
        return name in (own, _PREFIX.sub("", own), self.reading.metric)


class _Row(msgspec.Struct, forbid_unknown_fields=True):
    endpoint: Endpoint
    network: str
    name: str
    title: str
    temporality: Temporality
    unit: Unit
    scope: Scope
    counting: Counting
    state: State
    metric: str = ""
    own: str = ""
    breakdown: str = ""
    preferred: bool = False
    near: str = ""
    additive: bool = False
    net: bool = False
    threshold: str = ""
    composition: str = ""
    map: bool = False
    premium: bool = False
    since: date | None = None
    until: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    note: str = ""


class Network(msgspec.Struct, forbid_unknown_fields=True):
    """A network that Sprout knows, and the zone of the days of its profiles."""

    network: str
    title: str
    zone: str | None = None


def entries(endpoint: Endpoint, network: str) -> tuple[Entry, ...]:
    """Everything that Sprout has or had at that endpoint for that network.

    Names that never existed and removed ones included, in the order of the data. Any
    network may be asked for, also one that the data do not know.
    """
    return _entries(endpoint, network)


def readings(endpoint: Endpoint, network: str) -> tuple[Reading, ...]:
    """What the metrics of that endpoint and network mean, removed ones included.

    The same objects every time.
    """
    found = entries(endpoint, network)
    return tuple(entry.reading for entry in found if entry.state != "never")


def networks() -> tuple[str, ...]:
    """The slugs of the networks that the data know."""
    return tuple(_networks())


def profile_zone(network: str) -> str | None:
    """The IANA zone of the days of profile metrics; None where nobody says."""
    known = _networks().get(network)
    return known.zone if known else None


def title(network: str) -> str:
    """The network's name for people; the slug where the data do not know it."""
    known = _networks().get(network)
    return known.title if known else network


def is_known(name: str) -> bool:
    """Whether some metric of the vendor, of whatever network, has that name."""
    return name in _names()


@cache
def _names() -> frozenset[str]:
    names = {name for row in _rows() for name in (row.name, row.own) if name}
    return frozenset(names | {_PREFIX.sub("", name) for name in names})


@cache
def _entries(endpoint: Endpoint, network: str) -> tuple[Entry, ...]:
    rows = [row for row in _rows() if row.endpoint == endpoint]
    own = {row.name for row in rows if row.network == network}
    return tuple(
        _entry(row, network)
        for row in rows
        if row.network == network or (row.network == "*" and row.name not in own)
    )


def _entry(row: _Row, network: str) -> Entry:
    return Entry(
        reading=_reading(row, network),
        title=row.title,
        preferred=row.preferred,
        premium=row.premium,
        is_map=row.map,
        breakdown=row.breakdown,
        near=row.near,
        since=row.since,
        until=row.until,
        state=row.state,
    )


def _reading(row: _Row, network: str) -> Reading:
    return Reading(
        vendor="sprout",
        endpoint=_PATHS[row.endpoint],
        network=network,
        name=row.name,
        metric=row.metric or row.own or row.name,
        level=_LEVELS[row.endpoint],
        temporality=row.temporality,
        date_axis=_AXES[row.temporality],
        scope=row.scope,
        counting=row.counting,
        unit=row.unit,
        additive=row.additive,
        net=row.net,
        threshold=row.threshold,
        composition=row.composition,
        zone=_zone(row.endpoint, network),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        note=row.note,
    )


def _zone(endpoint: Endpoint, network: str) -> str | None:
    # Post times are UTC whatever is asked; buckets of listening follow the request.
    return {"profiles": profile_zone(network), "posts": "UTC", "topics": None}[endpoint]


@cache
def _rows() -> tuple[_Row, ...]:
    return tuple(table("metrics.csv", _Row, _text("metrics.csv")))


@cache
def _networks() -> dict[str, Network]:
    rows = table("networks.csv", Network, _text("networks.csv"))
    return {row.network: row for row in rows}


def _text(name: str) -> str:
    return files("socialmetrics_sprout").joinpath(name).read_text("utf-8")
