"""What every metric of the Engagement API counts, by endpoint: the data, read.

`metrics.csv` has a row for every metric and meaning: where one changed on a documented
day, a row for each side of it. A fault in it is a bug of ours: a plain `ValueError`
that names file and row.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final, Literal

import attrs
import msgspec

from socialmetrics.reading import Reading, Scope
from socialmetrics.typed import table
from socialmetrics_x.ids import NETWORK

Endpoint = Literal["totals", "28hr", "historical"]

ENDPOINTS: Final[tuple[Endpoint, ...]] = ("totals", "28hr", "historical")
RENAMED: Final = {"media_clicks": "media_engagements"}
"""Names of the vendor's that were replaced: understood, never sent."""
_FILE: Final = "metrics.csv"


@attrs.frozen(kw_only=True)
class Entry:
    """A metric at one endpoint.

    `needs_owner` tells that only the post's owner may ask for it. Where it is
    `unrecorded`, the vendor answers 0 for what it did not record yet. Nothing is known
    of days before `since`.
    """

    reading: Reading
    endpoint: Endpoint
    title: str
    needs_owner: bool
    unrecorded: bool
    since: date | None


class _Row(msgspec.Struct, forbid_unknown_fields=True):
    endpoints: str
    name: str
    title: str
    metric: str
    scope: Scope
    owner: bool = False
    net: bool = False
    unrecorded: bool = False
    threshold: str = ""
    composition: str = ""
    since: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    note: str = ""


@cache
def entries(endpoint: Endpoint) -> tuple[Entry, ...]:
    """Everything that the endpoint answers for, in the order of the data."""
    rows = table(_FILE, _Row, _content())
    return tuple(
        _entry(row, endpoint) for row in rows if endpoint in row.endpoints.split(";")
    )


def names(endpoint: Endpoint) -> tuple[str, ...]:
    """The vendor's names of the metrics that it has there, each once."""
    return tuple(dict.fromkeys(entry.reading.name for entry in entries(endpoint)))


def asked(endpoint: Endpoint, name: str) -> tuple[Entry, ...]:
    """What a name means there, canonical or the vendor's: one entry a meaning.

    Nothing where the endpoint lacks it.
    """
    own = RENAMED.get(name, name)
    found = entries(endpoint)
    return tuple(e for e in found if own in (e.reading.name, e.reading.metric))


def _entry(row: _Row, endpoint: Endpoint) -> Entry:
    is_total = endpoint == "totals"
    reading = Reading(
        vendor="x",
        endpoint=f"insights/engagement/{endpoint}",
        network=NETWORK,
        name=row.name,
        metric=row.metric,
        level="post",
        temporality="lifetime" if is_total else "period",
        date_axis="publish" if is_total else "activity",
        scope=row.scope,
        counting="total",
        unit="count",
        additive=not is_total,  # A running total is never added to another.
        net=row.net,
        threshold=row.threshold,
        composition=row.composition,
        zone="UTC",
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        note=row.note,
    )
    return Entry(
        reading=reading,
        endpoint=endpoint,
        title=row.title,
        needs_owner=row.owner,
        unrecorded=row.unrecorded,
        since=row.since,
    )


def _content() -> str:
    return files("socialmetrics_x").joinpath(_FILE).read_text("utf-8")
