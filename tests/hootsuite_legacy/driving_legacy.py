"""Generators driven by hand, and a vendor made of lists, with pages of any size."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import attrs

from socialmetrics.errors import (
    AuthRefused,
    NotFound,
    PermissionDenied,
    Refused,
    Rejected,
    Unavailable,
)
from socialmetrics.model import Message, Profile, Ref
from socialmetrics.window import Window
from socialmetrics.wire import Request, Response
from socialmetrics_hootsuite.legacy.parts import MessagesPart, Span
from socialmetrics_hootsuite.legacy.problems import problem
from socialmetrics_hootsuite.legacy.streams import VendorStream

VENDOR = "hootsuite_legacy"
NOW = datetime(2026, 3, 11, 6, tzinfo=UTC)
WEEK = Window.days("2026-03-02", "2026-03-08")
START = int(WEEK.start.timestamp())
MENTION = VendorStream("11", "MENTION", "acme")
HOME = VendorStream("11", "HOME", "acme")
WALL = VendorStream("22", "F_WALL")
COMMENTS = VendorStream("22", "F_COMMENTS")
FIVE = (MENTION, HOME, WALL, COMMENTS, VendorStream("33", "SENT", "other"))
EPOCH = 1_288_834_974_657
_KINDS: Mapping[int, type[Refused]] = {
    401: AuthRefused,
    403: PermissionDenied,
    404: NotFound,
}
Row = dict[str, Any]


def profile(number: int = 11, network: str = "x", **more: Any) -> Profile:
    """A profile of Hootsuite's."""
    told: dict[str, Any] = {
        "ref": Ref(network, f"hootsuite:{number}"),
        "vendor_id": str(number),
        "name": f"Profile {number}",
    }
    return Profile(**{**told, **more})


def response(
    request: Request,
    content: object = b"",
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer to that request; bytes go out as they are."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return Response(
        status=status,
        headers=headers or {},
        body=body,
        at=NOW,
        request=request,
        vendor=VENDOR,
    )


def refusal(
    text: object = "no", status: int = 400, headers: Mapping[str, str] | None = None
) -> Refused:
    """What the engine makes of an error answer."""
    request = Request(operation="messages", method="GET")
    content = text if isinstance(text, bytes) else {"error": text}
    told = problem(response(request, content, status, headers))
    kind = _KINDS.get(status, Rejected)
    return kind(told.message, vendor=VENDOR, status=status, told=told.told)


def down() -> Unavailable:
    """A 503 after every try."""
    return Unavailable("overloaded", vendor=VENDOR, status=503)


def snowflake(second: int, number: int = 0) -> int:
    """The id of a tweet of that second."""
    return ((second * 1000 - EPOCH) << 22) + number


def tweet(second: int, number: int = 0, **more: object) -> Row:
    """A raw status."""
    native = snowflake(second, number)
    at = datetime.fromtimestamp(second, UTC)
    user = {"id": 7, "id_str": "7", "screen_name": "someone", "name": "Some One"}
    return {
        "created_at": f"{at:%a %b %d %H:%M:%S} +0000 {at.year}",
        "id": native,
        "id_str": str(native),
        "text": f"no. {number}",
        "user": user,
        **more,
    }


def wall(second: int, number: int = 0, **more: object) -> Row:
    """A message of Facebook's in Hootsuite's own shape."""
    told = {"name": "Some One", "message": f"no. {number}", "created": second}
    return {"id": f"{second}_{number}", **told, "createdFormatted": "May 7", **more}


def position(row: Row) -> int:
    """What bounds are compared with."""
    found: int = row["id"] if "user" in row else int(row["created"])
    return found


def asks(request: Request) -> list[dict[str, str]]:
    """What a request says of each stream."""
    pairs = parse_qsl(urlsplit(request.path).query, strict_parsing=True)
    given = dict(pairs)
    assert len(given) == len(pairs)
    if "socialNetworkId" in given:
        return [given]
    found: dict[str, dict[str, str]] = {}
    for key, value in pairs:
        head, place, name = key.replace("]", "").split("[")
        assert head == "streams"
        found.setdefault(place, {})[name] = value
    assert list(found) == [str(n) for n in range(len(found))]
    return list(found.values())


@attrs.define
class Vendor:
    """Answers from lists of rows, newest first; `size` is the size of the next page.

    As the contract says: cut to the page, and only then to what is above a minimum.
    """

    streams: Mapping[VendorStream, Sequence[Row]]
    size: Callable[[], int] = lambda: 30
    weight: int = 0
    calls: int = 0

    def __call__(self, request: Request) -> object:
        self.calls += 1
        asked = asks(request)
        self.weight += len(asked)
        assert request.weight == len(asked) <= 5
        if len(asked) == 1:
            return {"results": self.page(asked[0])}
        return {"results": list(self._entries(asked))}

    def _entries(self, asked: Sequence[Mapping[str, str]]) -> Iterator[Row]:
        for one in asked:
            yield {
                "socialNetworkId": int(one["socialNetworkId"]),
                "type": one["type"],
                "messages": self.page(one),
            }

    def page(self, one: Mapping[str, str]) -> list[Row]:
        """What one stream shows."""
        marks = {stream.mark: rows for stream, rows in self.streams.items()}
        rows = list(marks[one["socialNetworkId"], one["type"]])
        kind = "Timestamp" if one["type"].startswith("F_") else "Id"
        known = {"socialNetworkId", "type", "count", f"max{kind}", f"min{kind}"}
        assert set(one) <= known
        assert not {f"max{kind}", f"min{kind}"} <= set(one)
        if f"max{kind}" in one:
            rows = [row for row in rows if position(row) < int(one[f"max{kind}"])]
        rows = rows[: min(self.size(), int(one["count"]))]
        low = int(one.get(f"min{kind}", -1))
        return [row for row in rows if position(row) > low]


def part(
    *streams: VendorStream, window: Window = WEEK, is_recent: bool = False
) -> MessagesPart:
    """Messages of these streams."""
    span = Span(streams=streams, window=window, is_recent=is_recent)
    return MessagesPart(span=span)


def ids(items: Sequence[Message]) -> list[str]:
    """The vendor's ids."""
    return [item.vendor_id for item in items]


def row_ids(rows: Sequence[Row]) -> list[str]:
    """The same of rows."""
    return [str(row["id"]) for row in rows]


def window(first: int, last: int) -> Window:
    """The seconds from START, the last one left out."""
    return Window(
        WEEK.start + timedelta(seconds=first), WEEK.start + timedelta(seconds=last)
    )


def rows_of(stream: VendorStream, seconds: Sequence[int]) -> list[Row]:
    """A message in each of these seconds after the start, newest first."""
    make = tweet if stream.has_ids else wall
    found = [make(START + second, n) for n, second in enumerate(seconds)]
    return sorted(found, key=position, reverse=True)
