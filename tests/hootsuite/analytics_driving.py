"""The Analytics API driven by hand: what is asked, and servers that are functions."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import parse_qs, urlsplit

import attrs
import msgspec

from socialmetrics.errors import (
    NotFound,
    PermissionDenied,
    Rejected,
    SocialMetricsError,
)
from socialmetrics.model import Post, Profile, Ref
from socialmetrics.plan import MetricsQuery, PostsQuery, Subject
from socialmetrics.window import Window
from socialmetrics.wire import Request, Response

Json: TypeAlias = Mapping[str, Any]
Answers: TypeAlias = Callable[[Request], Response | SocialMetricsError]

NOW = datetime(2026, 3, 11, 6, tzinfo=UTC)
WEEK = Window.days("2026-03-02", "2026-03-08")
DAY = timedelta(days=1)
ROWS = 100
SAMPLES = Path(__file__).parent / "samples" / "analytics"
TYPES = {
    "x": "TWITTER",
    "facebook": "FACEBOOKPAGE",
    "instagram": "INSTAGRAMBUSINESS",
    "tiktok": "TIKTOKBUSINESS",
    "youtube": "YOUTUBECHANNEL",
    "pinterest": "PINTEREST",
    "threads": "THREADS",
    "linkedin": "LINKEDINCOMPANY",
}


def profile(number: int = 1, network: str = "instagram", kind: str = "") -> Profile:
    return Profile(
        ref=Ref(network, f"n{number}"),
        vendor_id=str(139_000_000 + number),
        name=f"Profile {number}",
        raw={"type": kind or TYPES[network]},
    )


def post(
    number: int, created: datetime, owner: str | None = "139000001",
    network: str = "instagram",
) -> Post:  # fmt: skip
    return Post(
        ref=Ref(network, f"p{number}"),
        vendor_id=f"m{number}",
        created_at=created,
        profile=owner,
    )


def figures(
    *subjects: Subject,
    metrics: Sequence[str] = ("followers",),
    window: Window | None = WEEK,
    by: Any = None,
    now: datetime = NOW,
) -> MetricsQuery:
    return MetricsQuery(
        subjects=subjects, metrics=metrics, window=window, by=by, now=now
    )


def publications(
    *profiles: Profile,
    metrics: Sequence[str] = (),
    window: Window = WEEK,
    now: datetime = NOW,
) -> PostsQuery:
    return PostsQuery(profiles=profiles, window=window, metrics=metrics, now=now)


def response(request: Request, content: object, status: int = 200) -> Response:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return Response(
        status=status,
        headers={},
        body=body,
        at=NOW,
        request=request,
        vendor="hootsuite",
        request_id="h-1",
    )


def page(*rows: object, cursor: str | None = None, **more: object) -> Json:
    info = {} if cursor is None else {"next": {"cursor": cursor}}
    return {"data": list(rows), "metadata": {"collectionInfo": info}, **more}


def script(*outcomes: object) -> Answers:
    """A server that says these things in turn, and nothing more."""
    left = list(outcomes)

    def server(request: Request) -> Response | SocialMetricsError:
        assert left, f"an unexpected request: {request}"
        told = left.pop(0)
        if isinstance(told, SocialMetricsError):
            return told
        return response(request, told)

    return server


@attrs.frozen
class Asked:
    """What a request asks for."""

    network: str
    datatype: str
    limit: str
    cursor: str | None
    profiles: list[str]
    since: date
    until: date | None
    filters: Json


def asked(request: Request) -> Asked:
    query = parse_qs(urlsplit(request.path).query, strict_parsing=True)
    filters = msgspec.convert(request.json, dict[str, Any])["filters"]
    spans = [value for name, value in filters.items() if name != "profileId"]
    (timespan,) = (span["timespan"] for span in spans)
    until = timespan.get("until")
    return Asked(
        network=query["networkId"][0],
        datatype=query["datatype"][0],
        limit=query["limit"][0],
        cursor=query.get("cursor", [None])[0],
        profiles=filters["profileId"]["in"],
        since=date.fromisoformat(timespan["since"]),
        until=None if until is None else date.fromisoformat(until),
        filters=filters,
    )


def days_of(told: Asked) -> list[date]:
    assert told.until is not None
    return [told.since + n * DAY for n in range((told.until - told.since).days + 1)]


def day_row(owner: str, day: date, **metrics: object) -> Json:
    """A row of a day; numbers become objects with a total."""
    return {
        "profileId": owner,
        "externalProfileId": f"e{owner}",
        "date": day.isoformat(),
        "metrics": {
            name: value if isinstance(value, Mapping) else {"total": value}
            for name, value in metrics.items()
        },
    }


def post_row(
    number: int, created: datetime, owner: str = "139000001", **metrics: object
) -> dict[str, Any]:
    return {
        "createdAt": stamp(created),
        "lastRefreshed": stamp(NOW - 3 * timedelta(hours=1)),
        "profileId": owner,
        "externalProfileId": f"e{owner}",
        "sourceLink": f"https://example.com/p{number}",
        "externalId": f"p{number}",
        "content": f"counted {number}",
        "postType": "INSTAGRAM_REEL",
        "metrics": metrics,
    }


def message_row(
    number: int, at: datetime | None, owner: str = "139000001", **more: object
) -> dict[str, Any]:
    return {
        "id": f"m{number}",
        "state": "SENT",
        "text": f"sent {number}",
        "scheduledSendTime": None if at is None else stamp(at),
        "socialProfile": {"id": owner},
        "postId": f"p{number}",
        "postUrl": None,
        **more,
    }


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def denied(message: str = "One of the profiles is not yours.") -> PermissionDenied:
    return PermissionDenied(message, vendor="hootsuite", status=403)


@attrs.define
class Days:
    """A server of daily figures: whole, but for what is set.

    `refused` are profiles that spoil a whole call, `silent` those without rows. A full
    page of a `cut` one has no cursor.
    """

    refused: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()
    is_cut: bool = False
    error: SocialMetricsError = attrs.field(factory=denied)
    calls: list[Asked] = attrs.field(factory=list[Asked])

    def __call__(self, request: Request) -> Response | SocialMetricsError:
        told = asked(request)
        self.calls.append(told)
        if self.refused.intersection(told.profiles):
            return self.error
        rows = [
            day_row(owner, day, followers_count=number_of(owner, day))
            for day in days_of(told)
            for owner in told.profiles
            if owner not in self.silent
        ]
        begin = int(told.cursor or 0)
        end = begin + int(told.limit)
        more = end < len(rows) and not self.is_cut
        content = page(*rows[begin:end], cursor=str(end) if more else None)
        return response(request, content)


def number_of(owner: str, day: date) -> float:
    """The followers of that profile at the end of that day."""
    return float(int(owner) % 1000 * 100_000 + day.toordinal() % 50_000)


def rejected(message: str = "invalid-argument") -> Rejected:
    return Rejected(message, vendor="hootsuite", status=422)


def unknown() -> NotFound:
    return NotFound("no such profile", vendor="hootsuite", status=404)
