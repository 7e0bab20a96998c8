"""Whose fault an error is, by the vendor's codes and words."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Final, Literal, TypeAlias

import attrs

from socialmetrics.adapter import Kind
from socialmetrics.errors import (
    AuthRefused,
    NotFound,
    PermissionDenied,
    RateLimited,
    Rejected,
    Unavailable,
)
from socialmetrics.typed import table

Fault: TypeAlias = Literal[
    "token",
    "scope",
    "permission",
    "request",
    "throttled",
    "quota",
    "server",
    "not found",
    "state",
    "not yet",
]
SCHEMA_OR_STATE: Final = 4000
"""Two meanings: the body breaks the schema, or the message awaits no approval."""

KINDS: Final[Mapping[Fault, Kind]] = {
    "token": AuthRefused,
    "scope": PermissionDenied,
    "permission": PermissionDenied,
    "request": Rejected,
    "throttled": RateLimited,
    "quota": Rejected,
    "server": Unavailable,
    "not found": NotFound,
    "state": Rejected,
    "not yet": Rejected,
}
HINTS: Final[Mapping[Fault, str]] = {
    "scope": "the token lacks a scope: tick it on the app and log in again",
    "quota": "the plan of the account allows no more",
    "state": "the message's state does not allow it",
    "not yet": "nothing was created; wait until the media is ready and publish again",
}
_FILE: Final = "codes.csv"
_REVIEWED: Final = frozenset(
    {"messages/approve", "messages/reject", "messages/history"}
)
_OAUTH: Final[Mapping[str, Fault]] = {
    "request_unauthorized": "token",
    "request_forbidden": "token",
    "invalid_token": "token",
    "token_signature_mismatch": "token",
    "token_expired": "token",
    "token_inactive": "token",
    "token_claim": "token",
    "scope_not_granted": "scope",
    "server_error": "server",
    "temporarily_unavailable": "server",
}


@attrs.frozen(kw_only=True)
class _Span:
    first: int
    last: int | None = None
    fault: Fault


def _read() -> Mapping[int, Fault]:
    content = files("socialmetrics_hootsuite").joinpath(_FILE).read_text("utf-8")
    return {
        code: span.fault
        for span in table(_FILE, _Span, content)
        for code in range(span.first, (span.last or span.first) + 1)
    }


_FAULTS: Final = _read()


def of_code(code: int, operation: str, message: str) -> Fault | None:
    """Whose fault that code is; None for one that is not in the vendor's table."""
    if code == SCHEMA_OR_STATE:
        is_state = operation in _REVIEWED or "not awaiting approval" in message.lower()
        return "state" if is_state else "request"
    return _FAULTS.get(code)


def of_word(error: str) -> Fault | None:
    """Whose fault that word of OAuth is; None where the HTTP status must say."""
    return _OAUTH.get(error)
