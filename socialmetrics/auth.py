"""Who we are to the vendor: header makers, and their renewal.

An `Auth` belongs to one client. `stamp` counts its renewals, so that whoever was
refused with an old one does not renew again.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Generator, Mapping
from typing import Final, Protocol, TypeAlias
from urllib.parse import parse_qsl, quote_plus

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
from socialmetrics.wire import Flow, Request, Response

BASIC: Final = "basic"
"""The credential of a request by which a client asks for its token."""
EARLY = 30.0
"""Seconds before its end at which a token is renewed; a tenth of a shorter life."""


@attrs.frozen
class Attempt:
    """One sending of a request, as whoever signs it sees it.

    `url` is exactly what is called; `at` is this machine's clock, seconds since 1970.
    """

    request: Request
    url: str
    at: float


@attrs.frozen
class Refusal:
    """An answer that refused the credential; `at` is this machine's clock then."""

    response: Response
    at: float


class Lock(Protocol):
    """Between all that renew the same tokens, wherever they run. Nobody waits in it."""

    def take(self) -> bool:
        """Takes it, if it is free. Raises `InvalidQuery` where nobody ever can."""
        ...

    def give(self) -> None:
        """Gives it back."""
        ...


Renewal: TypeAlias = Generator[Request | Lock, Response, None]
"""A flow that may also yield a lock: it goes on when that is taken, and has it until
its end."""


class Auth(Protocol):
    """What the engine needs of a credential."""

    def stamp(self, request: Request) -> int:
        """How often what that request needs has been renewed."""
        ...

    def headers(self, attempt: Attempt) -> Mapping[str, str]:
        """The headers that carry the credential, for this one attempt."""
        ...

    def is_due(self, request: Request, now: float) -> bool:
        """Whether it must be renewed before that request; `now` is monotonic."""
        ...

    def can_renew(self, refusal: Refusal) -> bool:
        """Whether after that refusal something new can be tried."""
        ...

    def secrets(self, request: Request) -> tuple[Secret, ...]:
        """What the answer to that request must not show: all that went into it."""
        ...

    def renew(self, now: float, refusal: Refusal | None) -> Renewal:
        """Fetches a new token, and counts its `stamp` up. Raises `AuthRefused`."""
        ...


def every(response: Response) -> bool:
    """That every 401 is about the token, as most vendors mean it."""
    return True


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

    def __attrs_post_init__(self) -> None:
        checked("token", self.token)

    def stamp(self, request: Request) -> int:
        """Never renewed."""
        return 0

    def headers(self, attempt: Attempt) -> Mapping[str, str]:
        """The Authorization header."""
        return {"Authorization": f"Bearer {self.token.reveal()}"}

    def is_due(self, request: Request, now: float) -> bool:
        """Never: nobody knows its end."""
        return False

    def can_renew(self, refusal: Refusal) -> bool:
        """No: a person made it."""
        return False

    def secrets(self, request: Request) -> tuple[Secret, ...]:
        """The token."""
        return (self.token,)

    def renew(self, now: float, refusal: Refusal | None) -> Flow[None]:
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

    Vendors add grants (`grant_type`) by which the app speaks for somebody whom the
    `fields` name; all of them can be repeated. The client authenticates in the form
    body, or in a Basic header where `has_header`. `first` is a token to begin with.
    `expires_in` is counted on the monotonic clock from before the request, so a wrong
    wall clock does no harm; without a usable one the token counts as good until it is
    refused. `concerns_token` tells of a 401 whether it is the token that it refuses.
    """

    client_id: str
    client_secret: Secret
    path: str
    scope: str = ""
    has_header: bool = False
    first: Secret | None = attrs.field(default=None, repr=False)
    grant_type: str = "client_credentials"
    fields: Mapping[str, str] = attrs.field(factory=dict[str, str])
    concerns_token: Callable[[Response], bool] = attrs.field(default=every, repr=False)
    _stamp: int = attrs.field(default=0, init=False)
    _token: Secret | None = attrs.field(default=None, init=False)
    _ends: float = attrs.field(default=float("-inf"), init=False)

    def __attrs_post_init__(self) -> None:
        checked("client_secret", self.client_secret)
        checked("client_id", Secret(self.client_id))
        if self.first is not None:
            self._token, self._ends = checked("token", self.first), float("inf")

    def stamp(self, request: Request) -> int:
        """How many tokens there were."""
        return self._stamp

    def headers(self, attempt: Attempt) -> Mapping[str, str]:
        """The Authorization header with the latest token; nothing before the first."""
        if attempt.request.credential is BASIC:
            return {"Authorization": basic(self.client_id, self.client_secret)}
        if self._token is None:
            return {}
        return {"Authorization": f"Bearer {self._token.reveal()}"}

    def is_due(self, request: Request, now: float) -> bool:
        """Whether there is no token yet, or half a minute of its life is left."""
        return now >= self._ends

    def can_renew(self, refusal: Refusal) -> bool:
        """Whether it was the token that was refused."""
        return self.concerns_token(refusal.response)

    def secrets(self, request: Request) -> tuple[Secret, ...]:
        """The secret, and the token except where the answer may be to give it anew."""
        if self._token is None or request.host == "auth":
            return (self.client_secret,)
        return self.client_secret, self._token

    def renew(self, now: float, refusal: Refusal | None) -> Flow[None]:
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
        self._stamp += 1

    def _request(self) -> Request:
        body = prepare_token_request(
            self.grant_type, "", scope=self.scope, **self.fields
        )
        form = Masked(parse_qsl(body))
        if not self.has_header:
            form["client_id"] = self.client_id
            form["client_secret"] = self.client_secret.reveal()
        return Request(
            operation="token",
            method="POST",
            path=self.path,
            form=form,
            host="auth",
            credential=BASIC if self.has_header else None,
        )


def basic(client_id: str, client_secret: Secret) -> str:
    """RFC 6749, section 2.3.1: both are form-encoded before they are joined."""
    pair = f"{quote_plus(client_id)}:{quote_plus(client_secret.reveal())}"
    return f"Basic {b64encode(pair.encode()).decode()}"


def _life(expires_in: float | str | None) -> float:
    seconds, _ = figure(expires_in)
    return float("inf") if seconds is None or seconds <= 0 else float(seconds)
