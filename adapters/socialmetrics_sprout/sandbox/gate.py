"""Who may come in: bearer tokens, and where they are got by OAuth."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2b
from typing import Final

import msgspec

from socialmetrics_sprout.sandbox.refusal import UNAUTHORIZED, Refusal

CREDENTIALS: Final[Mapping[str, str]] = {
    "token": "sandbox-sprout-token-7f3a9c",
    "client_id": "sandbox-sprout-client-51d0be",
    "client_secret": "sandbox-sprout-secret-c4e8a2",
}
"""Everything that opens the sandbox. All of it is made up."""

SCOPE: Final = "organization_id"
_KEY: Final = b"sandbox-sprout-signing-key-0b77"


class TokenError(Exception):
    """An OAuth refusal: a status and a code of RFC 6749."""

    def __init__(self, status: int, code: str, text: str) -> None:
        super().__init__(text)
        self.status, self.code, self.text = status, code, text


def _base64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _signature(signed: str) -> str:
    return _base64(blake2b(signed.encode(), digest_size=32, key=_KEY).digest())


def issue(now: datetime, seconds: int, number: int) -> str:
    """A token that looks like a JWT and lasts that long. `number` makes it unique."""
    claims = {"exp": now.timestamp() + seconds, "jti": number}
    head = _base64(b'{"alg":"sandbox","typ":"JWT"}')
    signed = f"{head}.{_base64(msgspec.json.encode(claims))}"
    return f"{signed}.{_signature(signed)}"


def check(header: str | None, now: datetime) -> None:
    """Refuses a missing, made up or expired bearer token."""
    scheme, _, token = (header or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Refusal(UNAUTHORIZED, "Missing bearer token")
    if token != CREDENTIALS["token"] and now.timestamp() >= _expiry(token):
        raise Refusal(UNAUTHORIZED, "Invalid or expired token")


def _expiry(token: str) -> float:
    signed, _, signature = token.rpartition(".")
    if not signed.isascii() or signature != _signature(signed):
        return 0.0
    claims: object = msgspec.json.decode(_padded(signed.partition(".")[2]))
    assert isinstance(claims, dict)  # noqa: S101 - our own signature is on it
    return float(claims["exp"])  # pyright: ignore[reportUnknownArgumentType]  # ours


def _padded(text: str) -> bytes:
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except Error:  # pragma: no cover - signed by us, hence well formed
        return b"{}"


def grant(form: Mapping[str, str], now: datetime, seconds: int, number: int) -> object:
    """The answer of the token endpoint. Raises `TokenError` for anything else."""
    if "grant_type" not in form:
        raise TokenError(400, "invalid_request", "grant_type is missing")
    if form["grant_type"] != "client_credentials":
        raise TokenError(400, "unsupported_grant_type", "use client_credentials")
    pair = form.get("client_id"), form.get("client_secret")
    if pair != (CREDENTIALS["client_id"], CREDENTIALS["client_secret"]):
        raise TokenError(401, "invalid_client", "unknown client or wrong secret")
    if form.get("scope") != SCOPE:
        raise TokenError(400, "invalid_scope", "the only scope is organization_id")
    return {
        "access_token": issue(now, seconds, number),
        "token_type": "Bearer",
        "expires_in": seconds,
        "scope": SCOPE,
    }
