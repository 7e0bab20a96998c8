"""How things look on the wire: times, headers and bodies."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
from starlette.responses import Response

API_VERSION = "1.1"
SERVER_VERSION = "1.1.3018"
_JSON = msgspec.json.Encoder()


def stamp(moment: datetime) -> str:
    """A time as the service writes it: UTC, whole seconds, with a `Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def answer(request_id: str, status: int, content: object) -> Response:
    """A JSON answer with the headers that every answer has. None: an empty body."""
    return Response(
        b"" if content is None else _JSON.encode(content),
        status_code=status,
        media_type="application/json",
        headers={
            "X-Sprout-Request-ID": request_id,
            "X-Sprout-API-Version": API_VERSION,
            "X-Sprout-Server-Version": SERVER_VERSION,
        },
    )
