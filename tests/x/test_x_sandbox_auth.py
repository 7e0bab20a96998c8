"""The simulated service believes only signatures and tokens that are right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from time import time
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from socialmetrics.model import Ref
from socialmetrics.sandbox.people import Account
from socialmetrics.sandbox.server import serve
from socialmetrics_x.sandbox import app
from socialmetrics_x.sandbox.keys import user_id
from tests.x.sandbox_calls import (
    ACME,
    BASE,
    CARE,
    FORM,
    KEYS,
    OWNERS,
    PATH,
    WORLD,
    Service,
    ask_for,
    ids,
    posts_of,
    service,
    signature,
)

BODY = ask_for(ids(posts_of(ACME)[:2]), ["favorites"])
OWN = ask_for(ids(posts_of(ACME)[:2]), ["impressions"])
URL = f"{BASE}{PATH}totals"


@pytest.fixture(scope="module")
def x() -> Iterator[Service]:
    with service() as running:
        yield running


def refused(answer: httpx.Response, reason: str) -> None:
    assert answer.status_code == 401
    text = f"Your account could not be authenticated. Reason: {reason}"
    assert answer.json() == {"errors": [text]}


def sent(x: Service, header: str, body: object = OWN) -> httpx.Response:
    return x.ask("totals", body, headers={"Authorization": header})


def test_an_owner_sees_private_metrics(x: Service) -> None:
    assert x.ask("totals", OWN, ACME).status_code == 200
    assert x.ask("28hr", OWN, ACME).status_code == 200
    assert x.ask("historical", OWN, ACME).status_code == 200


SIGNING: list[tuple[dict[str, Any], str]] = [
    ({"consumer_secret": "wrong"}, "Invalid signature"),
    ({"secret": "wrong"}, "Invalid signature"),
    ({"secret": OWNERS[CARE]}, "Invalid signature"),
    ({"key": "wrong"}, "Consumer key not found"),
    ({"token": "1067094-nobody"}, "Access token not found"),
    ({"token": "nobody"}, "Access token not found"),
    ({"signature_method": "PLAINTEXT"}, "Unsupported signature method"),
    ({"signature_method": "HMAC-SHA256"}, "Unsupported signature method"),
    ({"timestamp": "now"}, "Timestamp out of bounds"),
    ({"timestamp": "9" * 5000}, "Timestamp out of bounds"),
    ({"timestamp": "-5"}, "Timestamp out of bounds"),
    ({"timestamp": "٣"}, "Timestamp out of bounds"),
    ({"timestamp": str(int(time()) - 4000)}, "Timestamp out of bounds"),
    ({"timestamp": str(int(time()) + 4000)}, "Timestamp out of bounds"),
    ({"method": "GET"}, "Invalid signature"),
]


@pytest.mark.parametrize(("change", "reason"), SIGNING)
def test_wrong_signatures(x: Service, change: dict[str, Any], reason: str) -> None:
    signing = {"token": ACME, "secret": OWNERS[ACME], **change}

    refused(sent(x, signature(URL, **signing)), reason)


URLS = [
    "http://elsewhere/insights/engagement/totals",
    "http://sandbox:8080/insights/engagement/totals",
    "https://sandbox/insights/engagement/totals",
    "http://sandbox/insights/engagement/28hr",
    "http://sandbox/insights/engagement/totals/",
    "http://sandbox/insights/engagement/totals?page=1",
]


@pytest.mark.parametrize("url", URLS)
def test_another_address_than_the_one_that_was_signed(x: Service, url: str) -> None:
    refused(sent(x, signature(url)), "Invalid signature")


def test_the_usual_port_is_not_part_of_a_signature(x: Service) -> None:
    header = signature("http://SANDBOX:80/insights/engagement/totals")

    assert sent(x, header).status_code == 200


def test_a_query_is_part_of_a_signature(x: Service) -> None:
    url = f"{URL}?a=1&b=%20"
    headers = {"Authorization": signature(url)}

    right = x.send("POST", url, json=OWN, headers=headers)
    wrong = x.send(
        "POST", f"{url}&c=", json=OWN, headers={"Authorization": signature(url)}
    )

    assert right.status_code == 200
    refused(wrong, "Invalid signature")


HEADERS = [
    ("", "Unknown Authorization Type"),
    ("Basic abc", "Unknown Authorization Type"),
    ("OAuth2 abc", "Unknown Authorization Type"),
    ("OAuth", "Malformed Authorization header"),
    ("OAuth ", "Missing OAuth parameters"),
    ("OAuth oauth_nonce", "Malformed Authorization header"),
    ('OAuth oauth_nonce="a", oauth_nonce="b"', "Duplicate OAuth parameters"),
    ('OAuth realm="x"', "Missing OAuth parameters"),
]


@pytest.mark.parametrize(("header", "reason"), HEADERS)
def test_wrong_authorization(x: Service, header: str, reason: str) -> None:
    refused(sent(x, header), reason)


@given(st.text(st.characters(codec="latin-1", exclude_categories=["Cc"])))
def test_any_other_header_is_refused(said: str) -> None:
    header = f"OAuth {said}".strip().encode("latin-1")

    with service() as x:
        answer = x.send("POST", URL, json=BODY, headers={"Authorization": header})

    assert answer.status_code == 401


@pytest.mark.parametrize(
    "name",
    ["consumer_key", "nonce", "signature", "signature_method", "timestamp"],
)
def test_nothing_may_be_missing_from_the_header(x: Service, name: str) -> None:
    header = re.sub(rf'oauth_{name}="[^"]*",? ?', "", signature(URL))

    refused(sent(x, header.rstrip(", ")), "Missing OAuth parameters")


def test_an_empty_token_is_nobodys(x: Service) -> None:
    header = f'{signature(URL, None)}, oauth_token=""'

    refused(sent(x, header), "Access token not found")


def test_only_version_one_is_known(x: Service) -> None:
    header = signature(URL).replace('oauth_version="1.0"', 'oauth_version="2.0"')

    refused(sent(x, header), "Unsupported OAuth version")


def test_a_query_cannot_repeat_what_the_header_says(x: Service) -> None:
    answer = x.send(
        "POST",
        f"{URL}?oauth_nonce=1",
        json=OWN,
        headers={"Authorization": signature(f"{URL}?oauth_nonce=1")},
    )

    refused(answer, "Duplicate OAuth parameters")


def test_a_query_that_cannot_be_read(x: Service) -> None:
    headers = {"Authorization": signature(URL)}

    answer = x.send("POST", f"{URL}?%zz", json=OWN, headers=headers)

    refused(answer, "Malformed Authorization header")


def test_an_address_that_is_none(x: Service) -> None:
    headers = {"Host": "sandbox:99999", "Authorization": signature(URL)}

    refused(x.ask("totals", OWN, headers=headers), "Invalid signature")


def test_a_nonce_is_good_once_for_each_token(x: Service) -> None:
    more = {"nonce": "n1"}
    foreign = ask_for(ids(posts_of(CARE)[:2]), ["favorites"])

    first = sent(x, signature(URL, **more))
    again = sent(x, signature(URL, **more))
    later = sent(x, signature(URL, nonce="n1", timestamp=str(int(time()) + 9)))
    other = sent(x, signature(URL, CARE, **more), foreign)
    alone = sent(x, signature(URL, None, **more), BODY)

    assert first.status_code == other.status_code == alone.status_code == 200
    refused(again, "Nonce was used before")
    refused(later, "Nonce was used before")


def test_a_refused_signature_uses_up_no_nonce(x: Service) -> None:
    wrong = sent(x, signature(URL, nonce="n2", secret="wrong"))
    right = sent(x, signature(URL, nonce="n2"))

    assert (wrong.status_code, right.status_code) == (401, 200)


def test_old_nonces_are_forgotten() -> None:
    with time_machine.travel(1_700_000_000, tick=False) as travel, service() as x:
        first = sent(x, signature(URL, nonce="n3"))
        travel.shift(400)
        middle = sent(x, signature(URL, nonce="n4"))
        travel.shift(201)
        again = sent(x, signature(URL, nonce="n3"))
        used = sent(x, signature(URL, nonce="n4"))

    codes = [each.status_code for each in (first, middle, again, used)]
    assert codes == [200, 200, 200, 401]


def test_a_nonce_of_a_clock_that_is_fast_is_remembered_longer() -> None:
    early = {"nonce": "n5", "timestamp": "1700000300"}
    with time_machine.travel(1_700_000_000, tick=False) as travel, service() as x:
        first = sent(x, signature(URL, **early))
        travel.shift(599)
        again = sent(x, signature(URL, **early))

    assert first.status_code == 200
    refused(again, "Nonce was used before")


def test_the_clock_that_counts_is_the_servers() -> None:
    with time_machine.travel(1_700_000_000, tick=False), service(skew=-900) as x:
        wrong = sent(x, signature(URL))
        right = sent(x, signature(URL, timestamp="1699999400"))
        early = sent(x, signature(URL, timestamp="1699999401"))

    refused(wrong, "Timestamp out of bounds")
    assert right.status_code == 200
    refused(early, "Timestamp out of bounds")


def test_the_port_of_a_real_server_is_part_of_a_signature() -> None:
    with serve(app(WORLD)) as running:
        url = f"{running.url}{PATH}totals"
        told = {"Authorization": signature(url)}
        right = httpx.post(url, json=OWN, headers=told)
        wrong = httpx.post(url, json=OWN, headers={"Authorization": signature(URL)})

    assert right.status_code == 200
    assert right.headers["content-encoding"] == "gzip"
    assert len(right.headers.get_list("date")) == 1
    refused(wrong, "Invalid signature")


def test_without_a_token_the_app_signs_for_itself(x: Service) -> None:
    right = x.ask("totals", BODY, None)
    wrong = x.ask("totals", BODY, None, consumer_secret="wrong")

    assert right.status_code == 200
    refused(wrong, "Invalid signature")


def test_revoked_tokens_open_nothing() -> None:
    with service(revoked=[ACME.partition("-")[0]]) as x:
        dead = x.ask("totals", OWN, ACME)
        foreign = ask_for(ids(posts_of(CARE)[:2]), ["impressions"])
        alive = x.ask("totals", foreign, CARE)

    refused(dead, "Access token not found")
    assert alive.status_code == 200


# Bearer tokens.


def test_a_bearer_token_is_sent_as_it_came(x: Service) -> None:
    told = x.bearer().json()
    token = told["access_token"]

    fine = sent(x, f"Bearer {token}", BODY)
    decoded = sent(x, f"Bearer {unquote(token)}", BODY)

    assert told == {"token_type": "bearer", "access_token": token}
    assert re.fullmatch(r"A{22}\w+%2F\w+%3D%3D", token)
    assert fine.status_code == 200
    assert decoded.status_code == 401
    assert decoded.json() == {
        "errors": [{"code": 89, "message": "Invalid or expired token"}]
    }


def test_a_bearer_token_dies_and_is_replaced() -> None:
    with service(bearer_uses=2) as x:
        token = x.bearer().json()["access_token"]
        same = x.bearer().json()["access_token"]
        codes = [sent(x, f"Bearer {token}", BODY).status_code for _ in range(3)]
        fresh = x.bearer().json()["access_token"]
        after = sent(x, f"Bearer {fresh}", BODY).status_code
        still = sent(x, f"Bearer {token}", BODY).status_code

    assert codes == [200, 200, 401]
    assert token == same != fresh
    assert (after, still) == (200, 401)


PAIR = KEYS["consumer_key"], KEYS["consumer_secret"]
GRANTS: list[dict[str, Any]] = [
    {"auth": None},
    {"auth": (PAIR[0], "wrong")},
    {"auth": ("wrong", PAIR[1])},
    {"auth": None, "headers": {"Authorization": "Basic ???"}},
    {"auth": None, "headers": {"Authorization": "Basic \xe9"}},
    {"auth": None, "headers": {"Authorization": "Bearer abc"}},
    {"data": {}},
    {"data": {"grant_type": "password"}},
    {"data": None, "json": {"grant_type": "client_credentials"}},
]


@pytest.mark.parametrize("change", GRANTS)
def test_wrong_questions_for_a_bearer_token(x: Service, change: dict[str, Any]) -> None:
    headers = {
        name: value.encode("latin-1")
        for name, value in change.get("headers", {}).items()
    }

    answer = x.bearer(**{**change, "headers": headers})

    assert answer.status_code == 403
    assert answer.json()["errors"][0]["code"] == 99
    assert answer.headers["content-type"] == "application/json"


def test_a_form_is_the_only_kind_of_question(x: Service) -> None:
    answer = x.bearer(headers={"Content-Type": "text/plain"})

    assert answer.status_code == 403
    assert x.bearer(headers={"Content-Type": f"{FORM};charset=UTF-8"}).is_success


def test_accounts_whose_id_is_no_number_get_one() -> None:
    account = Account(
        index=0,
        ref=Ref("x", "acme"),
        name="Acme",
        handle=None,
        groups=(),
        customer=1,
        followers=0,
        reach=0,
        share=0,
    )

    assert re.fullmatch(r"9\d{10}", user_id(account))
    assert user_id(account) == user_id(account)
