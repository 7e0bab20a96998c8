"""What Sprout's error answers say. It has plain text and no codes."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from socialmetrics.adapter import Problem
from socialmetrics.wire import Response

SHOWN: Final = 300


def problem(response: Response) -> Problem:
    """`error` of the body; gateways say `message`; the token server has codes."""
    try:
        told: Any = msgspec.json.decode(response.body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        told = None
    if not isinstance(told, dict):
        return Problem(message=_plain(response))
    found: dict[str, object] = told
    for key in ("error_description", "error", "message"):
        text = found.get(key)
        if isinstance(text, str) and text:
            code = found.get("error") if key == "error_description" else None
            return Problem(message=_clean(text), code=str(code) if code else None)
    return Problem(message=_plain(response))


def _plain(response: Response) -> str:
    text = response.body[:SHOWN].decode("utf-8", "replace").strip()
    if not text:
        return f"HTTP {response.status} with an empty body"
    if text.lower().startswith(("<!doctype", "<html")):
        return f"HTTP {response.status} with a web page instead of JSON"
    return _clean(text)


def _clean(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text[:SHOWN])
