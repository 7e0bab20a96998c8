"""How the simulated service says no: a status, and `errors` in a JSON object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NoReturn

BAD_REQUEST = 400
UNAUTHORIZED = 401
FORBIDDEN = 403
NOT_ACCEPTABLE = 406
TOO_MANY = 429

INVALID_TOKEN = 89
"""The code of the OAuth layer for tokens, bearer or not, that open nothing."""
NOT_ALLOWED = 220

Error = str | dict[str, object]
"""The API complains in plain texts; the OAuth layer in objects with a code."""


class Refusal(Exception):
    """Ends a request with that status; `lists` stand beside the errors."""

    def __init__(
        self,
        status: int,
        *errors: Error,
        lists: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        super().__init__(status, errors)
        self.status = status
        self.content: dict[str, object] = {"errors": list(errors), **(lists or {})}


def coded(code: int, message: str) -> dict[str, object]:
    """A complaint of the OAuth layer."""
    return {"code": code, "message": message}


def bad(text: str) -> NoReturn:
    """Refuses the request as malformed."""
    raise Refusal(BAD_REQUEST, text)


def unauthenticated(reason: str) -> NoReturn:
    """Refuses somebody who could not prove who it is."""
    text = f"Your account could not be authenticated. Reason: {reason}"
    raise Refusal(UNAUTHORIZED, text)
