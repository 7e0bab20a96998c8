"""Media: announced here, brought to a storage with its own rules, then checked."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

import attrs
from starlette.requests import Request
from starlette.responses import Response

from socialmetrics_hootsuite.sandbox.keys import letters
from socialmetrics_hootsuite.sandbox.orders import Upload, read
from socialmetrics_hootsuite.sandbox.refusal import Json, invalid, refuse

BUCKET: Final = "/s3/hootsuite-video/production"
_STORE: Final = "https://hootsuite-video.s3.amazonaws.com/production"
_KEY_ID: Final = f"SANDBOX{letters('storage', 13).upper()}"
_TYPES: Final = {
    "video/mp4": "mp4", "image/gif": "gif", "image/jpeg": "jpg", "image/jpg": "jpg",
    "image/png": "png",
}  # fmt: skip
_XML: Final = "application/xml"


@attrs.define(eq=False, kw_only=True)
class Medium:
    """One medium: what was announced, and the bytes once they were brought."""

    id: str
    name: str
    kind: str
    size: int
    expires: datetime
    signature: str = attrs.field(repr=False)
    waits: int
    content: bytes | None = attrs.field(default=None, repr=False)
    discarded: int = 0

    @property
    def query(self) -> dict[str, str]:
        """What the address of its place is signed with."""
        return {
            "AWSAccessKeyId": _KEY_ID,
            "Expires": str(int(self.expires.timestamp())),
            "Signature": self.signature,
        }

    @property
    def is_ready(self) -> bool:
        """Whether it was brought, and looked at often enough."""
        return self.content is not None and self.waits <= 0


class Uploads:
    """Every medium that was announced, by id. `waits` looks find a new one QUEUED."""

    def __init__(self, waits: int, seconds: int) -> None:
        self._waits, self._seconds = waits, seconds
        self.media: dict[str, Medium] = {}
        self._names: dict[str, Medium] = {}

    def find(self, number: str) -> Medium | None:
        """The medium of that id."""
        return self.media.get(number)

    def announce(self, raw: bytes, member: str, now: datetime, base: str) -> Json:
        """A place for one medium of that type and size, for a while."""
        order = read(raw, Upload)
        if order.size_bytes < 1:
            invalid("sizeBytes must be above 0")
        medium = self._placed(order, member, now)
        return {
            "data": {
                "uploadUrl": f"{base}{BUCKET}/{medium.name}?{urlencode(medium.query)}",
                "uploadUrlDurationSeconds": self._seconds,
                "id": medium.id,
            }
        }

    def show(self, number: str) -> Json:
        """The state of a medium; an address only when it can be used."""
        found = self.find(number)
        if found is None:
            refuse(4001)
        ready = found.is_ready
        if found.content is not None:
            found.waits -= 1
        return {
            "data": {
                "id": found.id,
                "downloadUrl": f"{_STORE}/{found.name}" if ready else None,
                "downloadUrlDurationSeconds": self._seconds if ready else None,
                "state": "READY" if ready else "QUEUED",
            }
        }

    async def put(self, request: Request, now: datetime) -> Response:
        """Takes the bytes, as the storage does: nothing may differ from the promise."""
        if "authorization" in request.headers:
            return _denied(400, "InvalidArgument", "Only one auth mechanism allowed")
        medium = self._names.get(request.path_params["name"])
        query = dict(request.query_params)
        if medium is None or query != medium.query:
            return _denied(403, "SignatureDoesNotMatch", "The signature is wrong")
        if medium.expires <= now:
            return _denied(403, "AccessDenied", "Request has expired")
        if "content-length" not in request.headers:
            return _denied(411, "MissingContentLength", "Content-Length is required")
        content = await request.body()
        is_kind = request.headers.get("content-type") == medium.kind
        if not is_kind or len(content) != medium.size:
            told = "Type or length differ from what was signed"
            return _denied(403, "SignatureDoesNotMatch", told)
        if medium.content is None:
            medium.content = content
        else:
            medium.discarded += 1
        return Response(status_code=200, headers={"ETag": f'"{letters(medium.name)}"'})

    def _placed(self, order: Upload, member: str, now: datetime) -> Medium:
        number = len(self.media) + 1
        mark = UUID(bytes=letters(f"media {number}", 16).encode(), version=4)
        name = f"{member}_{mark}.{_TYPES[order.mime_type]}"
        medium = Medium(
            id=b64encode(f"{_STORE}/{name}".encode()).decode(),
            name=name,
            kind=order.mime_type,
            size=order.size_bytes,
            expires=now + timedelta(seconds=self._seconds),
            signature=letters(f"signature {number}", 27),
            waits=self._waits,
        )
        self.media[medium.id] = self._names[name] = medium
        return medium


def _denied(status: int, code: str, told: str) -> Response:
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{code}</Code><Message>{told}</Message></Error>"
    )
    return Response(text, status, media_type=_XML)
