"""listening: messages of a topic, and their numbers in buckets."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from socialmetrics.sandbox.listening import WorldMention
from socialmetrics_sprout.sandbox.fields import Picked
from socialmetrics_sprout.sandbox.listening_fields import FIELDS, MOVED
from socialmetrics_sprout.sandbox.listening_filters import (
    COUNTS,
    REDDIT_ENDS,
    mentions,
)
from socialmetrics_sprout.sandbox.query import Body, number, sort, texts, timezone
from socialmetrics_sprout.sandbox.refusal import bad
from socialmetrics_sprout.sandbox.service import Service
from socialmetrics_sprout.sandbox.vocabulary import NETWORKS

MOST: Final = 100
MOST_BUCKETS: Final = 10_000
_PAGES: Final = 1 << 31
_Count = Callable[[Sequence[WorldMention]], float]


def messages(service: Service, customer: int, topic: str, body: Body) -> object:
    """Messages by page number. There is no total: a short page is the last one."""
    wanted = texts(body, "fields")
    if not wanted:
        bad("At least one field is required")
    picked = FIELDS.picked([MOVED.get(name, name) for name in wanted])
    metrics = texts(body, "metrics")
    _refuse_unknown("metrics", metrics, COUNTS)
    limit = number(body, "limit", 50, MOST)
    page = number(body, "page", 1, _PAGES)
    order = sort(body, ("created_time",), "created_time:desc")
    rows = mentions(service, customer, topic, body)
    if service.now() >= REDDIT_ENDS:
        rows = [one for one in rows if one.ref.network != "reddit"]
    if order.descending:
        rows.reverse()
    part = rows[(page - 1) * limit : page * limit]
    return {
        "data": [_row(one, picked, metrics) for one in part],
        "paging": {"current_page": page},
    }


def _row(one: WorldMention, picked: Picked, metrics: Sequence[str]) -> object:
    row = FIELDS.row(one, picked)
    if metrics:
        row["metrics"] = {name: float(COUNTS[name](one)) for name in metrics}
    return row


def _refuse_unknown(what: str, names: Sequence[str], known: Container[str]) -> None:
    unknown = [name for name in names if name not in known]
    if unknown:
        bad(f"Requested invalid {what}: {', '.join(unknown)}")


def _feeling(name: str) -> _Count:
    return lambda rows: float(sum(one.sentiment == name for one in rows))


def _sum(got: Callable[[WorldMention], int]) -> _Count:
    return lambda rows: float(sum(map(got, rows)))


_METRICS: Final[dict[str, _Count]] = {
    **{name: _sum(got) for name, got in COUNTS.items()},
    "messages_count": lambda rows: float(len(rows)),
    "authors_count": lambda rows: float(len({one.author for one in rows})),
    "positive_sentiments_count": _feeling("positive"),
    "neutral_sentiments_count": _feeling("neutral"),
    "negative_sentiments_count": _feeling("negative"),
}
_BY_TIME: Final = ("created_time.by(day)", "created_time.by(month)")


def _moment(one: WorldMention, zone: ZoneInfo, day: bool) -> str:
    local = one.created_at.astimezone(zone)
    bucket = datetime(local.year, local.month, local.day if day else 1, tzinfo=zone)
    if bucket.utcoffset() == UTC.utcoffset(None):
        return bucket.strftime("%Y-%m-%dT%H:%M:%SZ")
    return bucket.isoformat()


_DIMENSIONS: Final[dict[str, Callable[[WorldMention, ZoneInfo], object]]] = {
    _BY_TIME[0]: lambda one, zone: _moment(one, zone, True),
    _BY_TIME[1]: lambda one, zone: _moment(one, zone, False),
    "visual_media.media_type": lambda one, zone: one.media,
    "distribution_type": lambda one, zone: "ORGANIC",
    "network": lambda one, zone: NETWORKS[one.ref.network],
    "sentiment": lambda one, zone: one.sentiment,
    "language": lambda one, zone: one.language,
    "explicit_label": lambda one, zone: one.explicit,
    "location.city": lambda one, zone: one.place and one.place[0],
    "location.province": lambda one, zone: one.place and one.place[1],
    "location.country": lambda one, zone: one.place and one.place[2],
}


def metrics(service: Service, customer: int, topic: str, body: Body) -> object:
    """Numbers by bucket, all in one answer, every number a float."""
    names, dimensions = texts(body, "metrics"), texts(body, "dimensions")
    if not names:
        bad("At least one metric is required")
    _refuse_unknown("metrics", names, _METRICS)
    _refuse_unknown("dimensions", dimensions, _DIMENSIONS)
    limit = number(body, "limit", 1000, MOST_BUCKETS)
    zone = timezone(body)
    buckets: dict[tuple[object, ...], list[WorldMention]] = {}
    for one in mentions(service, customer, topic, body):
        key = tuple(_DIMENSIONS[name](one, zone) for name in dimensions)
        buckets.setdefault(key, []).append(one)
    data = [
        {
            "dimensions": _named(dimensions, key),
            "metrics": {name: _METRICS[name](rows) for name in names},
        }
        for key, rows in list(buckets.items())[:limit]
    ]
    timed = any(name in _BY_TIME for name in dimensions)
    return {"data": data, "paging": {}} if timed else {"data": data}


def _named(dimensions: Sequence[str], key: Sequence[object]) -> dict[str, object]:
    timed = any(name in _BY_TIME for name in dimensions)
    named: dict[str, object] = {}
    for name, value in zip(dimensions, key, strict=True):
        if name == "sentiment" and not timed:
            # The documents show both spellings: capitals where no time is asked for.
            named[name] = str(value).upper()
        else:
            named["created_time" if name in _BY_TIME else name] = value
    return named
