"""How things look on the wire: tweets, Facebook messages, answers, and a cut line."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from datetime import datetime
from typing import Any, Final

import msgspec
from starlette.responses import Response

from socialmetrics.sandbox.people import Account, Person
from socialmetrics_hootsuite.legacy.sandbox.feeds import Entry

Json = dict[str, object]
_JSON: Final = msgspec.json.Encoder()
_STRANGERS: Final = 900_000_000
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)


def tweet(entry: Entry) -> Json:
    """A raw status, as Twitter wrote them."""
    author = entry.author
    native = _native(author)
    return {
        "created_at": _stamp(entry.at),
        "id": int(entry.id),
        "id_str": entry.id,
        "text": entry.text,
        "user": {
            "id": native,
            "id_str": str(native),
            "name": author.name,
            "screen_name": author.handle,
            "profile_image_url": f"http://img.example/{native}.png",
        },
    }


def wall_post(entry: Entry, id_key: str) -> Json:
    """A message of Facebook in the tool's own shape."""
    shown: Json = {
        "name": entry.author.name,
        "avatar": f"http://img.example/{_native(entry.author)}.png",
        "message": entry.text,
        "created": int(entry.at.timestamp()),
        "createdFormatted": f"{_MONTHS[entry.at.month - 1]} {entry.at.day}",
    }
    return {id_key: entry.id, **shown} if id_key else shown


def _native(author: Account | Person) -> int:
    if isinstance(author, Person):
        return _STRANGERS + author.number
    return int(author.ref.native_id)


def _stamp(at: datetime) -> str:
    day, month = _DAYS[at.weekday()], _MONTHS[at.month - 1]
    return f"{day} {month} {at:%d %H:%M:%S} +0000 {at.year}"


def answer(
    content: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """A JSON answer."""
    body = _JSON.encode(content)
    return Response(body, status, dict(headers or {}), media_type="application/json")


_Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Cut(Response):
    """An answer that begins and does not come: the line is cut."""

    async def __call__(self, scope: object, receive: object, send: _Send) -> None:
        """Promises a body, and sends the beginning of one."""
        head = [(b"content-type", b"application/json"), (b"content-length", b"2000")]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": b'{"res', "more_body": True})
