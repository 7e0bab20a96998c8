"""An owner lets the app in: the steps by themselves, and with a simulated server."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Iterator
from datetime import timedelta
from traceback import TracebackException
from typing import TypeVar
from urllib.parse import parse_qs, urlencode, urlsplit

import attrs
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialmetrics.client import AsyncClient
from socialmetrics.errors import (
    AuthRefused,
    InvalidQuery,
    MissingCredential,
    PermissionDenied,
    RateLimited,
    Rejected,
    SocialMetricsError,
    Unavailable,
    Unreachable,
    Unreadable,
)
from socialmetrics.oauth1 import Consumer, Owner, Signer
from socialmetrics.sandbox import World
from socialmetrics.sandbox.server import serve
from socialmetrics.wire import Flow, Request
from socialmetrics_x import X
from socialmetrics_x.login import AUTH_URL, RequestToken
from socialmetrics_x.sandbox import app, credentials
from tests.conftest import AnyClient, Fetch
from tests.sprout.driving import NOW, result, script

T = TypeVar("T")

TOKEN, SECRET = "req-7f3a9c", "hush-51b2d8"
GIVEN, GIVEN_SECRET = "42-given9c1", "hush-given77"
BACK = "https://app.example/back?tab=2"
ASKED = {
    "oauth_token": TOKEN,
    "oauth_token_secret": SECRET,
    "oauth_callback_confirmed": "true",
}
ENDED = {
    "oauth_token": GIVEN,
    "oauth_token_secret": GIVEN_SECRET,
    "user_id": "42",
    "screen_name": "acme",
}
APP = X(consumer=Consumer("key", "app-hush-1"))
HIDDEN = (TOKEN, SECRET, GIVEN, GIVEN_SECRET, "app-hush-1")


def form(**told: str) -> bytes:
    return urlencode(told).encode()


def begun(callback: str = "oob") -> RequestToken:
    return result(APP.request_token(callback), script(form(**ASKED)))


def back(**told: str) -> str:
    return f"{BACK}&{urlencode(told)}"


def told_by(error: BaseException) -> str:
    """Everything that a traceback would show, with the frames' variables."""
    shown = TracebackException.from_exception(error, capture_locals=True)
    ours = [frame for frame in shown.stack if "/socialmetrics" in frame.filename]
    frames = [f"{frame.locals}" for frame in ours]
    return "".join([str(error), repr(error), *frames])


# -- step one --------------------------------------------------------------------------


@pytest.mark.parametrize("callback", ["oob", BACK, "http://127.0.0.1:8734/"])
def test_a_login_begins_with_a_signed_request(callback: str) -> None:
    seen: list[Request] = []

    def server(request: Request) -> object:
        seen.append(request)
        return form(**ASKED)

    token = result(APP.request_token(callback), server)

    [request] = seen
    assert (request.method, request.path) == ("POST", "/oauth/request_token")
    assert (request.host, request.safe) == ("auth", True)
    assert request.credential == Signer(
        consumer=Consumer("key", "app-hush-1"), callback=callback
    )
    assert token.callback == callback
    assert token.address == f"{AUTH_URL}/oauth/authorize?oauth_token={TOKEN}"
    assert (token.token.reveal(), token.secret.reveal()) == (TOKEN, SECRET)


def test_a_token_is_written_into_the_address_as_addresses_want_it() -> None:
    flow = APP.request_token()

    token = result(flow, script(form(**{**ASKED, "oauth_token": "a/b&c"})))

    assert token.address == f"{AUTH_URL}/oauth/authorize?oauth_token=a%2Fb%26c"
    assert X.auth_url == AUTH_URL


def test_what_has_begun_shows_no_secret() -> None:
    shown = repr(begun())

    assert "oob" in shown
    assert [secret for secret in HIDDEN if secret in shown] == []


@pytest.mark.parametrize(
    "callback",
    [
        "",
        "OOB",
        "myapp://back",
        "app.example/back",
        "https://",
        "http://[",
        "https://app.example/a b",
        "https://app.example/ä",
        "https://app.example/\n",
        "https://app.example/#there",
    ],
)
def test_a_callback_must_be_an_address(callback: str) -> None:
    with pytest.raises(InvalidQuery, match=r"callback=.*'oob'"):
        result(APP.request_token(callback), script())


def test_a_login_needs_the_app_s_keys() -> None:
    alone = X()

    with pytest.raises(MissingCredential, match="consumer_key and consumer_secret"):
        result(alone.request_token(), script())
    with pytest.raises(MissingCredential, match="consumer_key and consumer_secret"):
        result(alone.access_token(begun(), "1234567"), script())


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "no good oauth_token, oauth_token_secret, oauth_callback_confirmed"),
        (b"\xff\xfe", "no good oauth_token,"),
        (b'{"oauth_token": "req-7f3a9c"}', "no good oauth_token,"),
        (form(**{**ASKED, "oauth_token": ""}), "no good oauth_token;"),
        (form(**{**ASKED, "oauth_token": "a b"}), "no good oauth_token;"),
        (form(**{**ASKED, "oauth_token_secret": "a:b"}), "no good oauth_token_secret;"),
        (form(**{**ASKED, "oauth_token_secret": "a,b"}), "no good oauth_token_secret;"),
        (form(**ASKED) + b"&oauth_token=req-2", "no good oauth_token;"),
        (form(**ASKED) + b"&a=b" * 60, "no good oauth_token,"),
        (form(**{**ASKED, "oauth_callback_confirmed": "false"}), "does not confirm"),
    ],
)
def test_what_is_no_request_token_is_unreadable(body: bytes, problem: str) -> None:
    with pytest.raises(Unreadable, match=problem) as caught:
        result(APP.request_token(), script(body))

    assert caught.value.operation == "oauth/request_token"
    assert [secret for secret in HIDDEN if secret in told_by(caught.value)] == []


# -- step two --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "verifier"),
    [
        ("1234567", "1234567"),
        (" 0123456\n", "0123456"),
        (back(oauth_token=TOKEN, oauth_verifier="V-1/2 3"), "V-1/2 3"),
        (f"?oauth_verifier=V&oauth_token={TOKEN}", "V"),
    ],
)
def test_an_answer_proves_the_yes(answer: str, verifier: str) -> None:
    assert begun().verifier(answer) == verifier


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ("", "neither a PIN"),
        ("hush-51b2d8", "neither a PIN"),
        ("12 34", "neither a PIN"),
        ("٣٤٥", "neither a PIN"),
        ("1" * 21, "neither a PIN"),
        (BACK, "neither a PIN"),
        ("http://[hush-51b2d8", "neither a PIN"),
        ("http://a.example/?oauth_token=\ud800", "neither a PIN"),
        (back(oauth_token=TOKEN), "neither a PIN"),
        (back(oauth_verifier="hush-51b2d8"), "neither a PIN"),
        (back(oauth_token=TOKEN, oauth_verifier="V") + "&oauth_verifier=W", "neither"),
        (back(oauth_token="hush-51b2d8", oauth_verifier="V"), "of another login"),
        (back(oauth_token=TOKEN, oauth_verifier="V") + "&oauth_token=b", "another"),
        (back(denied="other"), "neither a PIN"),
    ],
)
def test_any_other_answer_is_refused_and_not_shown(answer: str, problem: str) -> None:
    with pytest.raises(InvalidQuery, match=problem) as caught:
        begun().verifier(answer)

    assert "hush-51b2d8" not in str(caught.value)


def test_a_no_is_told_as_one() -> None:
    with pytest.raises(PermissionDenied, match="did not let the app in"):
        begun(BACK).verifier(back(denied=TOKEN))


@given(st.text())
def test_any_text_is_an_answer_or_refused(text: str) -> None:
    try:
        verifier = begun().verifier(text)
    except InvalidQuery:
        return
    assert verifier


# -- step three ------------------------------------------------------------------------


def test_a_login_ends_with_the_owner_s_token() -> None:
    seen: list[Request] = []

    def server(request: Request) -> object:
        seen.append(request)
        return form(**ENDED, more="1")

    ended = result(APP.access_token(begun(), "1234567"), server)

    [request] = seen
    assert (request.method, request.path) == ("POST", "/oauth/access_token")
    assert request.host == "auth"
    assert request.credential == Signer(
        consumer=Consumer("key", "app-hush-1"),
        owner=Owner(TOKEN, SECRET),
        verifier="1234567",
    )
    assert ended.owner == Owner(GIVEN, GIVEN_SECRET)
    assert (ended.user_id, ended.screen_name) == ("42", "acme")
    assert [secret for secret in HIDDEN if secret in repr(ended)] == []


def test_a_token_need_not_begin_with_the_user_id() -> None:
    answer = form(**{**ENDED, "oauth_token": "opaque"})

    ended = result(APP.access_token(begun(), "1234567"), script(answer))

    assert (ended.owner.user_id, ended.user_id) == (None, "42")


def test_a_blank_verifier_is_not_sent() -> None:
    with pytest.raises(InvalidQuery, match="verifier is empty"):
        result(APP.access_token(begun(), " "), script())


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (form(**{**ENDED, "user_id": "43"}), "user_id is another one"),
        (form(**{**ENDED, "screen_name": ""}), "no good screen_name;"),
        (form(**{**ENDED, "user_id": "4 2"}), "no good user_id;"),
        (form(**ASKED), "no good user_id, screen_name;"),
    ],
)
def test_what_is_no_access_token_is_unreadable(body: bytes, problem: str) -> None:
    with pytest.raises(Unreadable, match=problem) as caught:
        result(APP.access_token(begun(), "1234567"), script(body))

    assert caught.value.operation == "oauth/access_token"
    assert [secret for secret in HIDDEN if secret in told_by(caught.value)] == []


@given(st.binary())
def test_any_bytes_are_a_login_or_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        result(APP.access_token(begun(), "1234567"), script(body))


# -- refusals --------------------------------------------------------------------------


def failure(
    kind: type[SocialMetricsError], status: int | None, code: str | None = None
) -> SocialMetricsError:
    """As the engine raises it, with the server's words."""
    return kind(
        f"oauth_token={GIVEN}",
        vendor="x",
        operation="o",
        status=status,
        code=code,
        request_id="r-1",
        told=GIVEN,
    )


@pytest.mark.parametrize(
    ("kind", "status", "code", "first", "third"),
    [
        (AuthRefused, 401, "32", "consumer_key and consumer_secret", "wrong or used"),
        (AuthRefused, 401, None, "consumer_key and consumer_secret", "wrong or used"),
        (AuthRefused, 401, "135", "clock is wrong", "clock is wrong"),
        (PermissionDenied, 403, "415", "no such callback", "no such callback"),
        (PermissionDenied, 403, "416", "suspended", "suspended"),
        (PermissionDenied, 403, "417", "takes no callback", "takes no callback"),
        (Rejected, 400, "215", "refuses this step", "refuses this step"),
        (Unavailable, 503, None, "server fails", "server fails"),
        (Unavailable, 503, "135", "server fails", "server fails"),
    ],
)
def test_a_refusal_is_told_in_our_words(
    kind: type[SocialMetricsError],
    status: int,
    code: str | None,
    first: str,
    third: str,
) -> None:
    with pytest.raises(kind, match=first) as one:
        result(APP.request_token(), script(failure(kind, status, code)))
    with pytest.raises(kind, match=third) as three:
        result(APP.access_token(begun(), "1"), script(failure(kind, status, code)))

    for error in (one.value, three.value):
        assert isinstance(error, SocialMetricsError)
        assert (error.status, error.code) == (status, code)
        assert (error.vendor, error.request_id) == ("x", "r-1")
        assert (error.__cause__, error.__context__, error.told) == (None, None, None)
        assert GIVEN not in told_by(error)


def test_a_code_that_is_no_number_is_not_told() -> None:
    refusal = failure(AuthRefused, 401, GIVEN)

    with pytest.raises(AuthRefused) as caught:
        result(APP.request_token(), script(refusal))

    assert caught.value.code is None
    assert GIVEN not in told_by(caught.value)


def test_how_long_to_wait_is_kept() -> None:
    later = NOW + timedelta(minutes=3)
    limited = RateLimited(f"oauth_token={GIVEN}", retry_at=later, status=429)

    with pytest.raises(RateLimited, match="refuses this step") as caught:
        result(APP.request_token(), script(limited))

    assert caught.value.retry_at == later


def test_what_is_no_answer_is_told_as_it_is() -> None:
    lost = Unreachable("no connection", vendor="x")

    with pytest.raises(Unreachable, match="no connection") as caught:
        result(APP.request_token(), script(lost))

    assert caught.value is lost


# -- over the wire, with signatures that somebody else checks --------------------------


@attrs.frozen
class Site:
    """A simulated X, and the person who has an account there."""

    url: str
    keys: dict[str, str]

    @property
    def owner(self) -> Owner:
        token, _, secret = self.keys["owners"].split(",")[0].partition(":")
        return Owner(token, secret)

    def by(self, fetch: Fetch) -> Fetch:
        return fetch.by(
            "x",
            base_url=self.url,
            auth_url=self.url,
            consumer_key=self.keys["consumer_key"],
            consumer_secret=self.keys["consumer_secret"],
        )

    def open(self, address: str, **told: str) -> httpx.Response:
        """Says yes on the page at that address, or what else is told."""
        user = self.owner.user_id
        token = parse_qs(urlsplit(address).query)["oauth_token"][0]
        params = {"oauth_token": token, **(told or {"account": str(user)})}
        return httpx.get(f"{self.url}/oauth/authorize", params=params)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    world = World(scale=0.01)
    with serve(app(world)) as running:
        yield Site(running.url, credentials(world))


async def run(client: AnyClient, callback: str, site: Site, **told: str) -> Owner:
    """A whole login; `told` is what the person says instead of yes."""
    adapter = client.adapter
    assert isinstance(adapter, X)
    begun = await ran(client, adapter.request_token(callback))
    assert begun.address.startswith(f"{site.url}/oauth/authorize?")
    page = site.open(begun.address, **told)
    pin = re.search(r"<code>(\d+)</code>", page.text)
    answer = pin[1] if pin else page.headers.get("location", "7654321")
    end = adapter.access_token(begun, begun.verifier(answer))
    ended = await ran(client, end)
    assert (ended.user_id, ended.screen_name) == (site.owner.user_id, "acme")
    return ended.owner


async def ran(client: AnyClient, flow: Flow[T]) -> T:
    if isinstance(client, AsyncClient):
        return await client.run(flow)
    return client.run(flow)


def logged_in(fetch: Fetch, site: Site, callback: str, **told: str) -> Owner:
    def whole(client: AnyClient) -> Owner | Awaitable[Owner]:
        return run(client, callback, site, **told)

    return site.by(fetch).value(whole)


@pytest.mark.parametrize("callback", ["oob", BACK])
def test_a_whole_login(fetch: Fetch, site: Site, callback: str) -> None:
    owner = logged_in(fetch, site, callback)

    assert owner == site.owner


def test_somebody_says_no(fetch: Fetch, site: Site) -> None:
    with pytest.raises(PermissionDenied, match="did not let the app in"):
        logged_in(fetch, site, BACK, deny="1")


def test_a_wrong_pin_is_refused(fetch: Fetch, site: Site) -> None:
    with pytest.raises(AuthRefused, match="wrong or used PIN: begin again") as caught:
        logged_in(fetch, site, "oob", wait="1")

    assert (caught.value.status, caught.value.code) == (401, "32")


def test_wrong_keys_of_the_app_are_refused(fetch: Fetch, site: Site) -> None:
    wrong = attrs.evolve(site, keys={**site.keys, "consumer_secret": "app-hush-1"})

    with pytest.raises(AuthRefused, match="consumer_key and consumer_secret") as caught:
        logged_in(fetch, wrong, "oob")

    assert "app-hush-1" not in told_by(caught.value)


def test_a_wrong_clock_is_set_right_on_the_way(fetch: Fetch) -> None:
    world = World(scale=0.01)
    with serve(app(world, skew=-3600)) as running:
        late = Site(running.url, credentials(world))

        owner = logged_in(fetch, late, "oob")

    assert owner == late.owner
