"""How the simulated service says no: a status and `{"error": text}`."""

from __future__ import annotations

from typing import NoReturn

BAD_REQUEST = 400
UNAUTHORIZED = 401
FORBIDDEN = 403
UNSUPPORTED_MEDIA = 415


class Refusal(Exception):
    """Ends a request with that status and text."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status, self.text = status, text


def bad(text: str) -> NoReturn:
    """Refuses the request as malformed."""
    raise Refusal(BAD_REQUEST, text)
