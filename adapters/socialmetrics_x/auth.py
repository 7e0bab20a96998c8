"""Who asks: the app by its bearer token or its signature, or the owner of posts.

One client asks for several owners, so every request says by its `credential` whose
signature goes with it: an owner's key, a `Signer` of the login steps, or none for the
app itself. Signatures need the right time: where the server's `Date` shows that this
machine's clock is wrong, the difference is noted and the call is tried once more.
"""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Final

import attrs

from socialmetrics.auth import BASIC, Attempt, Bearer, ClientCredentials, Refusal
from socialmetrics.errors import AuthRefused, MissingCredential
from socialmetrics.oauth1 import Consumer, Owner, Signer
from socialmetrics.secret import Secret
from socialmetrics.wire import Flow, Host, Request

TOKEN_PATH: Final = "/oauth2/token"  # noqa: S105 - an address
TOLERATED: Final = 60.0
"""Seconds by which a clock may be wrong: `Date` is rough, and answers take time."""


@attrs.define(kw_only=True)
class Keys:
    """All credentials of one client.

    `owners` are the accounts by the keys that requests name them by. `app` is the
    app's own credential: a bearer, given or fetched, or its signature without an
    owner; None where only a bearer was asked for and there is none.
    """

    consumer: Consumer | None
    owners: Mapping[str, Owner]
    app: Bearer | ClientCredentials | None
    refusal: AuthRefused | None = None
    _skew: float = attrs.field(default=0.0, init=False)
    _corrections: int = attrs.field(default=0, init=False)

    def stamp(self, request: Request) -> int:
        """How many bearers there were, or how often the clock was corrected."""
        if request.credential is None and self.app is not None:
            return self.app.stamp(request)
        return self._corrections

    def headers(self, attempt: Attempt) -> Mapping[str, str]:
        """The Authorization header; a signature has a nonce and time of its own."""
        credential = attempt.request.credential
        if credential in (None, BASIC) and self.app is not None:
            return self.app.headers(attempt)
        return self._signer(credential).headers(
            attempt.request.method,
            attempt.url,
            int(attempt.at + self._skew),
            form=attempt.request.form,
        )

    def _signer(self, credential: object) -> Signer:
        if isinstance(credential, Signer):
            return credential
        if self.consumer is None:
            raise MissingCredential("this needs consumer_key and consumer_secret")
        owner = self.owners[credential] if isinstance(credential, str) else None
        return Signer(consumer=self.consumer, owner=owner)

    def is_due(self, request: Request, now: float) -> bool:
        """Whether the app's bearer token has to be fetched first."""
        is_app = request.credential is None and self.app is not None
        return is_app and self.app is not None and self.app.is_due(request, now)

    def can_renew(self, refusal: Refusal) -> bool:
        """Whether there may be a new bearer, or the clock was wrong."""
        if refusal.response.request.credential is None and self.app is not None:
            return self.app.can_renew(refusal)
        ahead = _ahead(refusal)
        return ahead is not None and abs(ahead - self._skew) > TOLERATED

    def secrets(self, host: Host) -> tuple[Secret, ...]:
        """Everything that is secret, but what that host may give anew."""
        owners = (
            secret
            for owner in self.owners.values()
            for secret in (owner.access_token, owner.access_token_secret)
        )
        consumer = (self.consumer.secret,) if self.consumer else ()
        app = self.app.secrets(host) if self.app else ()
        return (*consumer, *app, *(owners if host == "api" else ()))

    def renew(self, now: float, refusal: Refusal | None) -> Flow[None]:
        """Fetches the app's bearer, or notes how wrong the clock is."""
        is_app = refusal is None or refusal.response.request.credential is None
        if is_app and self.app is not None:
            yield from self.app.renew(now, refusal)
        elif refusal is not None:
            self._skew = _ahead(refusal) or 0.0
            self._corrections += 1


def _ahead(refusal: Refusal) -> float | None:
    """Seconds by which the server's clock is ahead; None where it does not say."""
    try:
        told = parsedate_to_datetime(refusal.response.headers.get("date", ""))
    except ValueError:
        return None
    return told.timestamp() - refusal.at
