"""Who asks: the app by its bearer token or its signature, or the owner of posts.

One client asks for several owners, so every request says by its `credential` whose
signature goes with it: an owner's key, a `Signer` of the login steps, or none for the
app itself. Signatures need the right time: where the server's `Date` shows that this
machine's clock is wrong, the difference is noted and the call is tried once more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from socialmetrics.auth import BASIC, Attempt, Bearer, ClientCredentials, Refusal
from socialmetrics.errors import MissingCredential
from socialmetrics.oauth1 import Consumer, Owner, Signer
from socialmetrics.retry import http_date
from socialmetrics.secret import Secret
from socialmetrics.wire import Flow, Request

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
    _skew: float = attrs.field(default=0.0, init=False)
    _corrections: int = attrs.field(default=0, init=False)

    def stamp(self, request: Request) -> int:
        """How many bearers there were, or how often the clock was corrected."""
        bearer = self._bearer(request)
        return self._corrections if bearer is None else bearer.stamp(request)

    def headers(self, attempt: Attempt) -> Mapping[str, str]:
        """The Authorization header; a signature has a nonce and time of its own."""
        bearer = self._bearer(attempt.request)
        if bearer is not None:
            return bearer.headers(attempt)
        return self._signer(attempt.request.credential).headers(
            attempt.request.method,
            attempt.url,
            int(attempt.at + self._skew),
            form=attempt.request.form,
        )

    def is_due(self, request: Request, now: float) -> bool:
        """Whether the app's bearer token has to be fetched first."""
        bearer = self._bearer(request)
        return bearer is not None and bearer.is_due(request, now)

    def can_renew(self, refusal: Refusal) -> bool:
        """Whether there may be a new bearer, or the signature was at fault."""
        bearer = self._bearer(refusal.response.request)
        if bearer is not None:
            return bearer.can_renew(refusal)
        # A proxy that sends a signed request twice gets it refused for its nonce.
        is_repeated = b"nonce" in refusal.response.body.lower()
        return is_repeated or self._is_off(_ahead(refusal))

    def secrets(self, request: Request) -> tuple[Secret, ...]:
        """What went into it, but what its answer is to give anew."""
        bearer = self._bearer(request)
        if bearer is not None:
            return bearer.secrets(request)
        signer = self._signer(request.credential)
        if signer.owner is None or request.host == "auth":
            return (signer.consumer.secret,)
        owner = signer.owner
        return signer.consumer.secret, owner.access_token, owner.access_token_secret

    def renew(self, now: float, refusal: Refusal | None) -> Flow[None]:
        """Fetches the app's bearer, or notes how wrong the clock is."""
        if refusal is None or self._bearer(refusal.response.request) is not None:
            yield from self.app.renew(now, refusal) if self.app else ()
        else:
            ahead = _ahead(refusal)
            if ahead is not None and self._is_off(ahead):
                self._skew = ahead
            self._corrections += 1

    def _is_off(self, ahead: float | None) -> bool:
        return ahead is not None and abs(ahead - self._skew) > TOLERATED

    def _bearer(self, request: Request) -> Bearer | ClientCredentials | None:
        """The app's own credential where it goes with the request, or fetches it."""
        return self.app if request.credential in (None, BASIC) else None

    def _signer(self, credential: object) -> Signer:
        if isinstance(credential, Signer):
            return credential
        if self.consumer is None:
            raise MissingCredential("this needs consumer_key and consumer_secret")
        owner = self.owners[credential] if isinstance(credential, str) else None
        return Signer(consumer=self.consumer, owner=owner)


def _ahead(refusal: Refusal) -> float | None:
    """Seconds by which the server's clock is ahead; None where it does not say."""
    told = http_date(refusal.response.headers.get("date", ""))
    return None if told is None else told.timestamp() - refusal.at
