"""The tokens that are alive, and the families in which they die."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

import attrs

from socialmetrics_hootsuite.sandbox.keys import (
    ACCESS_TOKEN,
    REFRESH_TOKEN,
    Caller,
    letters,
)
from socialmetrics_hootsuite.sandbox.options import Options
from socialmetrics_hootsuite.sandbox.refusal import Json, Refusal, oauth

_CODE_LIFE: Final = timedelta(minutes=10)

# Clients were seen to read exactly these two keys.
_EXPIRED: Final = {
    "error": "request_forbidden",
    "error_description": "token_expired",
}


@attrs.define(eq=False)
class Family:
    """Everything that came from one consent; dies as a whole."""

    caller: Caller
    is_dead: bool = False


@attrs.define
class _Access:
    family: Family
    until: datetime


@attrs.define
class _Refresh:
    family: Family
    access: str
    is_spent: bool = False


@attrs.frozen(kw_only=True)
class Code:
    """What an authorization code stands for."""

    caller: Caller
    redirect_uri: str
    challenge: str | None
    until: datetime


class Grants:
    """Issues tokens, renews them, and remembers what was used up.

    `removed` is whether the app was taken away from the account: then nothing opens.
    """

    def __init__(
        self, options: Options, now: Callable[[], datetime], first: Caller
    ) -> None:
        self._options, self._now = options, now
        self.removed = False
        self._count = 0
        self._access: dict[str, _Access] = {}
        self._refresh: dict[str, _Refresh] = {}
        self._codes: dict[str, Code] = {}
        self._used: dict[str, Family] = {}
        family = Family(first)
        self._access[ACCESS_TOKEN] = _Access(family, self._end())
        self._refresh[REFRESH_TOKEN] = _Refresh(family, ACCESS_TOKEN)

    @property
    def issued(self) -> int:
        """How many token answers were given."""
        return self._count

    def expire(self) -> None:
        """Ends every access token that was given out so far; refresh tokens live on."""
        for each in self._access.values():
            each.until = self._now()

    def caller(self, token: str) -> Caller:
        """Whom a token stands for. Refuses unknown, dead and expired ones with 401."""
        found = self._access.get(token)
        if found is None or found.family.is_dead:
            told = "The request could not be authorized"
            raise oauth(401, "request_unauthorized", told, "Check the access token.")
        if self.removed:
            told = "A validator returned an error: The request could not be authorized"
            raise oauth(self._options.revoked_status, "request_forbidden", told)
        if found.until <= self._now():
            raise Refusal(401, {**_EXPIRED})
        return found.family.caller

    def code(self, caller: Caller, redirect_uri: str, challenge: str | None) -> str:
        """A new authorization code; it lives ten minutes and is used once."""
        name = f"code.{letters(f'code {len(self._codes) + len(self._used)}', 32)}"
        self._codes[name] = Code(
            caller=caller,
            redirect_uri=redirect_uri,
            challenge=challenge,
            until=self._now() + _CODE_LIFE,
        )
        return name

    def redeem(self, code: str, fits: Callable[[Code], bool]) -> Json:
        """Tokens for a code. A second use ends everything that came from the first."""
        used = self._used.get(code)
        if used is not None:
            used.is_dead = True
            raise _invalid_grant("The authorization code has already been used.")
        found = self._codes.get(code)
        if found is None or found.until <= self._now() or not fits(found):
            raise _invalid_grant("The authorization code is invalid or has expired.")
        family = self._used[code] = Family(found.caller)
        del self._codes[code]
        return self._issue(family)

    def renew(self, token: str) -> Json:
        """A new pair for a refresh token. A second use ends the whole family."""
        found = self._refresh.get(token)
        if found is None or found.family.is_dead or self.removed:
            raise _invalid_grant("The refresh token is unknown or was revoked.")
        if found.is_spent:
            found.family.is_dead = True
            raise _invalid_grant("The refresh token has already been used.")
        found.is_spent = True
        if self._options.refresh_kills_access:
            del self._access[found.access]
        return self._issue(found.family)

    def mint(self, caller: Caller) -> Json:
        """A token without a refresh token."""
        return self._issue(Family(caller), refreshed=False)

    def _issue(self, family: Family, *, refreshed: bool = True) -> Json:
        self._count += 1
        access = f"sandbox.{letters(f'access {self._count}')}"
        self._access[access] = _Access(family, self._end())
        scopes = family.caller.scopes
        told: Json = {
            "access_token": access,
            "expires_in": self._options.token_seconds,
            "scope": "" if self._options.quiet_scope else spelled(scopes),
            "token_Type" if self._options.odd_token_key else "token_type": "bearer",
        }
        if refreshed and "offline" in scopes:
            token = f"sandbox.{letters(f'refresh {self._count}')}"
            self._refresh[token] = _Refresh(family, access)
            told["refresh_token"] = token
        return told

    def _end(self) -> datetime:
        return self._now() + timedelta(seconds=self._options.token_seconds)


def spelled(scopes: Iterable[str]) -> str:
    """Scopes as one text."""
    return " ".join(sorted(scopes, reverse=True))


def _invalid_grant(hint: str) -> Refusal:
    told = "The provided authorization grant or refresh token is invalid"
    return oauth(400, "invalid_grant", told, hint)
