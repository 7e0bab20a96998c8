"""Who asks: an account that lets the app act for it, or the app alone."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote_plus

import attrs
from starlette.requests import Request

from socialmetrics_x.sandbox.keys import CONSUMER_KEY, CONSUMER_SECRET, Tokens, letters
from socialmetrics_x.sandbox.refusal import (
    FORBIDDEN,
    INVALID_TOKEN,
    UNAUTHORIZED,
    Refusal,
    coded,
    unauthenticated,
)
from socialmetrics_x.sandbox.signature import Notary, Unproven, signed

_UNVERIFIED: Final = {
    **coded(99, "Unable to verify your credentials"),
    "label": "authenticity_token_error",
}


@attrs.frozen
class Caller:
    """Who asks; without a user id, the app alone."""

    user_id: str | None


class Bearers:
    """The app's bearer tokens, one at a time; each dies after so many uses."""

    def __init__(self, uses: int | None) -> None:
        self._most = uses
        self._used = 0
        self._number = 1

    def grant(self, authorization: str, form: Mapping[str, str]) -> dict[str, object]:
        """The answer of the token endpoint. Refuses everything but the app's secret."""
        scheme, _, told = authorization.partition(" ")
        is_asked = form.get("grant_type") == "client_credentials"
        if scheme.lower() != "basic" or _decoded(told) != _PAIR or not is_asked:
            raise Refusal(FORBIDDEN, _UNVERIFIED)
        if self._is_dead():
            self._number, self._used = self._number + 1, 0
        return {"token_type": "bearer", "access_token": self._token()}

    def check(self, told: str) -> None:
        """Refuses a token that is unknown, dead, or was decoded on its way."""
        if told != self._token() or self._is_dead():
            expired = coded(INVALID_TOKEN, "Invalid or expired token")
            raise Refusal(UNAUTHORIZED, expired)
        self._used += 1

    def _is_dead(self) -> bool:
        return self._most is not None and self._used >= self._most

    def _token(self) -> str:
        """Its percent signs are part of it."""
        name = f"bearer {self._number}"
        return f"{'A' * 22}{letters(name, 20)}%2Fsandbox{letters(name, 14)}%3D%3D"


class Gate:
    """Lets those in who can prove who they are."""

    def __init__(self, tokens: Tokens, bearers: Bearers, notary: Notary) -> None:
        self._tokens, self._bearers, self._notary = tokens, bearers, notary

    def caller(self, request: Request) -> Caller:
        """Who asks. Refuses with 401 whoever cannot prove it."""
        header = request.headers.get("authorization", "")
        scheme, _, told = header.partition(" ")
        if scheme.lower() == "bearer":
            self._bearers.check(told)
            return Caller(None)
        if scheme.lower() != "oauth":
            unauthenticated("Unknown Authorization Type")
        try:
            return self._signer(request.method, str(request.url), header)
        except Unproven as doubt:
            unauthenticated(doubt.reason)

    def _signer(self, method: str, uri: str, header: str) -> Caller:
        claim = signed(method, uri, header)
        if "oauth_token" not in claim.oauth:
            self._notary.check(claim, "")
            return Caller(None)
        token = self._tokens.find(claim.oauth["oauth_token"])
        if token is None:
            raise Unproven("Access token not found")
        self._notary.check(claim, token.secret)
        return Caller(token.user_id)


_PAIR: Final = f"{quote_plus(CONSUMER_KEY)}:{quote_plus(CONSUMER_SECRET)}".encode()


def _decoded(told: str) -> bytes:
    try:
        return b64decode(told, validate=True)
    except (Error, ValueError):
        return b""
