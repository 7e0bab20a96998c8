"""What every metric of the Analytics API counts, by endpoint and network: the data.

`metrics.csv` has a row for every name that is known, with where it is known from: the
vendor's own list of names is not public. `networks.csv` has the networks that can be
asked for and their days. Names that are not in the data can be asked for as well.
A fault in them is a bug of ours: a plain `ValueError` that names file and row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import Final, Literal

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

Endpoint = Literal["profiles", "posts"]
State = Literal["seen", "example", "mapped", "absent", "open"]
Datatype = Literal["ORGANIC", "PAID"]

ENDPOINTS: Final[tuple[Endpoint, ...]] = ("profiles", "posts")
VENDOR: Final = "hootsuite"
_LEVELS: Final[dict[Endpoint, Level]] = {"profiles": "profile", "posts": "post"}
_AXES: Final[dict[Temporality, DateAxis]] = {
    "period": "activity",
    "lifetime": "publish",
    "instant": "observed",
}
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


@attrs.frozen(kw_only=True)
class Entry:
    """A metric at one endpoint: what it counts, and how its name is known.

    `source` says from where that is. `state`: "seen" by others on that network,
    "example" in the vendor's contract, "mapped" from another network, "open" when asked
    for by a name that the data do not have; "absent" ones are known not to exist.
    `near` are canonical metrics that it resembles without being one of them.
    """

    reading: Reading
    title: str
    state: State
    source: str
    near: tuple[str, ...] = ()

    @property
    def datatype(self) -> Datatype:
        """The data in which the vendor has it."""
        return "PAID" if self.reading.scope == "paid" else "ORGANIC"

    def answers_to(self, name: str, scope: str | None) -> bool:
        """Whether that name, canonical or the vendor's, means this one.

        Without a scope nothing paid is meant.
        """
        reading = self.reading
        if scope is None and reading.scope == "paid":
            return False
        if scope not in (None, reading.scope):
            return False
        return name == (reading.metric if is_canonical(name) else reading.name)


class _Row(msgspec.Struct, forbid_unknown_fields=True):
    endpoint: Endpoint
    network: str
    name: str
    title: str
    scope: Scope
    counting: Counting
    unit: Unit
    temporality: Temporality
    state: State
    source: str
    metric: str = ""
    near: str = ""
    paid: bool = False
    additive: bool = False
    threshold: str = ""
    composition: str = ""
    note: str = ""


class Network(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A network of the Analytics API: the vendor's type, and the days of profiles.

    Figures may still change for `provisional` hours after their day.
    """

    network: str
    type: str
    title: str
    provisional: int
    zone: str | None = None


def called(reading: Reading) -> str:
    """The name by which a figure is asked for: a paid one only with its scope."""
    return reading.label if reading.scope == "paid" else reading.metric


def endpoint_of(level: Level) -> Endpoint:
    """Where figures of that level are read."""
    return "profiles" if level == "profile" else "posts"


def entries(endpoint: Endpoint, network: str) -> tuple[Entry, ...]:
    """Every metric that is known there, organic ones first; absent ones included."""
    return _entries(endpoint, network)


def is_known(endpoint: Endpoint, network: str, name: str) -> bool:
    """Whether the data have the vendor's name there."""
    return any(each.reading.name == name for each in entries(endpoint, network))


def is_name(name: str) -> bool:
    """Whether it is written like the vendor's names."""
    return _NAME.fullmatch(name) is not None


@cache
def open_entry(endpoint: Endpoint, network: str, name: str, scope: Scope) -> Entry:
    """A metric of which nothing is known but its name."""
    row = _Row(
        endpoint=endpoint,
        network=network,
        name=name,
        title=name,
        scope=scope,
        counting="total",
        unit="count",
        temporality="lifetime" if endpoint == "posts" else "period",
        state="open",
        source="asked for by name",
        note="What it counts is not documented; its days are never added.",
    )
    return _entry(row, network, scope, "open")


def networks() -> tuple[str, ...]:
    """The slugs of the networks that have analytics."""
    return tuple(_networks())


def network_of(slug: str) -> Network | None:
    """What is known of that network; None where it has no analytics."""
    return _networks().get(slug)


def type_of(slug: str) -> str:
    """The vendor's word for a network that has analytics."""
    return _networks()[slug].type


def zone_of(slug: str) -> str:
    """The IANA zone of that network's days; UTC where nobody says."""
    return _networks()[slug].zone or "UTC"


def provisional(slug: str) -> timedelta:
    """How long after their end figures may still change."""
    return timedelta(hours=_networks()[slug].provisional)


@cache
def _entries(endpoint: Endpoint, network: str) -> tuple[Entry, ...]:
    rows = [row for row in _rows() if row.endpoint == endpoint]
    own = [row for row in rows if row.network == network]
    taken = {word for row in own for word in (row.name, row.metric) if word}
    general = (row for row in rows if row.network == "*")
    fit = [*own, *(r for r in general if not {r.name, r.metric} & taken)]
    organic = [_entry(row, network, row.scope, row.state) for row in fit]
    return (*organic, *_paid(fit, network))


def _paid(rows: list[_Row], network: str) -> Iterator[Entry]:
    """The same names among paid data; nobody has been seen to read those."""
    for row in rows:
        if row.paid:
            yield _entry(row, network, "paid", "mapped")


def _entry(row: _Row, network: str, scope: Scope, state: State) -> Entry:
    return Entry(
        reading=_reading(row, network, scope),
        title=row.title,
        state=state,
        source=row.source,
        near=tuple(filter(None, row.near.split(";"))),
    )


def _reading(row: _Row, network: str, scope: Scope) -> Reading:
    known = network_of(network)
    is_post = row.endpoint == "posts"  # Posts carry an instant, in UTC.
    return Reading(
        vendor=VENDOR,
        endpoint=f"analytics/{row.endpoint}",
        network=network,
        name=row.name,
        metric=row.metric or row.name,
        level=_LEVELS[row.endpoint],
        temporality=row.temporality,
        date_axis=_AXES[row.temporality],
        scope=scope,
        counting=row.counting,
        unit=row.unit,
        additive=row.additive,
        threshold=row.threshold,
        composition=row.composition,
        zone="UTC" if is_post else known.zone if known else None,
        note=row.note,
    )


@cache
def _rows() -> tuple[_Row, ...]:
    return tuple(table("metrics.csv", _Row, _text("metrics.csv")))


@cache
def _networks() -> dict[str, Network]:
    rows = table("networks.csv", Network, _text("networks.csv"))
    return {row.network: row for row in rows}


def _text(name: str) -> str:
    return files("socialmetrics_hootsuite.analytics").joinpath(name).read_text("utf-8")
