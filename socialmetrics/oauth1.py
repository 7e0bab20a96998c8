"""OAuth 1.0a signatures (RFC 5849): an Authorization header for one attempt.

Every attempt has a nonce and a timestamp of its own, so a header is made when a request
is sent, never kept. JSON bodies are not part of a signature; forms are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

import attrs
from authlib.oauth1 import ClientAuth

from socialmetrics.errors import InvalidQuery
from socialmetrics.secret import Masked, Secret

FORM: Final = "application/x-www-form-urlencoded"


def _secret(value: str | Secret) -> Secret:
    return value if isinstance(value, Secret) else Secret(value)


def _told(instance: object, attribute: attrs.Attribute[Secret], value: Secret) -> None:
    if not value:
        raise InvalidQuery(f"{attribute.name} is empty")


@attrs.frozen
class Consumer:
    """The app: the key that the vendor knows it by, and the secret."""

    key: str
    secret: Secret = attrs.field(converter=_secret, validator=_told, repr=False)


@attrs.frozen(repr=False)
class Owner:
    """An account that let the app act for it: its access token and the secret.

    Neither is ever shown; an owner is known by `user_id`.
    """

    access_token: Secret = attrs.field(converter=_secret, validator=_told, repr=False)
    access_token_secret: Secret = attrs.field(
        converter=_secret, validator=_told, repr=False
    )

    @property
    def user_id(self) -> str | None:
        """The account's id, where the token begins with it: "<user id>-<random>"."""
        first, dash, rest = self.access_token.reveal().partition("-")
        is_id = first.isascii() and first.isdigit() and bool(dash and rest)
        return first if is_id else None

    def __repr__(self) -> str:
        return f"Owner(user_id={self.user_id!r})"

    def __str__(self) -> str:
        return f"owner {self.user_id or 'of an unknown account'}"


@attrs.frozen(kw_only=True)
class Signer:
    """Makes the headers for one app, and for an owner or for the app alone.

    `callback` and `verifier` belong to the steps by which an owner lets the app in.
    """

    consumer: Consumer
    owner: Owner | None = None
    callback: str | None = None
    verifier: str | None = attrs.field(default=None, repr=False)

    def headers(
        self,
        method: str,
        url: str,
        timestamp: int,
        *,
        form: Mapping[str, str] | None = None,
    ) -> Mapping[str, str]:
        """The Authorization header for one attempt, with a nonce of its own.

        `url` is exactly what is called, query included; `timestamp` are seconds since
        1970 by the server's clock, as far as it is known.
        """
        client = _Client(timestamp, self)
        given = {"Content-Type": FORM} if form else {}
        body = urlencode(form) if form else b""
        signed = client.prepare(method, url, given, body)  # pyright: ignore[reportUnknownMemberType]  # untyped
        return Masked({"Authorization": signed[1]["Authorization"]})


class _Client(ClientAuth):
    """authlib's, by the timestamp that it is given."""

    def __init__(self, timestamp: int, signer: Signer) -> None:
        owner = signer.owner
        super().__init__(  # pyright: ignore[reportUnknownMemberType]  # untyped
            signer.consumer.key,
            signer.consumer.secret.reveal(),
            owner.access_token.reveal() if owner else None,
            owner.access_token_secret.reveal() if owner else None,
            redirect_uri=signer.callback,
            verifier=signer.verifier,
        )
        self._timestamp = timestamp

    def get_oauth_params(self, nonce: str, timestamp: str) -> list[tuple[str, str]]:
        stamped = str(self._timestamp)
        return super().get_oauth_params(nonce, stamped)  # pyright: ignore[reportUnknownMemberType]  # untyped
