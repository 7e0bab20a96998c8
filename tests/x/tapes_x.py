"""X's cassettes: which headers are kept, and a line for every post."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from socialmetrics_x import X
from tests.recording.tapes import Studio, to_json


def laid_out(text: str) -> str:
    """JSON with a line for each entry of a grouping; anything else as it is."""
    try:
        found = msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.DecodeError, msgspec.ValidationError):
        return text
    lines = [f"{to_json(key)}: {_value(found[key])}" for key in found]
    return "{" + ", ".join(lines) + "}"


def _value(value: Any) -> str:
    if not isinstance(value, dict):
        return to_json(value)
    inside: dict[str, object] = value  # pyright: ignore[reportUnknownVariableType]  # JSON
    entries = [f"{to_json(key)}: {to_json(inside[key])}" for key in inside]
    return "{\n" + ",\n".join(entries) + "\n}"


STUDIO: Final = Studio(
    title="X",
    name="x",
    base_url=X.base_url,
    auth_url=X.auth_url or X.base_url,
    auth_paths=("/oauth2/", "/oauth/"),
    headers=frozenset(
        {
            *("content-type", "date", "retry-after"),
            *("x-per-minute-limit", "x-per-minute-remaining", "x-per-minute-reset"),
        }
    ),
    secrets=frozenset({"access_token", "oauth_token", "oauth_token_secret"}),
    # Signatures differ with every attempt, and the sandbox is no host of X's.
    match=("method", "path", "body"),
    laid_out=laid_out,
)
