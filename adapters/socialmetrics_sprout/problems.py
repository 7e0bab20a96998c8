"""What Sprout's error answers say. It has plain text and no codes."""

from __future__ import annotations

from typing import Final

import msgspec

from socialmetrics.adapter import Problem
from socialmetrics.wire import Response
from socialmetrics.wording import clean, plain

_OBJECT: Final = msgspec.json.Decoder(dict[str, object])


def problem(response: Response) -> Problem:
    """`error` of the body; gateways say `message`; the token server has codes."""
    try:
        found = _OBJECT.decode(response.body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Problem(message=plain(response))
    for key in ("error_description", "error", "message"):
        text = found.get(key)
        if isinstance(text, str) and text:
            code = found.get("error") if key == "error_description" else None
            return Problem(message=clean(text), code=str(code) if code else None)
    return Problem(message=plain(response))
