"""Lifetime figures of posts: found by profile and day, taken when last refreshed."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import TypeAlias

import attrs
import pytest

from socialmetrics.errors import (
    Incomplete,
    PermissionDenied,
    SocialMetricsError,
    Unreadable,
)
from socialmetrics.model import Point, Post, Ref
from socialmetrics.reading import Settled, Status
from socialmetrics.series import MetricSeries
from socialmetrics.wire import Request, Response
from socialmetrics_hootsuite.analytics import PostFiguresPart, metrics, plan_metrics
from tests.hootsuite.analytics_driving import (
    DAY,
    NOW,
    SAMPLES,
    Answers,
    Asked,
    asked,
    denied,
    figures,
    page,
    post,
    post_row,
    rejected,
    response,
    script,
    stamp,
)
from tests.sprout.driving import Driven, drive

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
ME = "139000001"
Outcome: TypeAlias = Response | SocialMetricsError


def parts_of(
    *posts: Post, names: tuple[str, ...] = ("likes",)
) -> list[PostFiguresPart]:
    plan = plan_metrics(figures(*posts, metrics=names, window=None))
    return [each for each in plan.parts if isinstance(each, PostFiguresPart)]


def run(part: PostFiguresPart, server: Answers) -> Driven[MetricSeries]:
    return drive(metrics(part), server)


def points(found: Driven[MetricSeries]) -> list[Point]:
    (series,) = found.items
    return list(series)


def one(part: PostFiguresPart, *rows: object) -> list[Point]:
    return points(run(part, script(page(*rows))))


# -- the vendor's own sample -----------------------------------------------------------


def test_the_documented_sample_is_read() -> None:
    sample = json.loads((SAMPLES / "posts_instagram.json").read_text())
    told = sample["response"]["body"]
    wanted = Post(
        ref=Ref("instagram", "17900000000000001"),
        vendor_id="m1",
        created_at=datetime(2026, 7, 8, 16, 0, 4, tzinfo=UTC),
        profile=ME,
    )
    names = (
        *("likes", "comments", "shares", "saves", "views", "reach"),
        *("engagements.vendor", "engagement_rate"),
    )
    later = datetime(2026, 7, 20, tzinfo=UTC)
    query = figures(wanted, metrics=names, window=None, now=later)
    (part,) = plan_metrics(query).parts
    assert isinstance(part, PostFiguresPart)
    pages = script(told, page())

    found = run(part, lambda request: at(later, pages(request)))

    first, second = map(asked, found.requests)
    assert (first.since, first.until) == (date(2026, 7, 8), date(2026, 7, 9))
    assert (first.limit, first.cursor, second.cursor) == ("100", None, "aWQ9NTAK")
    assert {p.reading.name: p.value for p in points(found)} == {
        "likes": 12,
        "comments": 1,
        "shares": 0,
        "saves": 2,
        "views": 640,
        "reach": 512,
        "engagement": 15,
        "engagement_rate": 2.93,
    }
    refreshed = datetime(2026, 7, 12, 3, 10, tzinfo=UTC)
    assert {p.source.fetched_at for p in points(found)} == {refreshed}


def at(moment: datetime, told: Outcome) -> Outcome:
    """The same answer at that time."""
    assert isinstance(told, Response)
    return attrs.evolve(told, at=moment)


# -- what is asked ---------------------------------------------------------------------


def test_until_is_the_day_after_because_its_own_posts_do_not_come() -> None:
    late = datetime(2026, 3, 2, 23, 59, 59, tzinfo=UTC)
    (part,) = parts_of(post(1, late))

    (request,) = run(part, script(page(post_row(1, late, likes=3)))).requests

    told = asked(request)
    assert (told.since, told.until) == (date(2026, 3, 2), date(2026, 3, 3))
    assert (told.network, told.datatype) == ("INSTAGRAMBUSINESS", "ORGANIC")
    assert told.profiles == [ME]


def test_a_network_behind_utc_may_count_it_for_the_day_before() -> None:
    early = datetime(2026, 3, 2, 3, tzinfo=UTC)
    (part,) = parts_of(post(1, early))
    (utc,) = parts_of(post(1, early, network="x"))

    assert part.query
    assert utc.query
    assert part.query.since == date(2026, 3, 1)
    assert utc.query.since == date(2026, 3, 2)


def test_posts_far_apart_or_of_many_profiles_are_asked_for_apart() -> None:
    posts = [post(n, AT + n * timedelta(hours=1), f"1390000{n:02}") for n in range(11)]
    far = post(99, AT + 4 * DAY)

    parts = parts_of(far, *posts)

    assert [len(part.wanted) for part in parts] == [10, 1, 1]
    assert [part.requests for part in parts] == [1, 1, 1]


def test_organic_and_paid_are_two_calls() -> None:
    parts = parts_of(post(1, AT), names=("likes", "likes[scope=paid]"))
    rows = [page(post_row(1, AT, likes=n)) for n in (5, 7)]

    found = [run(part, script(row)) for part, row in zip(parts, rows, strict=True)]

    assert [asked(each.requests[0]).datatype for each in found] == ["ORGANIC", "PAID"]
    assert [(p.metric, p.reading.scope, p.value) for f in found for p in points(f)] == [
        ("likes", "organic", 5),
        ("likes", "paid", 7),
    ]


def test_posts_older_than_two_years_are_not_asked_for() -> None:
    old = post(1, datetime(2024, 3, 10, 12, tzinfo=UTC))
    young = post(2, datetime(2024, 3, 11, 1, tzinfo=UTC))

    first, second = parts_of(old, young)
    (alone,) = parts_of(old)

    (point,) = points(run(first, script()))
    assert (point.status, point.source.fetched_at) == (Status.TOO_OLD, NOW)
    assert first.requests == 0
    assert alone == first
    assert second.query
    assert second.query.since == date(2024, 3, 11)


# -- what comes ------------------------------------------------------------------------


def test_a_figure_is_as_old_as_its_refreshing() -> None:
    (part,) = parts_of(post(1, AT), post(2, AT), post(3, AT))
    rows = [post_row(n, AT, likes=n) for n in (1, 2, 3)]
    rows[1]["lastRefreshed"] = None
    rows[2]["lastRefreshed"] = stamp(NOW + DAY)

    found = one(part, *rows)

    assert [p.source.fetched_at for p in found] == [
        NOW - 3 * timedelta(hours=1),
        NOW,
        NOW,
    ]


def test_figures_of_a_young_post_may_still_change() -> None:
    young, old = NOW - DAY, NOW - 4 * DAY
    parts = parts_of(post(1, old), post(2, young))

    found = [
        point
        for part in parts
        for point in one(part, post_row(1, old, likes=1), post_row(2, young, likes=1))
    ]

    assert [p.settled for p in found] == [Settled.UNKNOWN, Settled.NO]


def test_a_post_that_does_not_come_is_unavailable_unless_it_is_young() -> None:
    young = NOW - timedelta(hours=63)
    parts = parts_of(post(1, AT), post(2, young))

    found = [point for part in parts for point in one(part)]

    assert [p.status for p in found] == [Status.UNAVAILABLE, Status.NOT_COLLECTED]
    assert all(p.value is None for p in found)


def test_a_name_that_is_not_there_is_not_zero() -> None:
    (part,) = parts_of(post(1, AT), names=("likes", "comments", "saves"))
    row = post_row(1, AT, likes=0, comments=None)

    assert [(p.value, p.status) for p in one(part, row)] == [
        (0, Status.OBSERVED),
        (None, Status.NOT_REPORTED),
        (None, Status.NOT_REPORTED),
    ]


def test_a_row_without_metrics_is_a_post() -> None:
    (part,) = parts_of(post(1, AT))

    assert [p.status for p in one(part, {**post_row(1, AT), "metrics": None})] == [
        Status.NOT_REPORTED
    ]


def test_what_is_no_number_is_told() -> None:
    (part,) = parts_of(post(1, AT))

    found = run(part, script(page(post_row(1, AT, likes="many"))))

    assert [p.status for p in points(found)] == [Status.NOT_REPORTED]
    assert [(i.path, i.problem) for i in found.issues] == [
        ("post instagram:p1", "likes: text that is no number")
    ]


@pytest.mark.parametrize("told", ["104_77", "77"])
@pytest.mark.parametrize("known", ["104_77", "77"])
def test_facebook_ids_match_with_and_without_the_page(known: str, told: str) -> None:
    wanted = Post(ref=Ref("facebook", known), vendor_id="m", created_at=AT, profile=ME)
    (part,) = parts_of(wanted)
    row = {**post_row(1, AT, likes=4), "externalId": told}

    (point,) = one(part, row)

    assert (point.subject, point.value) == (wanted.ref, 4)


def test_ids_of_other_networks_are_whole() -> None:
    (part,) = parts_of(post(1, AT))
    row = {**post_row(1, AT, likes=4), "externalId": "x_p1"}

    assert [p.status for p in one(part, row)] == [Status.UNAVAILABLE]


def test_the_later_of_two_rows_is_kept_and_strangers_are_told() -> None:
    (part,) = parts_of(post(1, AT))
    rows = [post_row(1, AT, likes=1), post_row(1, AT, likes=2), post_row(1, AT, "7")]

    found = run(part, script(page(*rows)))

    assert [p.value for p in points(found)] == [2]
    assert [issue.problem for issue in found.issues] == [
        "a post that came before; the later row is kept",
        "a post of a profile nobody asked for",
    ]


def test_a_time_without_a_zone_is_utc() -> None:
    (part,) = parts_of(post(1, AT))
    row = {**post_row(1, AT, likes=1), "createdAt": "2026-03-02T12:00:00"}

    assert [p.value for p in one(part, row)] == [1]


def test_what_had_to_be_mended_is_told() -> None:
    (part,) = parts_of(post(1, AT))
    body = json.dumps(page(post_row(1, AT, likes=1))).replace("counted 1", "\\ud83d")

    found = run(part, script(body.encode()))

    assert [p.value for p in points(found)] == [1]
    assert [issue.problem for issue in found.issues] == [
        "half a character, shown as U+FFFD"
    ]


def test_a_row_of_another_shape_is_unreadable() -> None:
    (part,) = parts_of(post(1, AT))

    with pytest.raises(Unreadable, match=r"data\[1\]"):
        run(part, script(page(post_row(1, AT), {"createdAt": 1})))


# -- pages and refusals ----------------------------------------------------------------


@attrs.define
class Many:
    """A server of ten posts an hour of each profile, from Sunday on."""

    each: int = 10
    is_cut: bool = True
    calls: list[Asked] = attrs.field(factory=list[Asked])

    def __call__(self, request: Request) -> Response:
        told = asked(request)
        self.calls.append(told)
        rows = [
            post_row(n * 1000 + int(owner) % 1000, moment, owner, likes=n)
            for owner in told.profiles
            for n, moment in enumerate(self.moments())
            if told.until and told.since <= moment.date() < told.until
        ]
        begin = int(told.cursor or 0)
        is_more = begin + 100 < len(rows) and not self.is_cut
        cursor = str(begin + 100) if is_more else None
        return response(request, page(*rows[begin : begin + 100], cursor=cursor))

    def moments(self) -> list[datetime]:
        first = datetime(2026, 3, 1, 12, tzinfo=UTC)
        return [first + n // self.each * DAY for n in range(4 * self.each)]


@pytest.mark.parametrize("is_cut", [True, False])
def test_every_page_is_read_and_a_cut_one_in_halves(is_cut: bool) -> None:
    server = Many(each=45, is_cut=is_cut)
    owners = ["139000001", "139000002"]
    wanted = [
        post(n * 1000 + int(owner) % 1000, moment, owner)
        for owner in owners
        for n, moment in enumerate(server.moments())
    ]
    (part,) = parts_of(*wanted)

    found = run(part, server)

    assert Counter(p.status for p in points(found)) == {Status.OBSERVED: len(wanted)}
    assert found.issues == []
    assert len(server.calls) == (7 if is_cut else 4)


def test_a_day_of_a_profile_that_is_full_may_hold_more() -> None:
    server = Many(each=150)
    (part,) = parts_of(post(1, server.moments()[0]))

    found = run(part, server)

    assert [issue.problem for issue in found.issues] == [
        "a full page without a cursor; there may be more posts"
    ]
    assert [issue.seen for issue in found.issues] == [f"{ME} 2026-03-01"]


def test_a_ring_of_pages_is_incomplete() -> None:
    (part,) = parts_of(post(1, AT))
    row = post_row(1, AT, likes=1)

    with pytest.raises(Incomplete, match="ring"):
        run(part, script(page(row, cursor="a"), page(row, cursor="a")))


@pytest.mark.parametrize("error", [denied(), rejected()])
def test_a_refused_profile_does_not_spoil_the_others(error: SocialMetricsError) -> None:
    wanted = [post(n, AT, f"13900000{n}") for n in range(1, 6)]
    (part,) = parts_of(*wanted)

    def server(request: Request) -> Outcome:
        told = asked(request)
        if "139000002" in told.profiles:
            return error
        rows = [post_row(int(o[-1]), AT, o, likes=int(o[-1])) for o in told.profiles]
        return response(request, page(*rows))

    found = run(part, server)

    assert [(p.value, p.status) for p in points(found)] == [
        (1, Status.OBSERVED),
        (None, Status.NOT_PERMITTED),
        (3, Status.OBSERVED),
        (4, Status.OBSERVED),
        (5, Status.OBSERVED),
    ]
    assert [issue.seen for issue in found.issues] == ["139000002"]


def test_a_missing_scope_is_missing_for_all() -> None:
    (part,) = parts_of(*(post(n, AT, f"13900000{n}") for n in range(1, 6)))
    told = {"errors": [{"code": 1037, "message": "no scope"}]}

    found = run(part, script(told))

    assert [p.status for p in points(found)] == [Status.NOT_PERMITTED] * 5
    assert len(found.issues) == 5


def test_a_refusal_in_the_middle_is_raised() -> None:
    (part,) = parts_of(post(1, AT))

    with pytest.raises(PermissionDenied):
        run(part, script(page(post_row(1, AT), cursor="a"), denied()))
