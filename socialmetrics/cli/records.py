"""The model as flat records: what JSON Lines, CSV and Parquet of the CLI hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, Literal

from socialmetrics.model import Author, Message, Missing, Point, Post, Profile

Cell = (
    str | int | float | bool | datetime | None | tuple[str, ...] | Mapping[str, object]
)
Record = Mapping[str, Cell]
Type = Literal["text", "time", "number", "flag"]
Columns = Mapping[str, Type]

PROFILE: Final[Columns] = {
    "network": "text",
    "native_id": "text",
    "vendor_id": "text",
    "name": "text",
    "handle": "text",
    "url": "text",
    "groups": "text",
}
POST: Final[Columns] = {
    "network": "text",
    "native_id": "text",
    "vendor_id": "text",
    "created_at": "time",
    "profile": "text",
    "kind": "text",
    "url": "text",
    "text": "text",
}
MESSAGE: Final[Columns] = {
    "network": "text",
    "native_id": "text",
    "vendor_id": "text",
    "created_at": "time",
    "profile": "text",
    "kind": "text",
    "sent": "flag",
    "author_name": "text",
    "author_handle": "text",
    "url": "text",
    "tags": "text",
    "text": "text",
}
PLAN: Final[Columns] = {
    "record": "text",
    "parts": "number",
    "requests": "number",
    "seconds": "number",
    "metric": "text",
    "network": "text",
    "subject": "text",
    "available": "flag",
    "derived_for": "text",
    "reason": "text",
    "alternatives": "text",
}


def flat(cell: Cell) -> object:
    """A cell for a table of plain values: instants as ISO 8601, lists as one text."""
    if isinstance(cell, datetime):
        return cell.isoformat()
    return " ".join(cell) if isinstance(cell, tuple) else cell


def post_columns(metrics: Iterable[str]) -> Columns:
    """The columns of posts with these metrics, as numbers."""
    return {**POST, **dict.fromkeys(metrics, "number")}


def profile(one: Profile) -> Record:
    """A profile."""
    return {
        "network": one.ref.network,
        "native_id": one.ref.native_id,
        "vendor_id": one.vendor_id,
        "name": one.name,
        "handle": one.handle,
        "url": one.url,
        "groups": one.groups,
    }


def post(one: Post, metrics: Sequence[str]) -> Record:
    """A post; `metrics` holds value, status and scope of each figure that came."""
    return {
        "network": one.ref.network,
        "native_id": one.ref.native_id,
        "vendor_id": one.vendor_id,
        "created_at": one.created_at,
        "profile": one.profile,
        "kind": one.kind,
        "url": one.url,
        "text": one.text,
        "metrics": {
            name: _told(one.metrics[name]) for name in metrics if name in one.metrics
        },
    }


def _told(point: Point) -> Mapping[str, object]:
    return {
        "value": point.value,
        "status": point.status,
        "scope": point.reading.scope,
    }


def flat_post(one: Post, metrics: Sequence[str]) -> Record:
    """A post with a number for each metric, None where it was not observed."""
    head = {name: cell for name, cell in post(one, ()).items() if name != "metrics"}
    return {**head, **{name: value(one, name) for name in metrics}}


def value(one: Post, metric: str) -> int | float | None:
    """What was observed of that post, None where nothing was."""
    point = one.metrics.get(metric)
    return None if point is None else point.value


def message(one: Message) -> Record:
    """A message, with its author's name and handle."""
    author, ref = one.author or Author(), one.ref
    return {
        "network": None if ref is None else ref.network,
        "native_id": None if ref is None else ref.native_id,
        "vendor_id": one.vendor_id,
        "created_at": one.created_at,
        "profile": one.profile,
        "kind": one.kind,
        "sent": one.sent,
        "author_name": author.name,
        "author_handle": author.handle,
        "url": one.url,
        "tags": one.tags,
        "text": one.text,
    }


def figure(point: Point) -> Record:
    """A figure, with the columns of `MetricSeries.to_csv`."""
    reading = point.reading
    return {
        "network": point.subject.network,
        "native_id": point.subject.native_id,
        "metric": point.metric,
        "scope": reading.scope,
        "breakdown": point.breakdown,
        "start": point.start,
        "end": point.end,
        "value": point.value,
        "status": point.status,
        "settled": point.settled,
        "level": reading.level,
        "temporality": reading.temporality,
        "date_axis": reading.date_axis,
        "zone": reading.zone,
        "vendor": point.source.vendor,
        "endpoint": reading.endpoint,
        "name": reading.name,
        "fetched_at": point.source.fetched_at,
    }


def plan(parts: int, requests: int, seconds: float) -> Record:
    """What a plan costs: calls, and seconds of waiting for the budget, at least."""
    cost = {"parts": parts, "requests": requests, "seconds": seconds}
    return {**dict.fromkeys(PLAN), "record": "plan", **cost}


def available(metric: str, derived_for: tuple[str, ...]) -> Record:
    """A metric that comes, and the networks for which it is worked out here."""
    head = {**dict.fromkeys(PLAN), "record": "metric", "metric": metric}
    return {**head, "available": True, "derived_for": derived_for}


def missing(one: Missing) -> Record:
    """A metric that does not come, and why."""
    return {
        **dict.fromkeys(PLAN),
        "record": "metric",
        "metric": one.metric,
        "network": one.network,
        "subject": None if one.subject is None else str(one.subject),
        "available": False,
        "reason": one.reason,
        "alternatives": one.alternatives,
    }
