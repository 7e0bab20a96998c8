"""Requests and responses without a wire."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import attrs

from socialmetrics.wire import Host, Request, Response

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
READ = Request(operation="posts", method="GET", path="/v1/posts")
WRITE = attrs.evolve(READ, operation="publish", method="POST", safe=False)


def response(
    body: bytes,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    host: Host = "api",
    strict: bool = False,
) -> Response:
    return Response(
        status=status,
        headers=headers or {},
        body=body,
        at=MONDAY,
        request=attrs.evolve(READ, host=host),
        vendor="toy",
        request_id="r-1",
        api_version="7",
        strict=strict,
    )
