"""What an error answer says where it has no words that its adapter understands."""

from __future__ import annotations

from typing import Final

from socialmetrics.wire import Response

SHOWN: Final = 300


def plain(response: Response) -> str:
    """Its beginning as text; of an empty one or a web page, that it is one."""
    text = response.body[:SHOWN].decode("utf-8", "replace").strip()
    if not text:
        return f"HTTP {response.status} with an empty body"
    if text.lower().startswith(("<!doctype", "<html")):
        return f"HTTP {response.status} with a web page instead of JSON"
    return clean(text)


def clean(text: str) -> str:
    """The beginning of a text, without control characters."""
    return "".join(c if c.isprintable() else " " for c in text[:SHOWN])
