"""Whatever happens on the way: the figures are the truth, or the error has a name."""

from __future__ import annotations

import gzip
import logging
import traceback
from collections.abc import Callable, Iterator
from typing import Any, Final

import attrs
import pytest

import socialmetrics as sm
from socialmetrics.plan import By
from socialmetrics.sandbox import faults
from socialmetrics.sandbox.exchange import Answer, Exchange, Fault, Seen
from socialmetrics.sandbox.proxy import FaultProxy
from tests.conftest import Fetch
from tests.x.haste_x import haste
from tests.x.sandbox_calls import ACME, KEYS, PATH, WORLD, ids, posts_of
from tests.x.serving_x import ACME_ID, PAIRS, Simulated, simulated
from tests.x.truths_x import HOUR, Truth, check_steps, check_totals, refs, steps

NOW: Final = WORLD.now
POSTS: Final = ids(posts_of(ACME)[:27])
NAMES: Final = ["impressions"]
HOURS: Final = sm.Window(NOW - 9 * HOUR, NOW - 3 * HOUR)
RECENT: Final = sm.Window(NOW - 28 * HOUR, NOW)
SECRETS: Final = (
    KEYS["consumer_secret"],
    *(part for pair in PAIRS.values() for part in pair.split(":")),
)


@attrs.frozen
class Question:
    """One endpoint: how it is asked, and whether an answer is the truth."""

    endpoint: str
    window: sm.Window | None
    by: By | None

    def __str__(self) -> str:
        return self.endpoint

    def concerns(self, seen: Seen) -> bool:
        """Whether that request is one of this question's."""
        return seen.path == f"{PATH}{self.endpoint}"

    def check(self, series: sm.MetricSeries) -> None:
        """Asserts that everything is there, once, and true."""
        if self.by is None:
            check_totals(series, POSTS, NAMES, Truth())
            return
        hours = list(steps(self.window or RECENT, self.by, NOW))
        check_steps(series, POSTS, NAMES, hours, Truth())


QUESTIONS: Final = (
    Question("totals", None, None),
    Question("28hr", None, "hour"),
    Question("historical", HOURS, "hour"),
)
each_question = pytest.mark.parametrize("question", QUESTIONS, ids=str)


@pytest.fixture(autouse=True, scope="module")
def quick(untraced: None) -> None:
    """Whole pulls, many times: coverage is measured elsewhere."""


@pytest.fixture(autouse=True)
def hasty() -> Iterator[None]:
    """Nobody waits before the next try."""
    with haste():
        yield


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Simulated, FaultProxy]]:
    """The service behind a proxy. Requests are signed for the proxy's address."""
    with simulated() as vendor, FaultProxy(vendor.url) as proxy:
        vendor.front.host = proxy.url.removeprefix("http://")
        yield Simulated(proxy.url, vendor.front), proxy


@pytest.fixture
def vendor(running: tuple[Simulated, FaultProxy]) -> Simulated:
    return running[0]


@pytest.fixture
def proxy(running: tuple[Simulated, FaultProxy]) -> FaultProxy:
    vendor, found = running
    found.calm()
    found.requests.clear()
    vendor.front.calls.clear()
    return found


def figures(
    fetch: Fetch, vendor: Simulated, question: Question, **given: Any
) -> sm.MetricSeries:
    settings = {"owners": (ACME_ID,), "concurrency": 1, **given}
    asked = fetch.by("x", **vendor.settings(**settings))
    window, by = question.window, question.by
    return asked.value(lambda c: c.metrics(refs(POSTS), NAMES, window, by=by))


def truncated_gzip() -> Fault:
    """Half of the compressed bytes, in a correct envelope."""

    def half(answer: Answer) -> Answer:
        packed = gzip.compress(gzip.decompress(answer.body))
        return answer.with_body(packed[: len(packed) // 2])

    return faults.changed("truncated_gzip", half)


def not_gzip() -> Fault:
    """A plain page that says it is compressed."""
    return faults.changed("not_gzip", lambda a: a.with_body(b"<html>proxy</html>"))


def lost_answer() -> Fault:
    """The request arrives, its answer never does."""

    async def act(exchange: Exchange) -> None:
        await exchange.fetch()
        await exchange.close()

    return Fault("lost_answer", act)


def sent_twice() -> Fault:
    """A proxy that sends a signed request again by itself."""

    async def act(exchange: Exchange) -> None:
        await exchange.fetch()
        await exchange.write((await exchange.fetch()).whole())

    return Fault("sent_twice", act)


def plain() -> Fault:
    """A gateway that has unpacked the answer."""

    def unpacked(answer: Answer) -> Answer:
        kept = tuple(h for h in answer.headers if h[0].lower() != "content-encoding")
        body = gzip.decompress(answer.body)
        return attrs.evolve(answer, headers=kept, body=body)

    return faults.changed("plain", unpacked)


UNREADABLE: Final = sm.Unreadable
TABLE: Final[dict[str, tuple[Callable[[], Fault], type[sm.SocialMetricsError]]]] = {
    "a reset in the body": (faults.reset_mid_body, sm.Unreachable),
    "an end in the body": (faults.fin_mid_body, sm.Unreachable),
    "an end before the answer": (faults.close_before_answer, sm.Unreachable),
    "an answer that is lost": (lost_answer, sm.Unreachable),
    "HTTP 503": (lambda: faults.status(503), sm.Unavailable),
    "HTTP 500 in the API's words": (
        lambda: faults.status(500, b'{"errors":["internal server error"]}'),
        sm.Unavailable,
    ),
    "a login page": (faults.html_200, UNREADABLE),
    "nothing": (faults.empty_200, UNREADABLE),
    "half of the gzip": (truncated_gzip, UNREADABLE),
    "no gzip at all": (not_gzip, UNREADABLE),
    "half of the JSON": (lambda: faults.body(b'{"figures": {"1'), UNREADABLE),
    "a list": (lambda: faults.body(b"[]"), UNREADABLE),
    "no figures": (lambda: faults.body(b"{}"), sm.Incomplete),
    "an error in a good answer": (
        lambda: faults.body(b'{"errors": ["internal server error"]}'),
        sm.Incomplete,
    ),
}
each_fault = pytest.mark.parametrize("fault", TABLE)


@each_question
@each_fault
def test_what_goes_wrong_once_does_not_change_a_figure(
    fault: str, question: Question, fetch: Fetch, vendor: Simulated, proxy: FaultProxy
) -> None:
    make, _ = TABLE[fault]
    proxy.strike(make(), requests={1}, where=question.concerns)

    series = figures(fetch, vendor, question)

    question.check(series)
    most = 25 if question.by else 250
    assert sum(map(question.concerns, proxy.requests)) == -(-len(POSTS) // most) + 1


@each_question
@each_fault
def test_what_goes_wrong_for_ever_has_a_name_and_shows_no_secret(
    fault: str,
    question: Question,
    fetch: Fetch,
    vendor: Simulated,
    proxy: FaultProxy,
    caplog: pytest.LogCaptureFixture,
) -> None:
    make, kind = TABLE[fault]
    proxy.strike(make(), where=question.concerns)

    with caplog.at_level(logging.DEBUG), pytest.raises(kind) as caught:
        figures(fetch, vendor, question, retry=sm.Retry(tries=3, first=0.001))

    assert caught.value.vendor == "x"
    assert caught.value.operation == f"insights/engagement/{question.endpoint}"
    whole = "".join(traceback.format_exception(caught.value))
    told = [whole, repr(vars(caught.value)), caplog.text]
    assert not [secret for secret in SECRETS if secret in "".join(told)]
    assert len(proxy.requests) <= 3


@each_question
def test_a_client_waits_for_the_limit_of_others(
    question: Question, fetch: Fetch, vendor: Simulated, proxy: FaultProxy
) -> None:
    words = b'{"errors":["Your app is over its rate limit per minute"]}'
    limited = faults.status(429, words, [("Retry-After", "0")])
    proxy.strike(limited, requests={1, 2}, where=question.concerns)

    series = figures(fetch, vendor, question)

    question.check(series)


@each_question
def test_a_limit_beyond_our_patience_has_a_name(
    question: Question, fetch: Fetch, vendor: Simulated, proxy: FaultProxy
) -> None:
    proxy.strike(faults.retry_after("86400"), where=question.concerns)

    with pytest.raises(sm.RateLimited) as caught:
        figures(fetch, vendor, question)

    assert caught.value.retry_at is not None
    assert len(proxy.requests) == 1


@each_question
def test_an_answer_that_was_unpacked_on_its_way_is_read(
    question: Question, fetch: Fetch, vendor: Simulated, proxy: FaultProxy
) -> None:
    proxy.strike(plain(), where=question.concerns)

    question.check(figures(fetch, vendor, question))


@each_question
def test_a_slow_answer_is_waited_for_as_long_as_was_said(
    question: Question, fetch: Fetch, vendor: Simulated, proxy: FaultProxy
) -> None:
    proxy.strike(faults.late(0.2), where=question.concerns)

    question.check(figures(fetch, vendor, question, timeout=20))


def test_an_answer_that_is_too_slow_has_a_name(
    fetch: Fetch, vendor: Simulated, proxy: FaultProxy
) -> None:
    totals = QUESTIONS[0]
    proxy.strike(faults.silent(), where=totals.concerns)

    with pytest.raises(sm.Unreachable):
        figures(fetch, vendor, totals, timeout=0.3)


# -- signatures ------------------------------------------------------------------------


@each_question
def test_every_attempt_has_a_nonce_of_its_own(
    question: Question, fetch: Fetch, vendor: Simulated, proxy: FaultProxy
) -> None:
    proxy.strike(lost_answer(), requests={1, 2}, where=question.concerns)

    series = figures(fetch, vendor, question)

    question.check(series)
    nonces = [call.nonce for call in vendor.front.asked]
    assert len(nonces) == len(set(nonces)) >= 3
    assert vendor.front.answered(401) == 0


def test_a_request_that_a_proxy_repeats_is_refused_by_name(
    fetch: Fetch, vendor: Simulated, proxy: FaultProxy
) -> None:
    totals = QUESTIONS[0]
    proxy.strike(sent_twice(), where=totals.concerns)

    with pytest.raises(sm.AuthRefused, match="Nonce was used before"):
        figures(fetch, vendor, totals)


# -- the app's bearer token ------------------------------------------------------------


def _is_token(seen: Seen) -> bool:
    return seen.path == "/oauth2/token"


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (faults.html_200, sm.Unreadable),
        (lambda: faults.status(503), sm.Unavailable),
        (faults.close_before_answer, sm.Unreachable),
        (lambda: faults.status(403, b'{"errors":[{"code":99}]}'), sm.AuthRefused),
        (lambda: faults.body(b'{"token_type":"bearer"}'), sm.Unreadable),
    ],
)
def test_a_bearer_token_that_cannot_be_fetched_has_a_name(
    make: Callable[[], Fault],
    kind: type[sm.SocialMetricsError],
    fetch: Fetch,
    vendor: Simulated,
    proxy: FaultProxy,
) -> None:
    proxy.strike(make(), where=_is_token)
    asked = fetch.by("x", **vendor.settings())

    with pytest.raises(kind) as caught:
        asked.value(lambda c: c.metrics(refs(POSTS), ["likes"]))

    told = "".join(traceback.format_exception(caught.value))
    assert not [secret for secret in SECRETS if secret in told]


def test_a_bearer_token_is_fetched_again_after_a_bad_answer(
    fetch: Fetch, vendor: Simulated, proxy: FaultProxy
) -> None:
    proxy.strike(faults.status(503), requests={1}, where=_is_token)
    asked = fetch.by("x", **vendor.settings())

    series = asked.value(lambda c: c.metrics(refs(POSTS), ["likes"]))

    check_totals(series, POSTS, ["favorites"], Truth())


def test_what_had_come_before_an_error_is_kept(
    fetch: Fetch, vendor: Simulated, proxy: FaultProxy
) -> None:
    question = QUESTIONS[-1]
    proxy.strike(faults.status(500), where=question.concerns, requests=range(2, 99))

    with pytest.raises(sm.Unavailable) as caught:
        figures(fetch, vendor, question)

    assert caught.value.partial is not None
    assert {each.subject.native_id for each in caught.value.partial} == {*POSTS[:25]}
