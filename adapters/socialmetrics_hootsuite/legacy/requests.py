"""What is sent to Hootsuite: plain requests. Nothing is decided here."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

import attrs

from socialmetrics.wire import Request
from socialmetrics_hootsuite.legacy.streams import COUNT, VendorStream

ACCEPTED: Final = frozenset(range(200, 300))
_JSON: Final = "application/json; charset=utf-8"


@attrs.frozen
class Ask:
    """A stream, and from where on: `bound` is a parameter and its value, exclusive."""

    stream: VendorStream
    bound: tuple[str, int] | None = None

    def parameters(self) -> Iterator[tuple[str, str | int]]:
        """As the vendor calls them."""
        yield "socialNetworkId", self.stream.profile
        yield "type", self.stream.kind
        yield "count", COUNT
        if self.bound is not None:
            yield self.bound


def networks() -> Request:
    """Every profile. No limit is known for it: the budget counts streams."""
    return Request(operation="networks", method="GET", path="/networks", weight=0)


def messages(asks: Sequence[Ask]) -> Request:
    """A page of each stream; a call weighs as much as it names streams.

    Never interleaved: such an answer does not say whose a message is.
    """
    pairs = list(asks[0].parameters()) if len(asks) == 1 else list(_nested(asks))
    return Request(
        operation="messages",
        method="GET",
        path=f"/messages?{urlencode(pairs)}",
        weight=len(asks),
    )


def _nested(asks: Sequence[Ask]) -> Iterator[tuple[str, str | int]]:
    """Nested arrays as PHP reads them."""
    for place, ask in enumerate(asks):
        for name, value in ask.parameters():
            yield f"streams[{place}][{name}]", value


def publish(body: Mapping[str, object]) -> Request:
    """A post: a write without an idempotency key. Any 2xx means that it was taken."""
    return Request(
        operation="messages",
        method="POST",
        path="/messages",
        content=json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(),
        content_type=_JSON,
        safe=False,
        weight=0,
        done=ACCEPTED,
    )
