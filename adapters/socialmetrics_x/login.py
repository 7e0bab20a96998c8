"""How an owner lets the app in: OAuth 1.0a in three steps, the second one the owner's.

What the authorization server answers may hold tokens, so none of its words gets into
an error: errors say in ours what its status and code mean.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from copy import copy
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

import attrs

from socialmetrics.errors import (
    AuthRefused,
    InvalidQuery,
    MissingCredential,
    PermissionDenied,
    Refused,
    SocialMetricsError,
    Unavailable,
    Unreadable,
)
from socialmetrics.oauth1 import Consumer, Owner, Signer
from socialmetrics.secret import Secret
from socialmetrics.wire import Flow, Request, Response

AUTH_URL: Final = "https://api.x.com"
PIN: Final = "oob"
"""The callback that makes X show a PIN ("out of band")."""

_PIN: Final = re.compile(r"[0-9]{1,20}")
_MOST_FIELDS: Final = 50
_NEITHER: Final = (
    "that is neither a PIN, which is digits only, nor the whole address that the "
    "browser was sent back to, with oauth_token and oauth_verifier in it"
)
_KNOWN: Final[Mapping[str | None, str]] = {
    # https://developer.x.com/en/support/x-api/error-troubleshooting
    "135": "this machine's clock is wrong; set it, and begin again",
    "415": "the app has no such callback: enter it in the app's settings at X, or "
    "leave it out and use a PIN",
    "416": "the app is suspended",
    "417": "the app takes no callback: leave it out and use a PIN",
}


@attrs.frozen(kw_only=True)
class RequestToken:
    """A login that has begun: its owner opens `address` and says yes or no there.

    It is good for one login and for some minutes. Token and secret are never shown.
    """

    token: Secret = attrs.field(repr=False)
    secret: Secret = attrs.field(repr=False)
    callback: str
    address: str = attrs.field(repr=False)

    def verifier(self, answer: str) -> str:
        """What proves the owner's yes: the PIN, or what is in the address.

        `answer` is what the owner typed, or the address that the browser was sent to.
        Raises `PermissionDenied` where the owner said no, and `InvalidQuery`, which
        does not show it, for everything else and for an answer to another login.
        """
        text = answer.strip()
        if _PIN.fullmatch(text):
            return text
        told = _query(text)
        if told.get("denied") == [self.token]:
            raise PermissionDenied(
                "the account's owner did not let the app in", vendor="x"
            )
        found = told.get("oauth_verifier", [])
        if len(found) != 1 or "oauth_token" not in told:
            raise InvalidQuery(_NEITHER)
        if told["oauth_token"] != [self.token]:
            raise InvalidQuery("that address is of another login; begin again")
        return found[0].reveal()


@attrs.frozen(kw_only=True)
class Authorized:
    """An account that let the app in: its token for `owners`, its id and its name."""

    owner: Owner
    user_id: str
    screen_name: str


def request_token(consumer: Consumer | None, callback: str) -> Flow[RequestToken]:
    """Step one. Raises `MissingCredential`, `InvalidQuery` and `AuthRefused`."""
    _check_callback(callback)
    response = yield from _answer(
        "oauth/request_token",
        Signer(consumer=_needed(consumer), callback=callback),
        "X does not accept consumer_key and consumer_secret, or this machine's clock "
        "is wrong; check how they were copied",
    )
    names = "oauth_token", "oauth_token_secret", "oauth_callback_confirmed"
    token, secret, confirmed = _fields(response, *names)
    if confirmed != Secret("true"):
        raise _unreadable(response, "it does not confirm the callback")
    query = urlencode({"oauth_token": token.reveal()})
    origin = response.url.removesuffix(response.request.path) or AUTH_URL
    return RequestToken(
        token=token,
        secret=secret,
        callback=callback,
        address=f"{origin}/oauth/authorize?{query}",
    )


def access_token(
    consumer: Consumer | None, request_token: RequestToken, verifier: str
) -> Flow[Authorized]:
    """Step three. Raises `MissingCredential`, `InvalidQuery` and `AuthRefused`."""
    if not verifier.strip():
        raise InvalidQuery("verifier is empty; give what RequestToken.verifier returns")
    signer = Signer(
        consumer=_needed(consumer),
        owner=Owner(request_token.token, request_token.secret),
        verifier=verifier,
    )
    response = yield from _answer(
        "oauth/access_token", signer, "wrong or used PIN: begin again"
    )
    names = "oauth_token", "oauth_token_secret", "user_id", "screen_name"
    token, secret, user_id, name = _fields(response, *names)
    owner = Owner(token, secret)
    # Whose figures they are is read from the token, so it must not say another one.
    if owner.user_id not in {None, user_id.reveal()}:
        raise _unreadable(response, "user_id is another one than the token's")
    return Authorized(owner=owner, user_id=user_id.reveal(), screen_name=name.reveal())


def _needed(consumer: Consumer | None) -> Consumer:
    if consumer is None:
        raise MissingCredential(
            "a login needs consumer_key and consumer_secret; a bearer token is not "
            "enough",
            vendor="x",
        )
    return consumer


def _check_callback(callback: str) -> None:
    with suppress(ValueError):
        parts = urlsplit(callback)
        is_plain = callback.isascii() and callback.isprintable() and " " not in callback
        is_address = parts.scheme in {"http", "https"} and bool(parts.hostname)
        if callback == PIN or (is_plain and is_address and not parts.fragment):
            return
    raise InvalidQuery(
        f"callback={callback!r} must be {PIN!r}, for a PIN, or a whole address like "
        "'https://app.example/back', without a fragment"
    )


# -- answers ---------------------------------------------------------------------------


def _answer(operation: str, signer: Signer, refused: str) -> Flow[Response]:
    """The answer of that step; an error has our words, `refused` where it is a 401."""
    # Asked twice the same, X refuses or gives a second token that nobody uses: safe.
    request = Request(
        operation=operation,
        method="POST",
        path=f"/{operation}",
        host="auth",
        credential=signer,
    )
    try:
        return (yield request)
    except (Refused, Unavailable) as err:
        error = _reworded(err, refused)
    raise error  # Outside of the block, so that it does not keep the other one.


def _reworded(error: SocialMetricsError, refused: str) -> SocialMetricsError:
    found, code = copy(error), error.code or ""
    found.told = None
    found.code = code if code.isascii() and code.isdigit() else None
    if isinstance(error, Unavailable):
        text = "the authorization server fails"
    elif found.code in _KNOWN:
        text = _KNOWN[found.code]
    elif isinstance(error, AuthRefused):
        text = refused
    else:
        text = "X refuses this step of the login; its words are not shown"
    found.message, found.args = text, (text,)
    return found


def _fields(response: Response, *names: str) -> list[Secret]:
    """Those fields of a form-encoded answer, each there once and without blanks."""
    form = _form(response.body)
    wrong = [name for name in names if not _is_one(form.get(name, []))]
    if wrong:
        raise _unreadable(response, f"it has no good {', '.join(wrong)}")
    return [form[name][0] for name in names]


def _is_one(values: list[Secret]) -> bool:
    """Whether it is a single one that can stand in `owners` ("token:secret,...")."""
    value = values[0].reveal() if len(values) == 1 else ""
    is_plain = value.isascii() and value.isprintable()
    return bool(value) and is_plain and set(" ,:").isdisjoint(value)


def _query(address: str) -> dict[str, list[Secret]]:
    try:
        return _form(urlsplit(address).query.encode())
    except ValueError:
        return {}


def _form(body: bytes) -> dict[str, list[Secret]]:
    """What is filled in, as secrets: no frame that a traceback shows holds the text."""
    found: dict[str, list[Secret]] = {}
    with suppress(ValueError):
        text = body.decode("ascii")
        for name, value in parse_qsl(text, max_num_fields=_MOST_FIELDS):
            found.setdefault(name, []).append(Secret(value))
    return found


def _unreadable(response: Response, problem: str) -> Unreadable:
    return Unreadable(
        f"no answer to a login: {problem}; its text is not shown, because it may hold "
        "a token",
        vendor=response.vendor,
        operation=response.request.operation,
        status=response.status,
        request_id=response.request_id,
    )
