"""What both clients promise: equal answers, plans that hold, parts read anywhere."""

from __future__ import annotations

import pickle
from collections.abc import AsyncIterable, Iterable, Iterator
from typing import Any, Final

import pytest

import socialmetrics as sm
from socialmetrics.model import Missing
from socialmetrics.plan import By, Part, Plan, Subject
from socialmetrics.reading import Status
from socialmetrics.sandbox.posts import WorldPost
from socialmetrics_x import X
from tests.conftest import AnyClient, Fetch
from tests.x.asking_x import CROWD, CROWD_OWNERS, ONE_OF_EACH
from tests.x.sandbox_calls import ACME, CARE, ids, posts_of
from tests.x.serving_x import ACME_ID, CARE_ID, Simulated, simulated
from tests.x.truths_x import refs

MONTHS: Final = sm.Window.days("2026-01-20", "2026-03-10")
DAYS: Final = sm.Window.days("2026-03-09", "2026-03-10")
_ACME: Final = posts_of(ACME)
_CARE: Final = posts_of(CARE)
Question = tuple[list[Subject], list[str], sm.Window | None, By | None]


@pytest.fixture(autouse=True, scope="module")
def quick(untraced: None) -> None:
    """Whole pulls: coverage is measured elsewhere."""


@pytest.fixture(scope="module")
def running() -> Iterator[Simulated]:
    with simulated() as found:
        yield found


@pytest.fixture
def vendor(running: Simulated) -> Simulated:
    running.front.calls.clear()
    return running


def owned(post: WorldPost) -> sm.Post:
    """A post that says whose it is, as other adapters hand it out."""
    return sm.Post(
        ref=post.ref,
        vendor_id=post.ref.native_id,
        created_at=post.created_at,
        profile=post.account.ref.native_id,
    )


ONE_OWNER: Final[list[Subject]] = [post.ref for post in _ACME[:60]]
KNOWN: Final[list[Subject]] = [owned(post) for post in [*_ACME[:30], *_CARE[:30]]]
UNSORTED: Final[list[Subject]] = [post.ref for post in [*_ACME[:30], *_CARE[:30]]]
QUESTIONS: Final[list[tuple[list[str], sm.Window | None, By | None]]] = [
    (["likes", "reposts"], None, None),
    (["impressions", "engagements.vendor"], None, "total"),
    (["likes", "impressions", "video_views"], None, None),
    (["impressions", "link_clicks"], None, "hour"),
    (["impressions", "link_clicks"], DAYS, "hour"),
    (["profile_clicks"], MONTHS, "day"),
    (["likes", "comments"], MONTHS, "total"),
]


def plan_of(asked: Fetch, question: Question) -> Plan[sm.MetricSeries]:
    subjects, metrics, window, by = question
    return asked.value(lambda c: c.plan(subjects, metrics, window, by=by))


def series_of(asked: Fetch, question: Question) -> sm.MetricSeries:
    subjects, metrics, window, by = question
    return asked.value(lambda c: c.metrics(subjects, metrics, window, by=by))


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("subjects", [UNSORTED, KNOWN], ids=["refs", "posts"])
def test_both_clients_give_equal_series(
    subjects: list[Subject],
    question: tuple[list[str], sm.Window | None, By | None],
    vendor: Simulated,
) -> None:
    # Side by side, parts learn of owners in any order, and rows come in that order.
    alone, four = vendor.settings(concurrency=1), vendor.settings(concurrency=4)
    both = [Fetch(each).by("x", **alone) for each in (False, True)]
    faster = [Fetch(each).by("x", **four) for each in (False, True)]

    one, other, *more = (
        series_of(each, (subjects, *question)) for each in [*both, *faster]
    )

    assert len(one) >= len(subjects)
    assert one == other
    assert [rows(each) for each in more] == [rows(one)] * 2


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(
    ("subjects", "owners"),
    [(ONE_OWNER, (ACME_ID,)), (KNOWN, (ACME_ID, CARE_ID))],
    ids=["one owner", "owners that posts tell"],
)
def test_a_plan_takes_as_many_requests_as_it_says(
    subjects: list[Subject],
    owners: tuple[str, ...],
    question: tuple[list[str], sm.Window | None, By | None],
    fetch: Fetch,
    vendor: Simulated,
) -> None:
    asked = fetch.by("x", **vendor.settings(owners=owners))
    planned = plan_of(asked, (subjects, *question)).requests
    assert not vendor.front.asked

    series_of(asked, (subjects, *question))

    assert len(vendor.front.asked) == planned > 0
    assert vendor.front.answered(403) == 0


FOUR_WEEKS: Final = sm.Window.days("2026-02-11", "2026-03-10")
HALF_A_YEAR: Final = sm.Window.days("2025-09-10", "2026-03-10")


@pytest.mark.parametrize(
    ("count", "metric", "window", "by", "requests"),
    [
        (250, "likes", None, None, 1),
        (251, "likes", None, None, 2),
        (25, "likes", None, "hour", 1),
        (50, "likes", None, "hour", 2),
        (51, "likes", None, "hour", 3),
        (50, "likes", FOUR_WEEKS, "hour", 2),
        (50, "likes", FOUR_WEEKS, "day", 2),
        (51, "likes", FOUR_WEEKS, "total", 3),
        (25, "likes", HALF_A_YEAR, "day", 7),
        (250, "impressions", None, None, 0),  # all of them too old
    ],
)
def test_requests_are_as_few_as_the_limits_allow(
    count: int,
    metric: str,
    window: sm.Window | None,
    by: By | None,
    requests: int,
    fetch: Fetch,
    vendor: Simulated,
) -> None:
    asked = fetch.by("x", **vendor.settings(owners=(ACME_ID,)))
    posts: list[Subject] = [post.ref for post in _ACME[-count:]]

    planned = plan_of(asked, (posts, [metric], window, by))

    assert planned.requests == requests
    assert vendor.front.calls == []


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_plan_is_the_least_where_nobody_knows_whose_the_posts_are(
    question: tuple[list[str], sm.Window | None, By | None],
    fetch: Fetch,
    vendor: Simulated,
) -> None:
    asked = fetch.by("x", **vendor.settings())
    planned = plan_of(asked, (UNSORTED, *question)).requests

    series_of(asked, (UNSORTED, *question))

    assert 0 < planned <= len(vendor.front.asked) <= 3 * planned


def test_what_was_learnt_of_owners_is_known_in_the_next_question(
    fetch: Fetch, vendor: Simulated
) -> None:
    async def twice(client: AnyClient) -> Any:
        made: list[int] = []
        for _ in range(2):
            before = len(vendor.front.asked)
            await _done(client.metrics(UNSORTED, ["impressions"], MONTHS))
            made.append(len(vendor.front.asked) - before)
        return made

    made: list[int] = fetch.by("x", **vendor.settings()).value(twice)

    # A refusal tells whose the posts are; nobody is asked for them wrongly again.
    assert made[1] < made[0]
    assert vendor.front.answered(403) == made[0] - made[1]


@pytest.mark.parametrize(("wording", "refused"), [("author", 1), ("tweets", 4)])
def test_a_refusal_that_names_the_authors_saves_all_others(
    wording: str, refused: int, fetch: Fetch
) -> None:
    window = sm.Window.days("2026-03-01", "2026-03-08")

    with simulated(CROWD, wording=wording) as vendor:
        settings = {**vendor.settings(concurrency=1), "owners": CROWD_OWNERS}
        asked = fetch.by("x", **settings)
        question: Question = ([*ONE_OF_EACH], ["impressions"], window, "total")
        series = series_of(asked, question)

    assert {point.status for point in series} == {Status.OBSERVED}
    assert vendor.front.answered(200) == len(ONE_OF_EACH) == len(series)
    assert vendor.front.answered(403) == refused


async def _done(result: Any) -> Any:
    return await result if hasattr(result, "__await__") else result


# -- parts -----------------------------------------------------------------------------


async def _read(client: AnyClient, parts: Iterable[Part[sm.MetricSeries]]) -> Any:
    blocks: list[sm.MetricSeries] = []
    for part in parts:
        found = client.read(part)
        if isinstance(found, AsyncIterable):
            blocks += [block async for block in found]
        else:
            blocks += found
    return sm.MetricSeries.concat(blocks)


@pytest.mark.parametrize("subjects", [UNSORTED, KNOWN], ids=["refs", "posts"])
@pytest.mark.parametrize(("by", "window"), [("hour", DAYS), ("day", MONTHS)])
def test_parts_can_be_read_by_another_client(
    subjects: list[Subject],
    by: By,
    window: sm.Window,
    fetch: Fetch,
    vendor: Simulated,
) -> None:
    asked = fetch.by("x", **vendor.settings())
    question: Question = (subjects, ["impressions", "likes"], window, by)
    whole = series_of(asked, question)

    sent = pickle.dumps(plan_of(asked, question).parts)
    pieces: list[Part[sm.MetricSeries]] = pickle.loads(sent)  # noqa: S301 - our own
    found: Any = asked.value(lambda client: _read(client, reversed(pieces)))

    assert pieces
    assert rows(found) == rows(whole)


def rows(series: sm.MetricSeries) -> set[tuple[object, ...]]:
    """The figures, whatever their order."""
    return {
        (p.subject, p.reading, p.start, p.end, p.value, p.status, p.settled)
        for p in series
    }


# -- what is not asked -----------------------------------------------------------------


def test_nothing_is_asked_when_everything_is_too_old(
    fetch: Fetch, vendor: Simulated
) -> None:
    old = refs(ids(_ACME[-40:]))
    asked = fetch.by("x", **vendor.settings())

    planned = plan_of(asked, ([*old], ["impressions"], None, None))
    series = series_of(asked, ([*old], ["impressions"], None, None))

    assert planned.requests == 0
    assert {point.status for point in series} == {Status.TOO_OLD}
    assert {point.subject for point in series} == set(old)
    assert vendor.front.calls == []


def test_nothing_is_asked_of_posts_that_were_made_later(
    fetch: Fetch, vendor: Simulated
) -> None:
    window = sm.Window.days("2025-01-01", "2025-01-31")
    asked = fetch.by("x", **vendor.settings())

    series = series_of(asked, (ONE_OWNER[:3], ["impressions"], window, "day"))

    assert len(series) == 0
    assert {each.subject for each in series.missing} == set(ONE_OWNER[:3])
    assert vendor.front.calls == []


def test_private_figures_without_owners_are_missing_before_anything_is_asked(
    fetch: Fetch, vendor: Simulated
) -> None:
    asked = fetch.by("x", **vendor.settings(owners=()))

    series = series_of(asked, (ONE_OWNER, ["impressions"], None, None))

    (missing,) = series.missing
    assert isinstance(missing, Missing)
    assert "give the owner's access token" in missing.reason
    assert vendor.front.calls == []


# -- owners ----------------------------------------------------------------------------


def test_the_owners_that_were_asked_for_are_counted_by_month(
    fetch: Fetch, vendor: Simulated
) -> None:
    async def counted(client: AnyClient) -> Any:
        adapter = client.adapter
        assert isinstance(adapter, X)
        told = [dict(adapter.owners_asked)]
        await _done(client.metrics(ONE_OWNER, ["likes"]))
        told.append(dict(adapter.owners_asked))
        await _done(client.metrics(ONE_OWNER, ["impressions"]))
        told.append(dict(adapter.owners_asked))
        await _done(client.metrics(UNSORTED, ["impressions"]))
        return [*told, dict(adapter.owners_asked)]

    found: list[object] = fetch.by("x", **vendor.settings()).value(counted)

    assert found == [
        {},
        {},
        {"2026-03": (ACME_ID,)},
        {"2026-03": (ACME_ID, CARE_ID)},
    ]


def test_a_plan_says_how_many_owners_it_asks_for(
    fetch: Fetch, vendor: Simulated
) -> None:
    asked = fetch.by("x", **vendor.settings())

    planned = plan_of(asked, (KNOWN, ["impressions"], None, None))

    assert any(note.startswith("2 owners are asked for") for note in planned.notes)


def test_owners_are_the_profiles(fetch: Fetch, vendor: Simulated) -> None:
    found = fetch.by("x", **vendor.settings()).items(lambda c: c.profiles())

    assert {profile.ref.native_id for profile in found} == {ACME_ID, CARE_ID}
    assert vendor.front.calls == []


@pytest.mark.parametrize("by", [None, "hour"])
def test_a_post_can_be_given_by_its_address(
    by: By | None, fetch: Fetch, vendor: Simulated
) -> None:
    asked = fetch.by("x", **vendor.settings())
    post = _ACME[0].ref
    address = f"https://x.com/acme/status/{post.native_id}"

    series = asked.value(lambda c: c.metrics(address, ["impressions"], by=by))

    assert {point.subject for point in series} == {post}
