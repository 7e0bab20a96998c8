"""How things look on the wire: times, bodies, and connections that are cut."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

JSON: Final = "application/json"
_ENCODER: Final = msgspec.json.Encoder()
_UTF8: Final = f"{JSON};charset=UTF-8"
_TURNS: Final = 5


def stamp(moment: datetime) -> str:
    """A time as the service writes it: UTC, whole seconds, with a `Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def stamp_ms(moment: datetime) -> str:
    """The same with milliseconds."""
    return f"{stamp(moment)[:-1]}.{moment.microsecond // 1000:03d}Z"


def http_date(moment: datetime) -> str:
    """A time as headers have it."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def kind(request: Request) -> str:
    """The media type of the request's body."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def answer(status: int, content: object, headers: Mapping[str, str]) -> Response:
    """An answer: a text as it is, everything else as JSON."""
    if isinstance(content, str):
        return Response(content, status, dict(headers), media_type="text/plain")
    body = _ENCODER.encode(content)
    return Response(body, status, dict(headers), media_type=_UTF8)


async def cut(request: Request) -> Response:
    """Tears the connection of a request before a byte was answered.

    Where it cannot be torn (no server between), raises `ConnectionResetError`.
    """
    # uvicorn's `receive` belongs to the cycle that holds the connection.
    cycle: Any = getattr(request.receive, "__self__", None)
    transport = getattr(cycle, "transport", None)
    if transport is None:
        raise ConnectionResetError("the simulated service cut the connection")
    transport.abort()
    for _ in range(_TURNS):
        await asyncio.sleep(0)
    return Response(status_code=500)


async def hang(request: Request, seconds: float) -> Response:
    """Says nothing until the caller goes away, or for that long; then 504."""
    with suppress(TimeoutError):
        await asyncio.wait_for(_gone(request), seconds)
    return Response("upstream request timeout", 504, media_type="text/plain")


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
