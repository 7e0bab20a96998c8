"""What is asked of the Analytics API: plain requests. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final
from urllib.parse import urlencode

from socialmetrics.wire import Request
from socialmetrics_hootsuite.analytics.entries import Datatype, Endpoint, type_of
from socialmetrics_hootsuite.analytics.parts import Account, DaysPart, PostQuery

ROWS_A_PAGE: Final = 100
"""Always sent: the vendor's default is 10."""


def days(
    part: DaysPart,
    accounts: Sequence[Account],
    span: tuple[date, date],
    cursor: str | None,
) -> Request:
    """A page of daily figures of these profiles; both days are included."""
    filters = {"profileId": _ids(accounts), "reportingPeriod": _timespan(*span)}
    return _query("profiles", part.network, part.datatype, filters, cursor)


def posts(query: PostQuery, cursor: str | None) -> Request:
    """A page of posts."""
    kind = "lastModified" if query.is_changes else "reportingPeriod"
    filters = {
        "profileId": _ids(query.accounts),
        kind: _timespan(query.since, query.until),
    }
    return _query("posts", query.network, query.datatype, filters, cursor)


def _ids(accounts: Sequence[Account]) -> object:
    return {"in": [account.vendor_id for account in accounts]}


def _timespan(since: date, until: date | None) -> object:
    ends = {"since": since, "until": until}
    return {"timespan": {name: str(day) for name, day in ends.items() if day}}


def _query(
    endpoint: Endpoint,
    network: str,
    datatype: Datatype,
    filters: Mapping[str, object],
    cursor: str | None,
) -> Request:
    """Hootsuite reads by POST: safe to repeat."""
    told = {
        "datatype": datatype,
        "networkId": type_of(network),
        "limit": str(ROWS_A_PAGE),
        **({"cursor": cursor} if cursor is not None else {}),
    }
    return Request(
        operation=f"analytics/{endpoint}",
        method="POST",
        path=f"/v1/analytics/{endpoint}?{urlencode(told)}",
        json={"filters": filters},
    )
