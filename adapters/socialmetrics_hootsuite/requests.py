"""What is sent to Hootsuite: plain requests. Nothing is decided here.

Arrays in a query repeat their key; everything is percent-encoded, colons too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, Literal, TypeAlias
from urllib.parse import quote, urlencode

from socialmetrics.wire import DONE, Request, segment
from socialmetrics_hootsuite.moments import stamp

ROWS_A_PAGE: Final = 100
PARTLY: Final = 207
"""Which status a partial failure has is written nowhere; this is what it is for."""
Verdict: TypeAlias = Literal["approve", "reject"]


def profiles() -> Request:
    """Every profile."""
    return Request(operation="socialProfiles", method="GET", path="/v1/socialProfiles")


def me() -> Request:
    """The member whom the token stands for."""
    return Request(operation="me", method="GET", path="/v1/me")


def message(body: Mapping[str, object]) -> Request:
    """A message to some profiles: a write without an idempotency key."""
    return Request(
        operation="messages",
        method="POST",
        path="/v1/messages",
        json=dict(body),
        safe=False,
        done=DONE | {PARTLY},
    )


def outbound(
    start: datetime,
    end: datetime,
    *,
    profiles: Sequence[str],
    state: str | None,
    unscheduled: bool,
    cursor: str | None = None,
) -> Request:
    """A page of messages, by the time that they are sent at, oldest first."""
    query: list[tuple[str, str | int]] = [
        ("startTime", stamp(start)),
        ("endTime", stamp(end)),
        ("limit", ROWS_A_PAGE),
        *(("socialProfileIds", each) for each in profiles),
    ]
    if state is not None:
        query.append(("state", state))
    if unscheduled:
        query.append(("includeUnscheduledReviewMsgs", "true"))
    if cursor is not None:
        query.append(("cursor", cursor))
    text = urlencode(query, quote_via=quote, safe="")
    return Request(operation="messages", method="GET", path=f"/v1/messages?{text}")


def one(message: str) -> Request:
    """One message."""
    return _of_message("GET", message)


def deletion(message: str) -> Request:
    """The end of one message. Not repeated blindly: a second one finds nothing."""
    return _of_message("DELETE", message, safe=False)


def verdict(message: str, verdict: Verdict, body: Mapping[str, object]) -> Request:
    """A reviewer's word; not repeated, because the second answer misleads."""
    return Request(
        operation=f"messages/{verdict}",
        method="POST",
        path=f"/v1/messages/{segment(message)}/{verdict}",
        json=dict(body),
        safe=False,
    )


def history(message: str) -> Request:
    """What became of a message, step by step."""
    return Request(
        operation="messages/history",
        method="GET",
        path=f"/v1/messages/{segment(message)}/history",
    )


def _of_message(
    method: Literal["GET", "DELETE"], message: str, *, safe: bool = True
) -> Request:
    return Request(
        operation="messages/delete" if method == "DELETE" else "messages/one",
        method=method,
        path=f"/v1/messages/{segment(message)}",
        safe=safe,
    )


def media(size: int, content_type: str) -> Request:
    """An address for a file. One that is not used just expires: safe to repeat."""
    return Request(
        operation="media",
        method="POST",
        path="/v1/media",
        json={"sizeBytes": size, "mimeType": content_type},
    )


def file(url: str, content: bytes, content_type: str) -> Request:
    """The file itself, to a pre-signed address. The first whole one counts."""
    return Request(
        operation="media/upload",
        method="PUT",
        url=url,
        content=content,
        content_type=content_type,
    )


def media_state(media: str, delay: float) -> Request:
    """Whether a file is ready."""
    return Request(
        operation="media/state",
        method="GET",
        path=f"/v1/media/{segment(media)}",
        delay=delay,
    )
