"""How tokens are asked for, and what comes (RFC 6749, section 5), read tolerantly.

Nothing of an answer is shown but its error code and the words for people, without the
credentials that were sent: it may hold tokens.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Final, TypeAlias

import attrs
import msgspec

from socialmetrics import retry
from socialmetrics.auth import BASIC, checked
from socialmetrics.decode import figure, mend
from socialmetrics.errors import InvalidQuery, Unreadable
from socialmetrics.secret import Masked, Secret
from socialmetrics.typed import decoder
from socialmetrics.wire import DONE, Request, Response

REFUSALS: Final = frozenset(range(300, 500)) - {retry.TOO_SLOW, retry.LIMITED}
"""Statuses by which nothing was granted, so that no token was used up by it."""
ABSOLUTE: Final = 1e9
"""Beyond it `expires_in` is an instant, seconds since 1970: some servers tell that."""
SPENT: Final = "invalid_grant"
"""The code for a refresh token or code that is wrong, used or revoked."""
_CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,60}")
_SENT: Final = ("refresh_token", "code", "code_verifier")
_MOST_WORDS: Final = 300
Told: TypeAlias = Mapping[str, object]


@attrs.frozen(kw_only=True)
class App:
    """The app as the authorization server knows it, and whose tokens it has.

    `account` is the name of the tokens in a store. `rotates` says that the server takes
    a refresh token once; without it that shows when it first gives another one.
    """

    vendor: str
    client_id: str
    client_secret: Secret = attrs.field(repr=False)
    token_path: str
    account: str
    rotates: bool = False

    def __attrs_post_init__(self) -> None:
        checked("client_id", Secret(self.client_id))
        checked("client_secret", self.client_secret)

    def request(self, form: Masked) -> Request:
        """Asks for tokens, once: neither codes nor refresh tokens are sent again.

        The app authenticates in the Basic header, never in the body.
        """
        return Request(
            operation="token",
            method="POST",
            path=self.token_path,
            form=form,
            host="auth",
            credential=BASIC,
            safe=False,
            done=DONE | REFUSALS,
        )


@attrs.frozen(kw_only=True)
class Granted:
    """New tokens. `expires_at` is by the clock that was handed in."""

    access_token: Secret
    refresh_token: Secret | None
    life: float | None
    expires_at: float | None
    scope: str


@attrs.frozen
class Denied:
    """A refusal: the code of the standard, "" without one, and the server's words."""

    code: str
    words: str
    status: int | None = None

    def __str__(self) -> str:
        status = "" if self.status is None else f"HTTP {self.status}"
        said = ": ".join(filter(None, (self.code, self.words)))
        return said or status or "it does not say why"


def granted(response: Response, wall: float) -> Granted | Denied:
    """What it says; `wall` is this machine's clock. Raises `Unreadable`."""
    told = _told(response)
    if response.status not in DONE or "error" in told:
        refusal = denied(told, response.request.form or {})
        return attrs.evolve(refusal, status=response.status)
    access, refresh = _secret(told, "access_token"), _secret(told, "refresh_token")
    kind = told.get("token_type")
    if kind is not None and str(_text(told, "token_type")).lower() != "bearer":
        raise _unreadable(response, "its token_type is not bearer")
    life, at = _life(told.get("expires_in"), wall)
    return Granted(
        access_token=_good(access, response),
        refresh_token=refresh,
        life=life,
        expires_at=at,
        scope=_text(told, "scope"),
    )


def denied(told: Told, sent: Mapping[str, str]) -> Denied:
    """The refusal in those fields, without what was `sent`."""
    code = _text(told, "error")
    hint = _text(told, "error_hint")
    words = _text(told, "error_description") + (f" ({hint})" if hint else "")
    for name in _SENT:
        secret = Secret(sent.get(name, ""))
        words = secret.out_of(words.encode("utf-8", "replace")).decode()
    return Denied(code if _CODE.fullmatch(code) else "", words[:_MOST_WORDS].strip())


def _good(token: Secret | None, response: Response) -> Secret:
    if token is None:
        raise _unreadable(response, "it has no access_token")
    try:
        return checked("access_token", token)
    except InvalidQuery as err:
        raise _unreadable(response, err.message) from err


def _life(told: object, wall: float) -> tuple[float | None, float | None]:
    """The seconds, and their end; None for what is unknown."""
    value, _ = figure(told.reveal() if isinstance(told, Secret) else told)
    if value is None or value <= 0:
        return None, None
    if value > ABSOLUTE:
        return max(value - wall, 0.0), float(value)
    return float(value), wall + value


def _told(response: Response) -> Told:
    """The fields by their names in lower case, texts as secrets; none of no object."""
    with suppress(ValueError, RecursionError, msgspec.MsgspecError):
        found = decoder(dict[str, object]).decode(mend(response.body)[0])
        return {name.lower(): _hidden(value) for name, value in found.items()}
    return {}


def _hidden(value: object) -> object:
    """Texts as secrets; lists and objects, which no field is, as nothing."""
    if isinstance(value, str):
        return Secret(value)
    return None if isinstance(value, list | dict) else value


def _secret(told: Told, name: str) -> Secret | None:
    """The text, unless it is empty."""
    value = told.get(name)
    return value if isinstance(value, Secret) and value else None


def _text(told: Told, name: str) -> str:
    value = told.get(name)
    return value.reveal() if isinstance(value, Secret) else ""


def _unreadable(response: Response, problem: str) -> Unreadable:
    return Unreadable(
        f"no answer of a token server: {problem}; its text is not shown, because it "
        "may hold a token",
        vendor=response.vendor,
        operation=response.request.operation,
        status=response.status,
        request_id=response.request_id,
    )
