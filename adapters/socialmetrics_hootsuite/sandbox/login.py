"""How a member lets the app in: the page that asks, and the token endpoint."""

from __future__ import annotations

from base64 import b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Mapping
from hashlib import sha256
from html import escape
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from socialmetrics.sandbox.world import World
from socialmetrics_hootsuite.sandbox.grants import Code, Grants, spelled
from socialmetrics_hootsuite.sandbox.keys import CLIENT_ID, CLIENT_SECRET, Caller
from socialmetrics_hootsuite.sandbox.options import SCOPES, Options
from socialmetrics_hootsuite.sandbox.profiles import member_id, organization_ids
from socialmetrics_hootsuite.sandbox.refusal import Json, Refusal, oauth
from socialmetrics_hootsuite.sandbox.wire import kind

FORM: Final = "application/x-www-form-urlencoded"
_FOUND: Final = 302
_SHORTEST_STATE: Final = 8
_PAIR: Final = f"{CLIENT_ID}:{CLIENT_SECRET}".encode()


class Login:
    """Answers the OAuth server's two endpoints."""

    def __init__(self, world: World, options: Options, grants: Grants) -> None:
        self._world, self._options, self._grants = world, options, grants

    async def authorize(self, request: Request) -> Response:
        """Asks a member; the form says `allow` with a `member`, or `deny`."""
        told = {**request.query_params, **await form(request)}
        back = self._address(told)
        try:
            scopes = self._asked(told)
        except Refusal as no:
            return _back(back, told, _without_status(no.told))
        if "deny" in told:
            why = "The resource owner denied the request"
            return _back(
                back, told, {"error": "access_denied", "error_description": why}
            )
        member = told.get("member")
        if "allow" not in told or member not in self._members():
            return self._page(told)
        caller = Caller(member_id=member, organization_id=None, scopes=scopes)
        code = self._grants.code(caller, back, told.get("code_challenge"))
        return _back(back, told, {"code": code, "scope": spelled(scopes)})

    async def token(self, request: Request) -> Json:
        """Tokens for a code, a refresh token, a member or an organization."""
        if kind(request) != FORM:
            raise _bad("The body must be a form.")
        told = await form(request)
        _check_client(request, told)
        grant = _need(told, "grant_type")
        if grant == "authorization_code":
            return self._redeemed(told)
        if grant == "refresh_token":
            return self._grants.renew(_need(told, "refresh_token"))
        if grant == "member_app":
            return self._grants.mint(self._member(told))
        if grant == "organization_app":
            return self._grants.mint(self._organization(told))
        if grant == "client_credentials":
            raise oauth(
                400, "unauthorized_client", "The client may not use this grant type"
            )
        raise oauth(400, "unsupported_grant_type", "The grant type is not supported")

    def _redeemed(self, told: Mapping[str, str]) -> Json:
        uri, verifier = _need(told, "redirect_uri"), told.get("code_verifier")

        def fits(code: Code) -> bool:
            proof = None if verifier is None else challenge_of(verifier)
            return code.redirect_uri == uri and code.challenge == proof

        return self._grants.redeem(_need(told, "code"), fits)

    def _member(self, told: Mapping[str, str]) -> Caller:
        member = _need(told, "member_id")
        if member != member_id(self._world) or self._grants.removed:
            raise _not_installed()
        scopes = self._scopes(told)
        return Caller(member_id=member, organization_id=None, scopes=scopes)

    def _organization(self, told: Mapping[str, str]) -> Caller:
        organization = _need(told, "organization_id")
        if organization not in organization_ids(self._world) or self._grants.removed:
            raise _not_installed()
        scopes = self._scopes(told)
        return Caller(member_id=None, organization_id=organization, scopes=scopes)

    def _scopes(self, told: Mapping[str, str]) -> frozenset[str]:
        scopes = frozenset(told.get("scope", "").split())
        strange = scopes - set(self._options.app_scopes)
        if strange:
            hint = f"The app is not allowed to request: {spelled(strange)}"
            raise oauth(400, "invalid_scope", "The requested scope is invalid", hint)
        return scopes

    def _address(self, told: Mapping[str, str]) -> str:
        """Where the browser goes back to. Refused without one that is registered."""
        if told.get("client_id") != CLIENT_ID:
            raise oauth(401, "invalid_client", "The client is unknown")
        uri = told.get("redirect_uri", "")
        if uri not in self._options.redirect_uris:
            raise _bad("The redirect_uri is not registered for this client.")
        return uri

    def _asked(self, told: Mapping[str, str]) -> frozenset[str]:
        if told.get("response_type") != "code":
            raise oauth(
                400, "unsupported_response_type", "The response type is not supported"
            )
        if len(told.get("state", "")) < _SHORTEST_STATE:
            raise oauth(
                400, "invalid_state", "The state is missing or has too few characters",
                f"It needs at least {_SHORTEST_STATE}.",
            )  # fmt: skip
        method = told.get("code_challenge_method")
        wanted = "S256" if "code_challenge" in told else None
        if method != wanted:
            raise _bad("PKCE takes a code_challenge of the method S256.")
        return self._scopes(told)

    def _members(self) -> dict[str, str]:
        return {
            str(user.id): f"{user.first_name} {user.last_name}"
            for user in self._world.users
        }

    def _page(self, told: Mapping[str, str]) -> HTMLResponse:
        fields = "".join(
            f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
            for name, value in told.items()
            if name not in ("allow", "member")
        )
        rows = "".join(
            f'<p><label><input type="radio" name="member" value="{member}" checked>'
            f" {escape(name)}</label></p>"
            for member, name in self._members().items()
        )
        return HTMLResponse(
            '<!doctype html><html lang="en"><meta charset="utf-8">'
            "<title>Let the app in?</title><h1>Let the app in?</h1>"
            f'<form method="post" action="/oauth2/auth">{fields}{rows}'
            '<button name="allow" value="1">Allow</button>'
            '<button name="deny" value="1">Deny</button></form></html>'
        )


def well_known(base: str) -> dict[str, Json]:
    """The discovery documents, by path, with the odd things that are in them."""
    return {
        "oauth-authorization-server": {
            "issuer": base,
            "authorization_endpoint": f"{base}/oauth2/auth",
            "token_endpoint": f"{base}/oauth2/token",
            "registration_endpoint": f"{base}/oauth2/register",
            "scopes_supported": list(SCOPES),
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "code_challenge_methods_supported": ["S256"],
            # Advertised, though only Basic is accepted.
            "token_endpoint_auth_methods_supported": ["client_secret_post", "none"],
        },
        "oauth-protected-resource": {
            "resource": base,
            "authorization_servers": [base],
            "scopes_supported": ["offline analytics:read"],
        },
    }


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a PKCE verifier."""
    digest = sha256(verifier.encode()).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


async def form(request: Request) -> dict[str, str]:
    """The form in the body; nothing where it is no form."""
    if kind(request) != FORM:
        return {}
    text = (await request.body()).decode("utf-8", "replace")
    return dict(parse_qsl(text, keep_blank_values=True))


def _check_client(request: Request, told: Mapping[str, str]) -> None:
    if "client_secret" in told or "client_id" in told:
        raise _bad("Client credentials in the body are not supported: use Basic.")
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic" or _decoded(text) != _PAIR:
        raise oauth(401, "invalid_client", "Client authentication failed")


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (Error, ValueError):
        return b""


def _need(told: Mapping[str, str], name: str) -> str:
    if not told.get(name):
        raise _bad(f"The parameter {name} is missing.")
    return told[name]


def _bad(hint: str) -> Refusal:
    told = "The request is missing a required parameter or is otherwise malformed"
    return oauth(400, "invalid_request", told, hint)


def _not_installed() -> Refusal:
    return oauth(403, "access_denied", "The app is not installed there")


def _without_status(told: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in told.items() if name != "status_code"}


def _back(uri: str, told: Mapping[str, str], more: Mapping[str, str]) -> Response:
    state = {"state": told["state"]} if told.get("state") else {}
    joint = "&" if urlsplit(uri).query else "?"
    return RedirectResponse(f"{uri}{joint}{urlencode({**more, **state})}", _FOUND)
