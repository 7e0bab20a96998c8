"""Signatures are those that an independent library makes and accepts."""

from __future__ import annotations

import pickle
from importlib import import_module
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialmetrics.errors import InvalidQuery
from socialmetrics.oauth1 import Consumer, Owner, Signer
from socialmetrics.secret import Secret

ORACLE: Final[Any] = import_module("oauthlib.oauth1")  # It has no types.
SIGNATURE: Final[Any] = import_module("oauthlib.oauth1.rfc5849.signature")
CONSUMER = Consumer("key", "consumer&secret")
OWNER = Owner("7-token", "token+secret/=")
URL = "https://data.vendor.example/insights/totals"
words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1)
keys = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1)


def parts(header: str) -> dict[str, str]:
    """The parameters of an Authorization header, decoded."""
    scheme, _, rest = header.partition(" ")
    assert scheme == "OAuth"
    pairs = (each.strip().partition("=") for each in rest.split(","))
    return {name: unquote(value.strip('"')) for name, _, value in pairs}


def verified(
    header: str, signer: Signer, url: str, form: list[tuple[str, str]] | None = None
) -> bool:
    """Whether the header's signature is right, by oauthlib's base string."""
    told = parts(header)
    signed = told.pop("oauth_signature")
    query = parse_qsl(url.partition("?")[2], keep_blank_values=True)
    whole = SIGNATURE.normalize_parameters([*told.items(), *query, *(form or [])])
    address = SIGNATURE.base_string_uri(url)
    base = SIGNATURE.signature_base_string("POST", address, whole)
    owner = signer.owner
    client = ORACLE.Client(
        signer.consumer.key,
        client_secret=signer.consumer.secret.reveal(),
        resource_owner_secret=owner.access_token_secret.reveal() if owner else None,
    )
    made: str = SIGNATURE.sign_hmac_sha1_with_client(base, client)
    return made == signed


@given(words, words, words, keys, st.integers(0, 2**33))
def test_every_signature_is_the_one_that_oauthlib_makes(
    consumer: str, token: str, secret: str, key: str, timestamp: int
) -> None:
    signer = Signer(consumer=Consumer(key, consumer), owner=Owner(token, secret))

    header = signer.headers("POST", URL, timestamp)["Authorization"]

    told = parts(header)
    assert verified(header, signer, URL)
    assert told["oauth_token"] == token
    assert told["oauth_timestamp"] == str(timestamp)
    assert told["oauth_signature_method"] == "HMAC-SHA1"
    assert told["oauth_version"] == "1.0"


@given(st.dictionaries(keys, words, min_size=1), keys)
def test_forms_and_queries_are_signed(form: dict[str, str], value: str) -> None:
    signer, url = Signer(consumer=CONSUMER, owner=OWNER), f"{URL}?b={value}&a=1"

    header = signer.headers("POST", url, 7, form=form)["Authorization"]

    assert verified(header, signer, url, list(form.items()))


def test_an_app_alone_signs_with_an_empty_token_secret() -> None:
    signer = Signer(consumer=CONSUMER)

    header = signer.headers("POST", URL, 7)["Authorization"]

    assert verified(header, signer, URL)
    assert "oauth_token" not in parts(header)


def test_the_steps_of_a_login_carry_callback_and_verifier() -> None:
    first = Signer(consumer=CONSUMER, callback="oob").headers("POST", URL, 7)
    last = Signer(consumer=CONSUMER, owner=OWNER, verifier="123456")

    assert parts(first["Authorization"])["oauth_callback"] == "oob"
    told = parts(last.headers("POST", URL, 7)["Authorization"])
    assert told["oauth_verifier"] == "123456"


def test_every_attempt_has_its_own_nonce() -> None:
    signer = Signer(consumer=CONSUMER, owner=OWNER)

    nonces = {
        parts(signer.headers("POST", URL, 7)["Authorization"])["oauth_nonce"]
        for _ in range(100)
    }

    assert len(nonces) == 100


@pytest.mark.parametrize(
    ("token", "user_id"),
    [
        ("370773112-GmHxMAgYyLbNEtIK", "370773112"),
        ("370773112-", None),
        ("370773112", None),
        ("abc-def", None),
        ("-def", None),
        ("١٢-def", None),
    ],
)
def test_an_owner_is_known_by_the_id_in_the_token(
    token: str, user_id: str | None
) -> None:
    owner = Owner(token, "s")

    assert owner.user_id == user_id
    assert str(owner) == f"owner {user_id or 'of an unknown account'}"


@pytest.mark.parametrize(
    "thing", [CONSUMER, OWNER, Signer(consumer=CONSUMER, owner=OWNER, verifier="9876")]
)
def test_nothing_that_is_secret_shows(thing: object) -> None:
    for text in (repr(thing), str(thing), f"{thing}"):
        for hidden in ("consumer&secret", "7-token", "token+secret", "9876"):
            assert hidden not in text
    with pytest.raises(TypeError):
        pickle.dumps(thing)


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: Consumer("key", ""), "secret"),
        (lambda: Owner("", "s"), "access_token"),
        (lambda: Owner("t", Secret("")), "access_token_secret"),
    ],
)
def test_an_empty_credential_is_named(make: Any, name: str) -> None:
    with pytest.raises(InvalidQuery, match=f"^{name} is empty"):
        make()
