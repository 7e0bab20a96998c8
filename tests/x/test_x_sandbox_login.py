"""An account lets the app in, in three steps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import pytest

from socialmetrics_x.sandbox import login
from tests.x.sandbox_calls import (
    ACME,
    BASE,
    FORM,
    OWNERS,
    Service,
    ask_for,
    ids,
    posts_of,
    service,
    signature,
)

USER = ACME.partition("-")[0]
HOME = "http://localhost:3005/back?service=11"


@pytest.fixture(scope="module")
def x() -> Iterator[Service]:
    with service() as running:
        yield running


def step(x: Service, name: str, token: str | None, **more: Any) -> httpx.Response:
    path = f"/oauth/{name}"
    body = more.pop("body", None)
    headers = {"Authorization": signature(f"{BASE}{path}", token, **more)}
    return x.send("POST", path, headers=headers, data=body)


def begun(x: Service, callback: str = "oob") -> dict[str, str]:
    return dict(parse_qsl(step(x, "request_token", None, callback_uri=callback).text))


def agreed(x: Service, token: str, **more: str) -> httpx.Response:
    params = {"oauth_token": token, **more}
    return x.send("GET", "/oauth/authorize", params=params)


def ended(x: Service, told: dict[str, str], verifier: str | None) -> httpx.Response:
    more = {"secret": told["oauth_token_secret"]}
    if verifier is not None:
        more["verifier"] = verifier
    return step(x, "access_token", told["oauth_token"], **more)


def pin_of(page: httpx.Response) -> str:
    found = re.search(r"<code>(\d{7})</code>", page.text)
    assert found
    return found[1]


def refused(answer: httpx.Response, status: int, code: int) -> None:
    assert answer.status_code == status
    assert [error["code"] for error in answer.json()["errors"]] == [code]


def test_a_login_by_pin(x: Service) -> None:
    told = begun(x)
    page = agreed(x, told["oauth_token"], account=USER)
    answer = ended(x, told, pin_of(page))

    assert told["oauth_callback_confirmed"] == "true"
    assert answer.headers["content-type"].startswith(FORM)
    assert dict(parse_qsl(answer.text)) == {
        "oauth_token": ACME,
        "oauth_token_secret": OWNERS[ACME],
        "user_id": USER,
        "screen_name": "acme",
    }


def test_a_login_by_callback(x: Service) -> None:
    told = begun(x, HOME)
    back = x.send(
        "POST",
        "/oauth/authorize",
        data={"oauth_token": told["oauth_token"], "account": USER},
    )
    address = urlsplit(back.headers["location"])
    query = parse_qs(address.query)
    answer = ended(x, told, query["oauth_verifier"][0])

    assert back.status_code == 302
    assert back.headers["location"].startswith(f"{HOME}&")
    assert query["service"] == ["11"]
    assert query["oauth_token"] == [told["oauth_token"]]
    assert answer.is_success


def test_a_callback_without_a_query_gets_one(x: Service) -> None:
    told = begun(x, "https://app.example/back")

    back = agreed(x, told["oauth_token"], account=USER)

    assert back.headers["location"].startswith("https://app.example/back?oauth_token=")


def test_the_verifier_can_come_as_a_form(x: Service) -> None:
    told = begun(x)
    pin = pin_of(agreed(x, told["oauth_token"], account=USER))
    path, form = "/oauth/access_token", f"oauth_verifier={pin}"
    form_headers = {"Content-Type": FORM}
    header = signature(
        f"{BASE}{path}",
        told["oauth_token"],
        secret=told["oauth_token_secret"],
        verifier=pin,
    )
    inside = re.sub(r', oauth_verifier="\d+"', "", header)

    doubled = x.send(
        "POST", path, content=form, headers={"Authorization": header, **form_headers}
    )
    fine = x.send(
        "POST", path, content=form, headers={"Authorization": inside, **form_headers}
    )

    refused(doubled, 401, 215)
    assert fine.is_success


def test_the_page_asks_which_account(x: Service) -> None:
    told = begun(x)

    page = agreed(x, told["oauth_token"])
    wrong = agreed(x, told["oauth_token"], account="1")

    assert (page.status_code, wrong.status_code) == (200, 400)
    assert page.headers["content-type"].startswith("text/html")
    assert page.text == wrong.text
    assert page.text.count('type="radio"') == len(OWNERS)
    assert f'value="{told["oauth_token"]}"' in page.text


def test_somebody_can_say_no(x: Service) -> None:
    told, other = begun(x, HOME), begun(x)

    back = agreed(x, told["oauth_token"], deny="1")
    page = agreed(x, other["oauth_token"], deny="1")

    assert back.headers["location"] == f"{HOME}&denied={told['oauth_token']}"
    assert (page.status_code, "not let in" in page.text) == (200, True)
    refused(ended(x, told, "1234567"), 401, 89)
    assert agreed(x, other["oauth_token"]).status_code == 403


def test_a_request_token_is_good_once(x: Service) -> None:
    told = begun(x)
    pin = pin_of(agreed(x, told["oauth_token"], account=USER))

    again = agreed(x, told["oauth_token"], account=USER)
    first, second = ended(x, told, pin), ended(x, told, pin)

    assert again.status_code == 403
    assert first.is_success
    refused(second, 401, 89)


def test_a_wrong_pin_can_be_typed_again(x: Service) -> None:
    told = begun(x)
    pin = pin_of(agreed(x, told["oauth_token"], account=USER))

    refused(ended(x, told, "x"), 401, 32)
    refused(ended(x, told, None), 401, 32)
    assert ended(x, told, pin).is_success


def test_nobody_gets_in_before_somebody_agreed(x: Service) -> None:
    refused(ended(x, begun(x), None), 401, 32)
    refused(ended(x, begun(x), "None"), 401, 32)


def test_the_steps_have_to_be_signed(x: Service) -> None:
    told = begun(x)
    pin = pin_of(agreed(x, told["oauth_token"], account=USER))
    first = step(x, "request_token", None, callback_uri="oob", consumer_secret="no")
    late = step(x, "request_token", None, callback_uri="oob", timestamp="1")
    bare = x.send("POST", "/oauth/request_token")
    wrong = ended(x, {**told, "oauth_token_secret": "wrong"}, pin)

    refused(first, 401, 32)
    refused(late, 401, 135)
    refused(bare, 401, 215)
    refused(wrong, 401, 32)


@pytest.mark.parametrize(
    "callback",
    [
        None,
        "myapp://back",
        "localhost",
        "http://",
        "http://[",
        "OOB",
        "ftp://a.example",
    ],
)
def test_wrong_callbacks(x: Service, callback: str | None) -> None:
    answer = step(x, "request_token", None, callback_uri=callback)

    refused(answer, 403, 415)


def test_unknown_request_tokens_lead_nowhere(x: Service) -> None:
    assert agreed(x, "unknown").status_code == 403
    assert x.send("GET", "/oauth/authorize").status_code == 403
    refused(
        ended(x, {"oauth_token": "unknown", "oauth_token_secret": ""}, "1"), 401, 89
    )


def test_old_attempts_are_forgotten(
    x: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login, "_MOST_KEPT", 3)
    with service() as fresh:
        tokens = [begun(fresh)["oauth_token"] for _ in range(4)]
        codes = [agreed(fresh, token).status_code for token in tokens]

    assert codes == [403, 200, 200, 200]
    assert len(set(tokens)) == 4


def test_an_account_that_was_locked_out_gets_a_new_token() -> None:
    body = ask_for(ids(posts_of(ACME)[:1]), ["impressions"])
    with service(revoked=[USER]) as x:
        told = [begun(x), begun(x)]
        pins = [pin_of(agreed(x, one["oauth_token"], account=USER)) for one in told]
        given = [
            dict(parse_qsl(ended(x, one, pin).text))
            for one, pin in zip(told, pins, strict=True)
        ]
        token, secret = given[0]["oauth_token"], given[0]["oauth_token_secret"]
        dead = x.ask("totals", body, ACME)
        alive = x.ask("totals", body, token, secret=secret)

    assert given[0] == given[1]
    assert token != ACME
    assert token.startswith(f"{USER}-")
    assert (dead.status_code, alive.status_code) == (401, 200)
