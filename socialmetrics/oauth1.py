"""OAuth 1.0a signatures (RFC 5849): an Authorization header for one attempt.

Every attempt has a nonce and a timestamp of its own, so a header is made when a request
is sent, never kept. JSON bodies are not part of a signature; forms are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast
from urllib.parse import parse_qsl, urlsplit

import attrs
from authlib.oauth1.rfc5849 import client_auth, parameters, signature
from authlib.oauth1.rfc5849.util import escape

from socialmetrics.errors import InvalidQuery
from socialmetrics.secret import Masked, Secret, Unseen


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
        with Unseen():
            told = self._signed(method, url, timestamp, _pairs(url, form))
            return Masked(parameters.prepare_headers(told))  # pyright: ignore[reportUnknownMemberType]  # untyped

    def _signed(
        self, method: str, url: str, timestamp: int, pairs: list[tuple[str, str]]
    ) -> list[tuple[str, str]]:
        """All parameters of the header."""
        told = self._told(timestamp)
        signed = self._signature(_base(method, url, [*told, *pairs]))
        return [*told, ("oauth_signature", signed)]

    def _told(self, timestamp: int) -> list[tuple[str, str]]:
        """The parameters of the header, but the signature."""
        given = {
            "oauth_nonce": client_auth.generate_nonce(),
            "oauth_timestamp": str(timestamp),
            "oauth_version": "1.0",
            "oauth_signature_method": signature.SIGNATURE_HMAC_SHA1,
            "oauth_consumer_key": self.consumer.key,
            "oauth_token": self.owner and self.owner.access_token.reveal(),
            "oauth_callback": self.callback,
            "oauth_verifier": self.verifier,
        }
        return [(name, value) for name, value in given.items() if value]

    def _signature(self, base: str) -> str:
        return signature.hmac_sha1_signature(  # pyright: ignore[reportUnknownMemberType]  # untyped
            base,
            self.consumer.secret.reveal(),
            self.owner and self.owner.access_token_secret.reveal(),
        )


def _base(method: str, url: str, pairs: list[tuple[str, str]]) -> str:
    """What is signed. authlib's client writes a header for it, to take it apart."""
    address = cast("str", signature.normalize_base_string_uri(url))  # type: ignore[no-untyped-call]  # pyright: ignore[reportUnknownMemberType]
    normal = signature.normalize_parameters(pairs)  # pyright: ignore[reportUnknownMemberType]  # untyped
    return "&".join(map(escape, (method.upper(), address, normal)))


def _pairs(url: str, form: Mapping[str, str] | None) -> list[tuple[str, str]]:
    """What is signed besides: of the address and of the body."""
    query = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    return [*query, *(form or {}).items()]
