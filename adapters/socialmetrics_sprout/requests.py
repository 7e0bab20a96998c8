"""What is sent to Sprout: plain requests, built from parts. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

import attrs

from socialmetrics.model import Draft, Media
from socialmetrics.window import Window
from socialmetrics.wire import DONE, Request, Upload, segment
from socialmetrics_sprout.conditions import field, seconds
from socialmetrics_sprout.parts import (
    Account,
    CasesPart,
    DaysPart,
    MessagesPart,
    PostsPart,
    TopicFiguresPart,
    TopicMessagesPart,
)

DAYS_A_PAGE: Final = 1000
ROWS_A_PAGE: Final = 100
SLICES_A_PAGE: Final = 1000
"""Listening figures have no pages; the limit is sent, so that a cut one shows."""

POST_FIELDS: Final = (
    "guid",
    "created_time",
    "network",
    "customer_profile_id",
    "text",
    "perma_link",
    "post_type",
)
MESSAGE_FIELDS: Final = (*POST_FIELDS, "profile_guid", "from", "internal.tags.id")
TOPIC_FIELDS: Final = (
    "guid",
    "created_time",
    "network",
    "text",
    "perma_link",
    "content_category",
    "from.guid",
    "from.name",
    "from.screen_name",
    "sentiment",
    "language",
)


def customers() -> Request:
    """The bootstrap call: the only path without a customer id."""
    return Request(
        operation="metadata/client", method="GET", path="/v1/metadata/client"
    )


def metadata(kind: str = "") -> Request:
    """Profiles ("") or tags, groups, users, topics, teams, queues."""
    tail = f"/{kind}" if kind else ""
    return Request(
        operation=f"metadata/customer{tail}",
        method="GET",
        path=f"/v1/{{customer}}/metadata/customer{tail}",
    )


def _query(operation: str, **body: object) -> Request:
    """Sprout reads by POST: safe to repeat."""
    return Request(
        operation=operation,
        method="POST",
        path=f"/v1/{{customer}}/{operation}",
        json={key: value for key, value in body.items() if value is not None},
    )


def _once(*names: str) -> list[str]:
    return list(dict.fromkeys(names))


@lru_cache(maxsize=64)
def _accounts(accounts: tuple[Account, ...]) -> str:
    """Kept, as the next: a part is asked for page by page."""
    ids = (account.vendor_id for account in accounts)
    return str(field("customer_profile_id").eq(*ids))


@lru_cache(maxsize=64)
def _created(window: Window) -> str:
    return str(field("created_time").within(window))


def days(part: DaysPart, page: int) -> Request:
    """A page of daily profile figures."""
    return _query(
        "analytics/profiles",
        filters=[
            _accounts(part.accounts),
            str(field("reporting_period").days(part.first, part.last)),
        ],
        metrics=list(part.names),
        page=page,
        limit=DAYS_A_PAGE,
    )


def posts(part: PostsPart) -> Request:
    """The first posts of the part, in the server's order."""
    return _query(
        "analytics/posts",
        filters=[_accounts(part.accounts), _created(part.window)],
        fields=_once(*POST_FIELDS, *part.fields),
        metrics=list(part.names) or None,
        sort=["guid:asc"],
        timezone="UTC",
        limit=ROWS_A_PAGE,
    )


def behind(first: Request, guid: str) -> Request:
    """The posts behind that guid, for the request of the first ones."""
    body: Any = first.json
    filters = [*body["filters"], str(field("guid").gt(guid))]
    return attrs.evolve(first, json={**body, "filters": filters})


def messages(part: MessagesPart, cursor: str | None) -> Request:
    """A page of the inbox, oldest first."""
    return _query(
        "messages",
        filters=list(_message_filters(part)),
        fields=_once(*MESSAGE_FIELDS, *part.fields),
        sort=["created_time:asc"],
        timezone="UTC",
        limit=ROWS_A_PAGE,
        page_cursor=cursor,
    )


def _message_filters(part: MessagesPart) -> Iterator[str]:
    if part.ids:  # They exclude every other filter.
        yield str(field("message_id").eq(*part.ids))
        return
    if part.group is not None:
        yield str(field("group_id").eq(part.group))
    yield _accounts(part.accounts)
    yield _created(part.window)
    yield from part.conditions


def topic_messages(part: TopicMessagesPart, page: int) -> Request:
    """A page of listening messages, oldest first."""
    return _query(
        f"listening/topics/{segment(part.topic)}/messages",
        filters=[str(field("created_time").within(part.window)), *part.conditions],
        fields=_once(*TOPIC_FIELDS, *part.fields),
        sort=["created_time:asc"],
        timezone="UTC",
        page=page,
        limit=ROWS_A_PAGE,
    )


def topic_figures(part: TopicFiguresPart) -> Request:
    """Listening figures; this endpoint has no paging."""
    return _query(
        f"listening/topics/{segment(part.topic)}/metrics",
        filters=[
            str(field("created_time").within(part.window, part.window.tz)),
            *part.conditions,
        ],
        metrics=list(part.names),
        dimensions=list(part.dimensions) or None,
        timezone=part.window.tz,
        limit=SLICES_A_PAGE,
    )


def cases(part: CasesPart, cursor: str | None) -> Request:
    """A page of cases. Without a timezone this endpoint would read Chicago's."""
    return _query(
        "cases/filter",
        filters=list(part.conditions),
        timezone="UTC",
        limit=ROWS_A_PAGE,
        page_cursor=cursor,
    )


def draft(draft: Draft, group: str) -> Request:
    """A draft in the publishing calendar: a write without an idempotency key."""
    at = draft.at
    media = [each for each in draft.media if isinstance(each, Media)]
    body = {
        "group_id": _number(group),
        "customer_profile_ids": [_number(each.vendor_id) for each in draft.profiles],
        "is_draft": True,
        "text": draft.text,
        "delivery": {
            "type": "SCHEDULED",
            "scheduled_times": [f"{seconds(at)}Z"] if isinstance(at, datetime) else [],
        },
        "media": [
            {"media_id": each.vendor_id, "media_type": each.kind.upper()}
            for each in media
        ]
        or None,
        "tag_ids": [_number(each) for each in draft.tags] or None,
    }
    return Request(
        operation="publishing/posts",
        method="POST",
        path="/v1/{customer}/publishing/posts",
        json={key: value for key, value in body.items() if value is not None},
        safe=False,
    )


def published(post: str) -> Request:
    """One draft or post of the publishing calendar."""
    return Request(
        operation="publishing/posts",
        method="GET",
        path=f"/v1/{{customer}}/publishing/posts/{segment(post)}",
    )


def media(upload: Upload) -> Request:
    """A file of up to 50 MiB. Not repeated."""
    return _upload("media", "/v1/{customer}/media/", upload)


def submission(upload: Upload | str) -> Request:
    """The start of a chunked upload, with its first part or an address."""
    return _upload("media/submission", "/v1/{customer}/media/submission", upload)


def media_part(submission: str, number: int, upload: Upload) -> Request:
    """Part 2, 3, ... of a chunked upload; it may be repeated."""
    return Request(
        operation="media/submission/part",
        method="POST",
        path=f"/v1/{{customer}}/media/submission/{segment(submission)}/part/{number}",
        files=(upload,),
    )


def completion(submission: str, delay: float) -> Request:
    """Whether a chunked upload is complete; 202 says when to ask again."""
    return Request(
        operation="media/submission",
        method="GET",
        path=f"/v1/{{customer}}/media/submission/{segment(submission)}",
        done=DONE | {202},
        delay=delay,
    )


def _upload(operation: str, path: str, upload: Upload | str) -> Request:
    """Media come as multipart, addresses too."""
    if isinstance(upload, str):
        upload = Upload(field="media_url", content=upload.encode())
    return Request(
        operation=operation, method="POST", path=path, files=(upload,), safe=False
    )


def _number(text: str) -> int | str:
    """Ids that the vendor writes as numbers are sent as numbers."""
    return int(text) if text.isdecimal() and text.isascii() else text
