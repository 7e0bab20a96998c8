"""The pieces that reads are cut into. Plain values: they pickle."""

from __future__ import annotations

import attrs

from socialmetrics.model import Message, Post
from socialmetrics.plan import Part
from socialmetrics.window import Window
from socialmetrics_hootsuite.legacy.streams import VendorStream


@attrs.frozen(kw_only=True)
class Span:
    """Up to five streams, and of when. `is_recent`: the window reaches up to now."""

    streams: tuple[VendorStream, ...]
    window: Window
    is_recent: bool

    @property
    def weight(self) -> int:
        """What a call for all of them costs."""
        return len(self.streams)


@attrs.frozen(kw_only=True)
class MessagesPart(Part[Message]):
    """Messages of streams."""

    operation = "messages"
    span: Span

    @property
    def weight(self) -> int:
        """The vendor counts streams."""
        return self.span.weight


@attrs.frozen(kw_only=True)
class PostsPart(Part[Post]):
    """Posts of X profiles, from their SENT streams."""

    operation = "posts"
    span: Span

    @property
    def weight(self) -> int:
        """The vendor counts streams."""
        return self.span.weight
