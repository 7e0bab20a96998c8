"""Hostile servers, values and environments get nothing and change nothing."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any, Final
from urllib.parse import urlsplit

import attrs
import msgspec
import pytest
from starlette.applications import Starlette

import socialmetrics as sm
from socialmetrics.model import Draft, Topic
from socialmetrics.sandbox import faults
from socialmetrics.sandbox.exchange import Seen
from socialmetrics.sandbox.proxy import FaultProxy
from socialmetrics.sandbox.server import Running, serve
from socialmetrics_sprout import Sprout, field
from socialmetrics_sprout.sandbox import CREDENTIALS
from socialmetrics_sprout.sandbox.filters import parse
from socialmetrics_sprout.sandbox.refusal import Refusal
from tests.faults.pulls import (
    JANUARY,
    KINDS,
    MESSAGES,
    OAUTH,
    POSTS,
    Fetch,
    Kind,
    Known,
    settings,
)

# -- redirects -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def other() -> Iterator[FaultProxy]:
    """Another host, which writes down whatever arrives."""
    with serve(Starlette()) as running, FaultProxy(running.url) as proxy:
        yield proxy


PLACES: Final[tuple[Callable[[str], str], ...]] = (
    lambda url: url,
    lambda url: url.replace("http:", "https:") + "/v1/",
    lambda url: url.replace("//", "//user:password@"),
    lambda url: url.removeprefix("http:"),
    lambda url: url.replace("127.0.0.1", "localhost"),
    lambda url: "/elsewhere",
    lambda url: "http://xn--pi-3lc.example/",
    lambda url: "http://[::1",
    lambda url: "javascript:alert(1)",
    lambda url: "",
)


@pytest.mark.parametrize("code", [300, 301, 302, 303, 307, 308])
@pytest.mark.parametrize("place", PLACES)
def test_a_redirect_is_told_and_not_followed(
    place: Callable[[str], str], code: int, other: FaultProxy, fetch: Fetch
) -> None:
    fault = faults.redirect(place(other.url), code)
    fetch.proxy.strike(fault, where=MESSAGES.concerns)

    outcome = fetch(MESSAGES)

    assert type(outcome.error) is sm.Unreadable
    assert outcome.error.status == code
    assert outcome.requests == len(fetch.proxy.requests) == 1
    assert not other.requests
    assert "password" not in str(outcome.error)


def test_a_redirected_token_request_is_not_followed(
    other: FaultProxy, fetch: Fetch
) -> None:
    fetch.proxy.strike(faults.redirect(other.url, 307))

    outcome = fetch(POSTS, **OAUTH)

    assert isinstance(outcome.error, sm.SocialMetricsError)
    assert not other.requests
    assert len(fetch.proxy.requests) == 1


# -- what a caller may say -------------------------------------------------------------

HEAD: Final = re.compile(
    rb"(GET|POST) /[!-~]* HTTP/1\.1\r\n"
    rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+: [\x20-\x7e]*\r\n)+\r\n"
)
HEADERS: Final = {
    "host", "accept", "accept-encoding", "user-agent", "content-length",
    "content-type", "authorization", "connection",
}  # fmt: skip


def is_well_formed(seen: Seen) -> bool:
    return HEAD.fullmatch(seen.head) is not None and set(seen.headers) <= HEADERS


PIECES: Final = (
    "\r\n", "\n", "\r", "\0", "\x0b", "\x7f", "\x85", "\u2028", "\u202e", "\ud83d",
    "X-Evil: 1", "GET / HTTP/1.1", ")", "(", ",", "..", "...", ".eq(", "guid.gt(a)",
    '"', "'", "\u201c", "\\", "%0d%0a", "%00", "/", "/../", "?", "#", "@", ":",
    "{", "}",
    "{customer}", "*", " ", "\t", "\u00a0", "a", "1201", "é", "漢", "😀", "OR", "AND",
)  # fmt: skip


def values(seed: int, count: int) -> Iterator[str]:
    dice = Random(seed)  # noqa: S311 - no secret
    for _ in range(count):
        yield "".join(dice.choices(PIECES, k=dice.randint(1, 5)))


@attrs.frozen(kw_only=True)
class Asking:
    """Asks with one of both clients; tells whether anything was sent."""

    kind: Kind
    proxy: FaultProxy

    def __call__(
        self, ask: Callable[[Any], Any], **given: Any
    ) -> tuple[sm.SocialMetricsError | None, list[Seen]]:
        before, error = len(self.proxy.requests), None
        try:
            options = settings(self.proxy.url, given)
            if self.kind == "Client":
                with sm.connect(Sprout, **options) as client:
                    list(ask(client))
            else:
                asyncio.run(_ask(ask, options))
        except sm.SocialMetricsError as err:
            error = err
        return error, self.proxy.requests[before:]


async def _ask(ask: Callable[[Any], Any], options: dict[str, Any]) -> None:
    async with sm.connect_async(Sprout, **options) as client:
        async for _ in ask(client):
            pass


@pytest.fixture(params=KINDS)
def asking(request: pytest.FixtureRequest, proxy: FaultProxy) -> Asking:
    return Asking(kind=request.param, proxy=proxy)


def _given(ask: Callable[..., Any], *arguments: object) -> Callable[[Any], Any]:
    return lambda client: ask(client, *arguments)


def _messages(client: Any, known: Known, where: dict[str, list[str]]) -> Any:
    return client.messages(known.profiles[:1], JANUARY, where=where)


def _mentions(client: Any, topic: Topic, where: Sequence[object]) -> Any:
    return client.topic_messages(topic, JANUARY, where=where)


def written(seen: Seen) -> list[str]:
    return msgspec.convert(msgspec.json.decode(seen.body)["filters"], list[str])


@pytest.mark.parametrize("name", ["from.guid", "post_type", "tag_id", "group_id"])
def test_a_filter_means_what_was_said_or_is_refused(
    name: str, asking: Asking, known: Known
) -> None:
    asking.proxy.strike(faults.body(b'{"data":[]}'))
    sent = 0
    for value in values(len(name), 120):
        error, seen = asking(_given(_messages, known, {name: [value]}))

        if not seen:
            assert isinstance(error, sm.InvalidQuery) or name == "group_id"
            continue
        sent += 1
        assert all(map(is_well_formed, seen))
        try:
            filters = list(map(parse, written(seen[0])))
        except Refusal:  # The vendor would refuse it, whole.
            continue
        assert [one.field for one in filters] == list(
            dict.fromkeys(one.field for one in filters)
        )
        expected = {"customer_profile_id", "created_time", "group_id", name}
        assert {one.field for one in filters} <= expected
        (mine,) = (one for one in filters if one.field == name)
        assert (mine.operator, mine.arguments) == ("eq", value)
    assert sent or name == "group_id"


def test_a_listening_condition_means_what_was_said_or_is_refused(
    asking: Asking, known: Known
) -> None:
    asking.proxy.strike(faults.body(b'{"data":[]}'))
    for value in values(9, 120):
        try:
            where = [
                field("text").match_phrase(value),
                field("author").eq(value, value),
            ]
        except sm.InvalidQuery:
            continue

        _, seen = asking(_given(_mentions, known.topic, where))

        texts = [text for text in written(seen[0]) if not text.startswith("created")]
        assert texts[:2] == [
            f'text.match("{value}")',
            f"author.eq({value},{value})",
        ]
        assert not set(value) & set('(),"')
        assert len(texts) == 3


@pytest.mark.parametrize("what", ["customer_id", "topic", "token", "client_id"])
def test_an_id_or_token_is_one_well_formed_request_or_refused(
    what: str, asking: Asking, known: Known
) -> None:
    asking.proxy.strike(faults.status(404))
    sent = 0
    for value in values(len(what), 120):
        topic, given = known.topic, {}
        if what == "topic":
            topic = Topic(vendor_id=value, name="hostile")
        elif what == "client_id":
            given = {**OAUTH, what: value}
        else:
            given = {what: value}

        error, seen = asking(_given(_mentions, topic, ()), **given)

        assert error is not None
        assert len(seen) <= 1
        sent += len(seen)
        for one in seen:
            assert is_well_formed(one)
            path = urlsplit(one.path)
            assert path.path.count("/") == (4 if what == "client_id" else 6)
            assert not path.query
        if what == "token" and len(value) > 3:
            assert value not in str(error)
    assert sent


@pytest.mark.parametrize(
    "address",
    [
        "http://api.example",
        "http://10.0.0.1",
        "http://localhost.evil.example",
        "http://127.0.0.1.evil.example",
        "http://127.0.0.1@evil.example",
        "http://evil.example#127.0.0.1",
        "https://user:password@api.example",
        "https://api.example/?a=b",
        "https://api.example\r\nX-Evil: 1",
        "https://api.example /",
        "https://аpi.example",
        "ftp://api.example",
        "//api.example",
        "api.example",
        "https://",
        "https://[::1",
        "https://api.example:port",
        "",
    ],
)
@pytest.mark.parametrize("name", ["base_url", "auth_url"])
def test_an_address_that_would_give_secrets_away_is_refused(
    name: str, address: str, asking: Asking
) -> None:
    if not address:
        pytest.skip("an empty address is none: the vendor's own counts")

    error, seen = asking(lambda client: client.profiles(), **{name: address})

    assert isinstance(error, sm.InvalidQuery)
    assert "password" not in str(error)
    assert not seen


def test_a_draft_says_what_was_said(asking: Asking, known: Known) -> None:
    asking.proxy.strike(faults.status(400))
    for text in values(3, 60):
        draft = Draft(text=text, profiles=known.profiles[:1])

        error, seen = asking(_given(_once, draft))

        assert error is not None
        assert len(seen) <= 1
        for one in seen:
            assert is_well_formed(one)
            assert msgspec.json.decode(one.body)["text"] == text


def _once(client: Any, draft: Draft) -> Any:
    if isinstance(client, sm.Client):
        return [client.publish(draft)]

    async def one() -> Any:
        yield await client.publish(draft)

    return one()


# -- the environment -------------------------------------------------------------------


@pytest.fixture
def hostile_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, other: FaultProxy
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password secret-of-netrc\n", "utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".netrc").write_text(netrc.read_text("utf-8"), "utf-8")
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, other.url)
        monkeypatch.setenv(name.lower(), other.url)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)


@pytest.mark.usefixtures("hostile_environment")
@pytest.mark.parametrize("given", [{}, OAUTH])
def test_proxies_and_netrc_of_the_environment_are_not_read(
    given: dict[str, str], fetch: Fetch, other: FaultProxy, known: Known
) -> None:
    other.requests.clear()

    outcome = fetch(POSTS, **given)

    assert outcome.error is None
    assert not other.requests
    for seen in fetch.proxy.requests:
        told = seen.headers.get("authorization", "Bearer")
        assert told.startswith("Bearer")
        assert b"secret-of-netrc" not in seen.head + seen.body


def test_a_proxy_that_was_asked_for_is_used_and_its_password_hidden(
    asking: Asking, vendor: Running
) -> None:
    address = asking.proxy.url.replace("//", "//user:pass-of-proxy@")
    asking.proxy.strike(faults.status(407))

    error, seen = asking(
        lambda client: client.profiles(), base_url=vendor.url, proxy=address
    )

    (one,) = seen
    assert one.path.startswith(vendor.url)
    assert isinstance(error, sm.Rejected)
    shown = f"{error} {error!r} {vars(error)} {error.args}"
    assert "pass-of-proxy" not in shown
    assert CREDENTIALS["token"] not in shown
