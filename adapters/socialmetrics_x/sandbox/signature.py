"""Whether a request was signed by whom it says (OAuth 1.0a, HMAC-SHA1).

The signature is checked by oauthlib, which the client does not use.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, Final

import attrs

from socialmetrics_x.sandbox.keys import CONSUMER_KEY, CONSUMER_SECRET

_RULES: Final[Any] = import_module(
    "oauthlib.oauth1.rfc5849.signature"
)  # It has no types.
_WORDS: Final[Any] = import_module("oauthlib.oauth1.rfc5849.utils")

TOLERANCE: Final = 300
_NUMBER: Final = re.compile(r"[0-9]{1,12}", re.ASCII)
_SIGNATURE: Final = "oauth_signature"
_NEEDED: Final = (
    "oauth_consumer_key",
    "oauth_nonce",
    _SIGNATURE,
    "oauth_signature_method",
    "oauth_timestamp",
)


class Unproven(Exception):
    """Why a request is not believed: in words, and as the OAuth layer's code."""

    def __init__(self, reason: str, code: int = 32) -> None:
        super().__init__(reason)
        self.reason, self.code = reason, code


@attrs.frozen(kw_only=True)
class Signed:
    """A signed request. The names are those by which oauthlib knows them."""

    http_method: str
    uri: str
    params: list[tuple[str, str]]
    signature: str
    oauth: Mapping[str, str]


def signed(method: str, uri: str, header: str, form: str = "") -> Signed:
    """What the Authorization header says. Raises `Unproven` where it is malformed.

    `uri` is the address that was called, `form` a form-encoded body; JSON is never
    part of a signature.
    """
    query = uri.partition("?")[2]
    try:
        told = _RULES.collect_parameters(
            uri_query=query,
            body=form,
            headers={"Authorization": header},
            exclude_oauth_signature=False,
        )
        listed = _WORDS.parse_http_list(header.partition(" ")[2])
    except ValueError:
        raise Unproven("Malformed Authorization header", 215) from None
    pairs = [(str(name), str(value)) for name, value in told]
    oauth = [pair for pair in pairs if pair[0].startswith("oauth_")]
    # Where oauthlib reads the header, the last of two equal names wins.
    names = {part.partition("=")[0].strip() for part in listed}
    if len(dict(oauth)) < len(oauth) or len(names) < len(listed):
        raise Unproven("Duplicate OAuth parameters", 215)
    return Signed(
        http_method=method,
        uri=uri,
        params=[pair for pair in pairs if pair[0] != _SIGNATURE],
        signature=dict(oauth).get(_SIGNATURE, ""),
        oauth=dict(oauth),
    )


class Notary:
    """Believes a request once: right app, right signature, now, and never before.

    `clock` tells the server's seconds since 1970.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._seen: dict[tuple[str, str], float] = {}

    def check(self, request: Signed, token_secret: str) -> None:
        """Raises `Unproven` for a request that is not believed."""
        said = request.oauth
        if not all(said.get(name) for name in _NEEDED):
            raise Unproven("Missing OAuth parameters", 215)
        if said["oauth_signature_method"] != "HMAC-SHA1":
            raise Unproven("Unsupported signature method")
        if said.get("oauth_version", "1.0") != "1.0":
            raise Unproven("Unsupported OAuth version")
        if said["oauth_consumer_key"] != CONSUMER_KEY:
            raise Unproven("Consumer key not found")
        if not _is_right(request, token_secret):
            raise Unproven("Invalid signature")
        self._check_time(said["oauth_timestamp"])
        self._check_nonce(said.get("oauth_token", ""), said["oauth_nonce"])

    def _check_time(self, told: str) -> None:
        is_number = _NUMBER.fullmatch(told) is not None
        if not is_number or abs(int(told) - self._clock()) > TOLERANCE:
            raise Unproven("Timestamp out of bounds", 135)

    def _check_nonce(self, token: str, nonce: str) -> None:
        now = self._clock()
        # What is older is refused by its timestamp, so it need not be remembered.
        for key in list(self._seen):
            if self._seen[key] >= now:
                break
            del self._seen[key]
        if (token, nonce) in self._seen:
            raise Unproven("Nonce was used before")
        self._seen[token, nonce] = now + 2 * TOLERANCE


def _is_right(request: Signed, token_secret: str) -> bool:
    try:
        found = _RULES.verify_hmac_sha1(request, CONSUMER_SECRET, token_secret)
    except ValueError:
        return False
    return bool(found)
