"""A user lets the app in: OAuth 2's authorization code, with PKCE (RFC 6749, 7636).

Plain values: nothing here is sent. The state, which is compared in constant time, ties
an answer to its login, and the verifier ties the code to whoever began it.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from contextlib import suppress
from secrets import token_urlsafe
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

import attrs

from socialmetrics.errors import InvalidQuery, PermissionDenied, Refused, Rejected
from socialmetrics.origin import is_protected, scheme_and_host
from socialmetrics.secret import Masked, Secret
from socialmetrics.token_server import Denied, denied

ENTROPY: Final = 32
"""Random bytes of a state and of a verifier, written as 43 characters."""
NO: Final = "access_denied"
_MOST_FIELDS: Final = 50


@attrs.frozen(kw_only=True)
class Begun:
    """A login that has begun: its user opens `address` and says yes or no there.

    Whoever ends it elsewhere keeps `state` and `verifier` as well as a password.
    """

    address: str = attrs.field(repr=False)
    redirect_uri: str
    state: Secret = attrs.field(repr=False)
    verifier: Secret | None = attrs.field(default=None, repr=False)

    def code(self, answer: str) -> Secret:
        """The code in the address that the browser came back to.

        Raises `PermissionDenied` where the user said no, `Rejected` for another error
        of the server, and `InvalidQuery`, which does not show it, for everything else
        and for an answer to another login.
        """
        told = _query(answer)
        del answer  # A traceback with locals would show the code in it.
        if told is None or not _is_same(told.get("state"), self.state):
            raise InvalidQuery(
                "that is not the whole address that the browser was sent back to by "
                "this login, with code and state in it; begin again"
            )
        if "error" in told:
            raise _no(denied(told, {}))
        code = told.get("code")
        if not code:
            raise InvalidQuery("the address has no code; begin again")
        return code

    def form(self, code: Secret) -> Masked:
        """What is sent for that code."""
        form = Masked(
            grant_type="authorization_code",
            code=code.reveal(),
            redirect_uri=self.redirect_uri,
        )
        if self.verifier is not None:
            form["code_verifier"] = self.verifier.reveal()
        return form


def begin(
    address: str,
    *,
    client_id: str,
    redirect_uri: str,
    scopes: Sequence[str] = (),
    has_pkce: bool = True,
    parameters: Mapping[str, str] | None = None,
) -> Begun:
    """A login at that address, with a state and a verifier of its own.

    Raises `InvalidQuery` for addresses that are none.
    """
    _check(address, redirect_uri)
    state, verifier = Secret(token_urlsafe(ENTROPY)), Secret(token_urlsafe(ENTROPY))
    asked = {
        **(parameters or {}),
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "state": state.reveal(),
    }
    if scopes:
        asked["scope"] = " ".join(scopes)
    if has_pkce:
        asked["code_challenge"] = challenge(verifier)
        asked["code_challenge_method"] = "S256"
    return Begun(
        address=f"{address}?{urlencode(asked)}",
        redirect_uri=redirect_uri,
        state=state,
        verifier=verifier if has_pkce else None,
    )


def challenge(verifier: Secret) -> str:
    """What of a verifier is shown beforehand (RFC 7636, section 4.2: S256)."""
    hashed = hashlib.sha256(verifier.reveal().encode("ascii")).digest()
    return urlsafe_b64encode(hashed).rstrip(b"=").decode()


def _no(answer: Denied) -> Refused:
    if answer.code == NO:
        return PermissionDenied(f"the user did not let the app in ({answer})")
    return Rejected(
        f"the authorization server refuses the login ({answer})",
        code=answer.code or None,
    )


def _is_same(found: Secret | None, state: Secret) -> bool:
    given = "" if found is None else found.reveal()
    return hmac.compare_digest(
        given.encode("utf-8", "replace"), state.reveal().encode()
    )


def _query(answer: str) -> dict[str, Secret] | None:
    """What the address says, as secrets; None where it says something twice."""
    found: dict[str, Secret] = {}
    with suppress(ValueError):
        query = urlsplit(answer.strip()).query
        for name, value in parse_qsl(query, max_num_fields=_MOST_FIELDS):
            if name in found:
                return None
            found[name] = Secret(value)
    return found


def _check(address: str, redirect_uri: str) -> None:
    if not is_protected(*scheme_and_host(address)):
        raise InvalidQuery(
            f"auth_url={address!r} is no protected address like 'https://host'"
        )
    scheme, host = scheme_and_host(redirect_uri)
    if not (scheme and host) or "#" in redirect_uri:
        raise InvalidQuery(
            f"redirect_uri={redirect_uri!r} must be a whole address like "
            "'https://app.example/back', without a fragment"
        )
