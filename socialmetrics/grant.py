"""A user's tokens on behalf of one client: looked up, used, renewed, kept.

A refresh token may be good once only. So a renewal has the lock of the store, marks the
token there as sent before it is sent, and keeps what comes before anybody uses it. A
mark that is found later says that somebody did not get so far; such a token is not sent
again, because its second use can revoke everything.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Final

import attrs

from socialmetrics.auth import BASIC, Attempt, Refusal, Renewal, basic, every
from socialmetrics.errors import (
    AuthRefused,
    MissingCredential,
    OutcomeUnknown,
    SocialMetricsError,
    Unreadable,
)
from socialmetrics.secret import Masked, Secret
from socialmetrics.token_server import SPENT, App, Denied, Granted, granted
from socialmetrics.tokens import Tokens, TokenStore
from socialmetrics.waiting import LOGGER
from socialmetrics.wire import Request, Response

AGAIN: Final = 60.0
"""Seconds after which a renewal that failed is tried again, while there is time."""


@attrs.frozen
class _Held:
    """Tokens in use: when they are renewed, and their end, on the monotonic clock."""

    tokens: Tokens
    due: float
    ends: float
    stamp: int
    before: Secret | None


@attrs.define(kw_only=True)
class Grant:
    """What a user let the app do, for one client.

    The tokens are those of the `store`, or `given` ones until the store has their
    successors. An access token is renewed `Tokens.early` seconds before its end, which
    is counted on the monotonic clock; only between processes the wall clock counts. A
    renewal that fails before that end is put off, and logged as a warning.
    """

    app: App
    store: TokenStore
    given: Tokens | None = None
    concerns_token: Callable[[Response], bool] = attrs.field(default=every, repr=False)
    wall: Callable[[], float] = attrs.field(default=time.time, repr=False)
    _held: _Held | None = attrs.field(default=None, init=False)
    _is_kept: bool = attrs.field(default=False, init=False)
    _unkept: tuple[Tokens, Tokens] | None = attrs.field(default=None, init=False)

    def stamp(self, request: Request) -> int:
        """How many access tokens there were."""
        return self._held.stamp if self._held else 0

    def headers(self, attempt: Attempt) -> Mapping[str, str]:
        """The access token; the app's own credentials where tokens are asked for."""
        if attempt.request.credential is BASIC:
            app = self.app
            return {"Authorization": basic(app.client_id, app.client_secret)}
        token = self._held and self._held.tokens.access_token
        return {"Authorization": f"Bearer {token.reveal()}"} if token else {}

    def is_due(self, request: Request, now: float) -> bool:
        """Whether there is none yet, or its life is nearly over."""
        return self._held is None or now >= self._held.due

    def can_renew(self, refusal: Refusal) -> bool:
        """Whether it was the token that was refused."""
        return self.concerns_token(refusal.response)

    def secrets(self, request: Request) -> tuple[Secret, ...]:
        """The app's secret, and the access token where it went with the request."""
        held = self._held
        if held is None or request.host == "auth":
            return (self.app.client_secret,)
        # It may have been renewed since the request was sent.
        used = (held.tokens.access_token, held.before)
        return self.app.client_secret, *(each for each in used if each is not None)

    def renew(self, now: float, refusal: Refusal | None) -> Renewal:
        """Takes what another process has stored, else uses the refresh token.

        Raises `AuthRefused` where only a new login helps, `MissingCredential` before
        the first one, and `InvalidQuery` for a store that cannot be used.
        """
        if self._unkept is None and self._takes(self._stored(), now):
            return
        yield self.store.lock(self.app.account)
        if self._keeps_late(now):
            return
        stored = self._stored()
        if not self._takes(stored, now):
            yield from self._refreshed(stored, now, refusal)

    # -- what there is -----------------------------------------------------------------

    def _stored(self) -> Tokens:
        """The store's tokens, once it has had ours; the given ones before."""
        found = self.store.load(self.app.account)
        if self._is_kept and found is None:
            raise self._refused(f"the tokens were removed from {self.store.place}")
        if found is None and self.given is None:
            raise MissingCredential(
                f"no tokens of {self.app.account!r} are in {self.store.place}; "
                f"socialmetrics login {self.app.vendor} puts them there, or set "
                "access_token or refresh_token",
                vendor=self.app.vendor,
            )
        is_new = not self._is_kept and self.given is not None
        if found is None or (is_new and found.begun_with != self._begun_with):
            assert self.given is not None  # noqa: S101 - else one was raised for
            return self.given
        self._is_kept = True
        return found

    @property
    def _begun_with(self) -> str:
        return "" if self.given is None else self.given.begun_with

    def _takes(self, tokens: Tokens, now: float) -> bool:
        """Whether it is another access token than the one in use, and a good one."""
        is_used = self._held and self._held.tokens.access_token == tokens.access_token
        left = tokens.left(self.wall())
        if is_used or tokens.access_token is None or left <= tokens.early:
            return False
        self._hold(tokens, now, left)
        return True

    def _takes_newer(self, stored: Tokens, now: float) -> bool:
        """Whether somebody has logged in again meanwhile: that needs no lock."""
        there = self.store.load(self.app.account)
        is_newer = there is not None and there.refresh_token != stored.refresh_token
        return there is not None and is_newer and self._takes(there, now)

    def _hold(
        self, tokens: Tokens, now: float, left: float, due_in: float | None = None
    ) -> None:
        """Uses them from now on; renewed in time, or in `due_in` seconds."""
        wait = left - tokens.early if due_in is None else due_in
        old = self._held
        if old is None:
            self._held = _Held(tokens, now + wait, now + left, 1, None)
        elif old.tokens.access_token == tokens.access_token:
            self._held = _Held(tokens, now + wait, now + left, old.stamp, old.before)
        else:
            before, stamp = old.tokens.access_token, old.stamp + 1
            self._held = _Held(tokens, now + wait, now + left, stamp, before)

    # -- a renewal ---------------------------------------------------------------------

    def _refreshed(
        self, stored: Tokens, now: float, refusal: Refusal | None
    ) -> Renewal:
        token = stored.refresh_token
        if token is None or stored.use != "unused":
            self._use_up(stored, now, refusal, self._refused(_unfit(stored)))
            return
        self._keep(attrs.evolve(stored, use="sent"))
        began = self.wall()
        try:
            response = yield self.app.request(
                Masked(grant_type="refresh_token", refresh_token=token.reveal())
            )
            answer = granted(response, began)
        except (OutcomeUnknown, Unreadable) as err:
            error = self._refused(f"a renewal was not answered well ({err.message})")
            if not self._takes_newer(stored, now):
                self._use_up(stored, now, refusal, error)
        except SocialMetricsError as err:
            self._replace(stored, stored)
            self._use_up(stored, now, refusal, err)
        else:
            self._end(answer, stored, now, refusal)

    def _end(
        self,
        answer: Granted | Denied,
        stored: Tokens,
        now: float,
        refusal: Refusal | None,
    ) -> None:
        if isinstance(answer, Granted):
            self._unkept = self._successor(answer, stored), stored
            life = answer.life
            self._keeps_late(now, float("inf") if life is None else life)
        elif answer.code != SPENT:
            self._replace(stored, stored)
            self._use_up(stored, now, refusal, self._turned_away(answer))
        elif not self._takes_newer(stored, now):
            self._replace(stored, attrs.evolve(stored, use="refused"))
            error = self._refused(f"the refresh token is refused ({answer})")
            self._use_up(stored, now, refusal, error)

    def _successor(self, answer: Granted, stored: Tokens) -> Tokens:
        """The new tokens.

        An answer without a refresh token leaves the old one in force (RFC 6749, section
        6), but not where the server is known to take each one once.
        """
        old, new = stored.refresh_token, answer.refresh_token
        is_rotated = stored.is_rotated or (new is not None and new != old)
        return attrs.evolve(
            stored,
            access_token=answer.access_token,
            refresh_token=new or (None if self.app.rotates or is_rotated else old),
            expires_at=answer.expires_at,
            life=answer.life,
            scope=answer.scope or stored.scope,
            is_rotated=is_rotated,
        )

    def _keep(self, tokens: Tokens) -> None:
        self.store.save(self.app.account, tokens)
        self._is_kept = True

    def _replace(self, sent: Tokens, tokens: Tokens) -> bool:
        """Keeps them where the sent ones are still; a login or logout stands."""
        there = self.store.load(self.app.account)
        is_there = there is not None and there.refresh_token == sent.refresh_token
        if is_there:
            self._keep(tokens)
        return is_there

    def _keeps_late(self, now: float, left: float | None = None) -> bool:
        """Keeps and uses what came and is not kept yet; False where there is nothing.

        Where somebody has logged in or out meanwhile, that stands, and it is dropped.
        """
        if self._unkept is None:
            return False
        new, old = self._unkept
        is_kept, self._unkept = self._replace(old, new), None
        if is_kept:
            self._hold(new, now, new.left(self.wall()) if left is None else left)
        elif not self._takes(self._stored(), now):
            raise self._refused(f"the tokens in {self.store.place} were changed")
        return True

    def _use_up(
        self, tokens: Tokens, now: float, refusal: Refusal | None, error: Exception
    ) -> None:
        """Goes on with the access token while it is good; else raises the error."""
        held = self._held
        is_held = held is not None and held.tokens.access_token == tokens.access_token
        left = held.ends - now if held and is_held else tokens.left(self.wall())
        if refusal is not None or tokens.access_token is None or left <= 0:
            raise error
        LOGGER.warning("%s: its token is used to the end: %s", self.app.vendor, error)
        self._hold(tokens, now, left, min(left, AGAIN))

    def _refused(self, what: str) -> AuthRefused:
        return AuthRefused(
            f"{what}; log in again (socialmetrics login {self.app.vendor})",
            vendor=self.app.vendor,
            operation="token",
        )

    def _turned_away(self, answer: Denied) -> AuthRefused:
        return AuthRefused(
            f"the authorization server refuses the app ({answer}); check client_id, "
            "client_secret and auth_url",
            vendor=self.app.vendor,
            operation="token",
            status=answer.status,
            code=answer.code or None,
        )


def _unfit(tokens: Tokens) -> str:
    if tokens.refresh_token is None:
        return "the access token is over, and there is no refresh token"
    if tokens.use == "refused":
        return "the refresh token was refused"
    return (
        "the refresh token was sent, and what became of it is not known; it is not "
        "sent again, because a second use can revoke everything"
    )
