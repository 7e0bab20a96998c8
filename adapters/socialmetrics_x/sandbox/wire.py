"""How things look on the wire: times, bodies and their compression."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec
from starlette.requests import Request
from starlette.responses import Response

_JSON = msgspec.json.Encoder()
_FASTEST = 1


def stamp(moment: datetime) -> str:
    """A time as the service writes it: UTC, whole seconds, with a `Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def takes_gzip(request: Request) -> bool:
    """Whether gzip is named as an encoding that the caller understands."""
    told = ",".join(request.headers.getlist("accept-encoding")).lower()
    named = [part.partition(";") for part in told.split(",")]
    return any(
        name.strip() == "gzip" and not _is_refused(quality)
        for name, _, quality in named
    )


def _is_refused(quality: str) -> bool:
    """`gzip;q=0` means: anything but that."""
    name, _, value = quality.replace(" ", "").partition("=")
    return name == "q" and not value.strip("0.")


def kind(request: Request) -> str:
    """The media type of the request's body."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def answer(
    status: int, content: object, headers: Mapping[str, str], *, zipped: bool
) -> Response:
    """A JSON answer."""
    body, more = _JSON.encode(content), dict(headers)
    if zipped:
        body = gzip.compress(body, _FASTEST, mtime=0)
        more["Content-Encoding"] = "gzip"
    return Response(body, status, more, media_type="application/json")
