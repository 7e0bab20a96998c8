"""Who we are to the vendor: header makers, and their renewal.

An `Auth` belongs to one client. `stamp` counts its tokens, so that whoever was refused
with an old one does not renew again; `refusal` keeps a failed renewal's error for a
while, so that a hundred waiting calls do not ask a hundred times.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol
from urllib.parse import parse_qsl

import attrs
from authlib.oauth2.rfc6749.parameters import prepare_token_request

from socialmetrics.decode import ask, figure
from socialmetrics.errors import (
    AuthRefused,
    InvalidQuery,
    NotFound,
    PermissionDenied,
    Rejected,
    Unreadable,
)
from socialmetrics.secret import Masked, Secret
from socialmetrics.wire import Flow, Host, Request

EARLY = 30.0
"""Seconds before its end at which a token is renewed; a tenth of a shorter life."""


class Auth(Protocol):
    """What the engine needs of a credential."""

    stamp: int
    refusal: AuthRefused | None

    def headers(self) -> Mapping[str, str]:
        """The headers that carry the credential."""
        ...

    def is_due(self, now: float) -> bool:
        """Whether it must be renewed before it is used; `now` is monotonic seconds."""
        ...

    def can_renew(self) -> bool:
        """Whether a refused credential can be replaced by a new one."""
        ...

    def secrets(self, host: Host) -> tuple[Secret, ...]:
        """What an answer of that host must not show."""
        ...

    def renew(self, now: float) -> Flow[None]:
        """Fetches a new token and counts `stamp` up. Raises `AuthRefused`."""
        ...


def checked(name: str, secret: Secret) -> Secret:
    """The secret, if it can stand in a header; else `InvalidQuery`, without it."""
    if not _can_stand_in_a_header(secret.reveal()):
        raise InvalidQuery(
            f"{name} is empty or holds blanks, line breaks or other characters that "
            "no credential has; check how it was copied"
        )
    return secret


def _can_stand_in_a_header(value: str) -> bool:
    # Apart from the error, so that no local variable of a traceback holds the value.
    is_clean = value.isascii() and value.isprintable() and " " not in value
    return bool(value) and is_clean


@attrs.define
class Bearer:
    """A token that does not change: `Authorization: Bearer ...`."""

    token: Secret
    stamp: int = 0
    refusal: AuthRefused | None = None

    def __attrs_post_init__(self) -> None:
        checked("token", self.token)

    def headers(self) -> Mapping[str, str]:
        """The Authorization header."""
        return {"Authorization": f"Bearer {self.token.reveal()}"}

    def is_due(self, now: float) -> bool:
        """Never: nobody knows its end."""
        return False

    def can_renew(self) -> bool:
        """No: a person made it."""
        return False

    def secrets(self, host: Host) -> tuple[Secret, ...]:
        """The token."""
        return (self.token,)

    def renew(self, now: float) -> Flow[None]:
        """Not possible. Raises `AuthRefused`."""
        yield from ()
        raise AuthRefused("a fixed token cannot be renewed; put a new one in")


@attrs.define
class TokenPayload:
    """RFC 6749, section 5.1."""

    access_token: str = attrs.field(repr=False)
    expires_in: float | str | None = None


@attrs.define
class ClientCredentials:
    """OAuth 2 client credentials (RFC 6749, section 4.4): a token for the app itself.

    The client authenticates in the form body. `expires_in` is counted on the monotonic
    clock from before the request, so a wrong wall clock does no harm; without a usable
    one the token counts as good until it is refused.
    """

    client_id: str
    client_secret: Secret
    path: str
    scope: str
    stamp: int = 0
    refusal: AuthRefused | None = None
    _token: Secret | None = attrs.field(default=None, init=False)
    _ends: float = attrs.field(default=float("-inf"), init=False)

    def __attrs_post_init__(self) -> None:
        checked("client_secret", self.client_secret)
        checked("client_id", Secret(self.client_id))

    def headers(self) -> Mapping[str, str]:
        """The Authorization header with the latest token; nothing before the first."""
        if self._token is None:
            return {}
        return {"Authorization": f"Bearer {self._token.reveal()}"}

    def is_due(self, now: float) -> bool:
        """Whether there is no token yet, or half a minute of its life is left."""
        return now >= self._ends

    def can_renew(self) -> bool:
        """Yes."""
        return True

    def secrets(self, host: Host) -> tuple[Secret, ...]:
        """The secret, and the token except where the answer may be to give it anew."""
        if self._token is None or host == "auth":
            return (self.client_secret,)
        return self.client_secret, self._token

    def renew(self, now: float) -> Flow[None]:
        """Fetches a token. Raises `AuthRefused` where the server refuses the client."""
        try:
            answer = yield from ask(self._request(), TokenPayload)
        except (Rejected, PermissionDenied, NotFound) as err:
            raise AuthRefused(
                f"the authorization server refuses the client: {err.message}",
                vendor=err.vendor,
                operation=err.operation,
                status=err.status,
                code=err.code,
            ) from err
        token = Secret(answer.payload.access_token)
        try:
            self._token = checked("access_token", token)
        except InvalidQuery as err:
            raise Unreadable(
                f"the authorization server's answer: {err.message}",
                vendor=answer.response.vendor,
                operation="token",
            ) from err
        life = _life(answer.payload.expires_in)
        self._ends = now + life - min(EARLY, life / 10)
        self.stamp += 1

    def _request(self) -> Request:
        body = prepare_token_request("client_credentials", "", scope=self.scope)
        form = Masked(parse_qsl(body))
        form["client_id"] = self.client_id
        form["client_secret"] = self.client_secret.reveal()
        return Request(
            operation="token", method="POST", path=self.path, form=form, host="auth"
        )


def _life(expires_in: float | str | None) -> float:
    seconds, _ = figure(expires_in)
    return float("inf") if seconds is None or seconds <= 0 else float(seconds)
