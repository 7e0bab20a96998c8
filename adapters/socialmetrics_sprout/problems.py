"""What Sprout's error answers say. It has plain text and no codes."""

from __future__ import annotations

from typing import Final

import msgspec

from socialmetrics.adapter import Problem
from socialmetrics.wire import Response

SHOWN: Final = 300
_OBJECT: Final = msgspec.json.Decoder(dict[str, object])


def problem(response: Response) -> Problem:
    """`error` of the body; gateways say `message`; the token server has codes."""
    try:
        found = _OBJECT.decode(response.body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Problem(message=_plain(response))
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
