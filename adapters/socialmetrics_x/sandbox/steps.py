"""The OAuth host: the steps of a login, and the app's bearer token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from socialmetrics.sandbox.people import Account
from socialmetrics_x.sandbox import pages
from socialmetrics_x.sandbox.gate import Bearers
from socialmetrics_x.sandbox.keys import Tokens
from socialmetrics_x.sandbox.login import Login, Logins, is_callback
from socialmetrics_x.sandbox.refusal import (
    BAD_REQUEST,
    FORBIDDEN,
    INVALID_TOKEN,
    UNAUTHORIZED,
    Refusal,
    coded,
)
from socialmetrics_x.sandbox.signature import Notary, Signed, Unproven, signed
from socialmetrics_x.sandbox.wire import kind

_FORM: Final = "application/x-www-form-urlencoded"
_FOUND: Final = 302


class Steps:
    """Answers the steps by which an account lets the app in."""

    def __init__(
        self, accounts: Mapping[str, Account], tokens: Tokens, bearers: Bearers,
        notary: Notary,
    ) -> None:  # fmt: skip
        self._accounts, self._tokens = accounts, tokens
        self._bearers, self._notary = bearers, notary
        self._logins = Logins()

    async def request_token(self, request: Request) -> Response:
        """Step one: a token for one login, and where it ends."""
        claim = await _claim(request)
        self._prove(claim, "")
        callback = claim.oauth.get("oauth_callback", "")
        if not is_callback(callback):
            wrong = "Callback URL not approved for this client application"
            raise Refusal(FORBIDDEN, coded(415, wrong))
        login = self._logins.begin(callback)
        return _form(
            oauth_token=login.key,
            oauth_token_secret=login.secret,
            oauth_callback_confirmed="true",
        )

    async def authorize(self, request: Request) -> Response:
        """Step two: a person says yes or no, in the browser."""
        told = {**request.query_params, **dict(parse_qsl(await _body(request)))}
        login = self._logins.find(told.get("oauth_token", ""))
        if login is None or login.verifier is not None:
            return pages.invalid()
        if "deny" in told:
            self._logins.close(login)
            return _returned(login.back(denied=login.key)) or pages.denied()
        if told.get("account") not in self._accounts:
            status = BAD_REQUEST if "account" in told else 200
            return pages.question(login, self._choices(), status)
        return self._allowed(login, told["account"])

    async def access_token(self, request: Request) -> Response:
        """Step three: the account's access token, for the verifier."""
        claim = await _claim(request)
        login = self._logins.find(claim.oauth.get("oauth_token", ""))
        if login is None:
            expired = coded(INVALID_TOKEN, "Invalid or expired token")
            raise Refusal(UNAUTHORIZED, expired)
        self._prove(claim, login.secret)
        user, told = login.user_id, claim.oauth.get("oauth_verifier")
        if user is None or told != login.verifier:
            raise Refusal(UNAUTHORIZED, coded(32, "Invalid oauth_verifier parameter"))
        self._logins.close(login)
        token, account = self._tokens.grant(user), self._accounts[user]
        return _form(
            oauth_token=token.key,
            oauth_token_secret=token.secret,
            user_id=user,
            screen_name=account.handle or account.name,
        )

    async def bearer(self, request: Request) -> Response:
        """A token for the app alone."""
        form = dict(parse_qsl(await _body(request)))
        header = request.headers.get("authorization", "")
        return JSONResponse(self._bearers.grant(header, form))

    def _allowed(self, login: Login, user: str) -> Response:
        verifier = self._logins.allow(login, user)
        address = login.back(oauth_token=login.key, oauth_verifier=verifier)
        return _returned(address) or pages.pin(verifier)

    def _choices(self) -> list[pages.Choice]:
        return [(user, one.handle or one.name) for user, one in self._accounts.items()]

    def _prove(self, claim: Signed, secret: str) -> None:
        try:
            self._notary.check(claim, secret)
        except Unproven as doubt:
            raise _refusal(doubt) from doubt


def _refusal(doubt: Unproven) -> Refusal:
    text = f"Could not authenticate you: {doubt.reason}"
    return Refusal(UNAUTHORIZED, coded(doubt.code, text))


async def _claim(request: Request) -> Signed:
    header = request.headers.get("authorization", "")
    form = await _body(request)
    try:
        return signed(request.method, str(request.url), header, form)
    except Unproven as doubt:
        raise _refusal(doubt) from doubt


async def _body(request: Request) -> str:
    """The form in the body; nothing where it is no form."""
    if kind(request) != _FORM:
        return ""
    return (await request.body()).decode("utf-8", "replace")


def _form(**told: str) -> Response:
    return Response(urlencode(told), media_type=_FORM)


def _returned(address: str | None) -> Response | None:
    return None if address is None else RedirectResponse(address, _FOUND)
