"""Figures of two tools meet by subject, metric and window, in steps that both have."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import socialmetrics as sm
from socialmetrics.comparison.comparison import Comparison
from socialmetrics.comparison.result import Row
from socialmetrics.reading import Status
from tests.comparison.sides import (
    ACME,
    DAY,
    HOUR,
    MONDAY,
    OTHER,
    READ,
    WEEK,
    adds_up,
    days,
    figure,
    figures,
    lasting,
    levels,
    post,
    profile,
    reading,
    ref,
    series,
    totals,
)

BERLIN = ZoneInfo("Europe/Berlin")
PACIFIC = "America/Los_Angeles"
BETA = reading(vendor="beta")
UNIQUE: dict[str, Any] = {"counting": "unique", "unit": "person", "additive": False}


def pairs(found: Comparison) -> list[tuple[object, object]]:
    return [(row.left, row.right) for row in found.rows]


def spans(found: Comparison) -> list[tuple[datetime, datetime | None]]:
    return [(row.start, row.end) for row in found.rows]


def only(found: Comparison) -> Row:
    (row,) = found.rows
    return row


# -- by whom, what and when ------------------------------------------------------------


def test_figures_meet_by_subject_metric_and_day() -> None:
    left = series(
        figures([1, 2], reading()),
        figures([3], reading("comments")),
        figures([4], reading(), subject=OTHER),
    )
    right = series(
        figures([40], BETA, subject=OTHER),
        figures([30], reading("comments", "beta")),
        figures([10, 20], BETA),
    )

    found = sm.compare(left, right)

    assert {(r.subject, r.metric, r.start, r.left, r.right) for r in found.rows} == {
        (ACME, "likes", MONDAY, 1, 10),
        (ACME, "likes", MONDAY + DAY, 2, 20),
        (ACME, "comments", MONDAY, 3, 30),
        (OTHER, "likes", MONDAY, 4, 40),
    }
    assert found.unmatched == ()
    assert [row.gap for row in found.rows] == [row.unexplained for row in found.rows]


def test_breakdowns_meet_their_likes() -> None:
    left = series(figure(1, reading(), breakdown="US"), figure(5, reading()))
    right = series(figure(6, BETA), figure(2, BETA, breakdown="US"))

    found = sm.compare(left, right)

    assert {(r.breakdown, r.left, r.right) for r in found.rows} == {
        ("US", 1, 2),
        ("", 5, 6),
    }


def test_metrics_that_only_vendors_know_meet_by_their_names() -> None:
    found = sm.compare(
        days(1, of=reading("sparkles")), days(2, of=reading("sparkles", "beta"))
    )

    assert only(found).metric == "sparkles"
    assert only(found).verdict == "unknown"


@pytest.mark.parametrize(
    "known",
    [
        post(7, vendor_id="guid-7"),
        post(7, url="https://x.example/acme/7"),
    ],
)
def test_other_names_of_a_post_are_that_post(known: sm.Post) -> None:
    name = known.url or known.vendor_id

    found = sm.compare(
        totals({ref(7): 5}),
        totals({ref(name): 6}, lasting(vendor="beta")),
        posts=[known],
    )

    assert only(found).subject == ref(7)
    assert pairs(found) == [(5, 6)]


def test_id_of_a_post_is_never_another_ones_other_name() -> None:
    left = totals({ref(5): 5})
    right = totals({ref(5): 7, ref(6): 1}, lasting(vendor="beta"))

    found = sm.compare(left, right, posts=[post(6, vendor_id="5"), post(5)])

    assert [(r.subject, r.left, r.right) for r in found.rows] == [(ref(5), 5, 7)]


def test_name_of_two_posts_is_nobodys() -> None:
    left, right = totals({ref(5): 5}), totals({ref("a"): 7}, lasting(vendor="beta"))

    found = sm.compare(
        left, right, posts=[post(5, vendor_id="a"), post(6, vendor_id="a")]
    )

    assert len(found.rows) == 0
    assert [each.examples for each in found.unmatched] == [(ref(5),), (ref("a"),)]


def test_of_figures_read_twice_the_last_one_counts() -> None:
    left = series(
        figure(1, reading()),
        figure(3, reading(), read=READ + DAY),
        figure(2, reading(), read=READ - DAY),
    )

    assert pairs(sm.compare(left, days(3, of=BETA))) == [(3, 3)]


def test_hours_that_were_read_twice_are_added_once() -> None:
    hours = figures([1] * 24, reading(), span=HOUR)
    again = figures([2] * 3, reading(), span=HOUR, read=READ + DAY)

    found = sm.compare(series(hours, again), days(27, of=BETA))

    assert pairs(found) == [(27, 27)]


def test_window_leaves_out_what_is_not_in_it() -> None:
    values = [1, 2, 3, 4, 5, 6, 7, 8]

    found = sm.compare(days(*values), days(*values, of=BETA), window=WEEK)

    assert [row.left for row in found.rows] == values[:7]
    assert found.window == WEEK


def test_lifetime_totals_are_in_a_window_when_their_post_was_published_in_it() -> None:
    left = series(
        figure(1, lasting(), MONDAY, None, subject=ref(1)),
        figure(2, lasting(), MONDAY - HOUR, None, subject=ref(2)),
    )
    right = series(
        figure(3, lasting(vendor="beta"), MONDAY, None, subject=ref(1)),
        figure(4, lasting(vendor="beta"), MONDAY - HOUR, None, subject=ref(2)),
    )

    found = sm.compare(left, right, window=WEEK)

    assert [row.subject for row in found.rows] == [ref(1)]


# -- into the days of the other side ---------------------------------------------------


def test_hours_are_put_together_to_the_partners_days() -> None:
    hours = series(figures(range(48), reading(zone="UTC"), span=HOUR))

    found = sm.compare(hours, days(276, 852, of=BETA))

    assert pairs(found) == [(276, 276), (852, 852)]
    assert [each.text for each in found.rows[0].conversions] == ["hours put together"]


def test_hours_are_counted_in_the_zone_of_the_partners_days() -> None:
    first = datetime(2026, 3, 7, tzinfo=ZoneInfo(PACIFIC)).astimezone(UTC)
    hours = series(figures([1] * 47, reading(zone="UTC"), first, HOUR))
    own = reading(vendor="beta", zone=PACIFIC)
    right = series(figure(24, own, first), figure(23, own, first + DAY, 23 * HOUR))

    found = sm.compare(hours, right)

    assert pairs(found) == [(24, 24), (23, 23)]  # The clocks go forward on the 8th.
    assert spans(found)[1] == (first + DAY, first + 47 * HOUR)


def test_zone_of_days_can_be_asked_for_where_both_have_hours() -> None:
    first = datetime(2026, 10, 25, tzinfo=BERLIN).astimezone(UTC)
    left = series(figures([1] * 25, reading(), first, HOUR, read=first + 9 * DAY))
    right = series(figures([2] * 25, BETA, first, HOUR, read=first + 9 * DAY))

    found = sm.compare(left, right, by="day", tz="Europe/Berlin")

    assert pairs(found) == [(25, 50)]  # The clocks go back.
    assert spans(found) == [(first, first + 25 * HOUR)]


@pytest.mark.parametrize(("tz", "expected"), [(None, "UTC"), (PACIFIC, PACIFIC)])
def test_days_of_hours_are_utc_or_those_of_the_window(
    tz: str | None, expected: str
) -> None:
    window = sm.Window.days("2026-03-03", "2026-03-03", tz) if tz else None
    first = datetime(2026, 3, 3, tzinfo=ZoneInfo(expected)).astimezone(UTC)
    left = series(figures([1] * 24, reading(), first, HOUR))
    right = series(figures([2] * 24, BETA, first, HOUR))

    found = sm.compare(left, right, by="day", window=window)

    assert pairs(found) == [(24, 48)]
    assert spans(found) == [(first, first + DAY)]


def test_days_of_two_zones_meet_by_date_and_that_is_said() -> None:
    own = reading(vendor="beta", zone=PACIFIC)

    found = sm.compare(days(1, 2), series(figures([3, 4], own, MONDAY + 8 * HOUR)))

    assert pairs(found) == [(1, 3), (2, 4)]
    assert {row.axes["day_zone"].answer for row in found.rows} == {"different"}
    assert {row.verdict for row in found.rows} == {"not_comparable"}
    assert [each.name for each in found.rows[0].causes] == ["window_and_zone"]
    assert found.rows[0].causes[0].basis == "unknown"


def test_hours_on_both_sides_meet_hour_by_hour() -> None:
    left = series(figures([1, 2, 3], reading(), span=HOUR))

    found = sm.compare(left, series(figures([1, 5], BETA, MONDAY + HOUR, HOUR)))

    assert pairs(found) == [(2, 1), (3, 5)]


def test_days_are_put_into_the_partners_weeks() -> None:
    left = days(*range(1, 15))
    right = series(figures([28, 77], BETA, span=7 * DAY, read=READ + 30 * DAY))

    for one, other, expected in (
        (left, right, [(28, 28), (77, 77)]),
        (right, left, [(28, 28), (77, 77)]),
    ):
        found = sm.compare(one, other)
        assert pairs(found) == expected
        assert any(row.conversions for row in found.rows)


def test_part_of_a_day_is_no_day() -> None:
    half = series(figures([1] * 12, reading(), span=HOUR))

    found = sm.compare(half, days(24, of=BETA))

    assert pairs(found) == [(12, 24)]
    assert only(found).axes["day_zone"].answer == "different"


def test_hole_between_hours_makes_a_day_not_collected() -> None:
    hours = figures([1] * 24, reading(), span=HOUR)

    found = sm.compare(series(hours[:5], hours[6:]), days(24, of=BETA))

    assert only(found).left is None
    assert only(found).left_status is Status.NOT_COLLECTED
    assert only(found).causes == ()
    assert only(found).unexplained is only(found).gap is None


# -- steps that are asked for ----------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("day", [(1, 2)] * 31 + [(1, 2)] * 9),
        ("week", [(7, 14)] * 5 + [(5, 10)]),
        ("month", [(30, 60), (10, 20)]),
        ("total", [(40, 80)]),
    ],
)
def test_days_are_put_into_steps(by: str, expected: list[tuple[int, int]]) -> None:
    read = READ + 60 * DAY

    found = sm.compare(
        days(*[1] * 40, read=read),
        days(*[2] * 40, of=BETA, read=read),
        by=by,  # type: ignore[arg-type]
    )

    assert pairs(found) == expected


def test_sums_are_of_the_days_that_both_have() -> None:
    left = figures([1, 2, 4, 8, 16, 32, 64], reading())
    right = figures([1, 2, 4, None, 16, 32, 64], BETA)

    found = sm.compare(series(left[:2], left[3:]), series(right), by="week")

    assert pairs(found) == [(115, 115)]
    assert [each.text for each in only(found).conversions] == [
        "days put together",
        "days put together",
        "cut to the days that both have; 2 days are left out",
    ]


def test_days_that_either_side_lacks_are_counted_once() -> None:
    left, right = figures([1] * 5, reading()), figures([1] * 5, BETA)

    found = sm.compare(series(left[:2], left[3:]), series(right[2:]), by="week")

    assert pairs(found) == [(2, 2)]
    assert only(found).conversions[-1].text.endswith("; 3 days are left out")


def test_one_day_is_told_in_the_singular() -> None:
    found = sm.compare(days(1, 2, 3), days(1, 2, of=BETA), by="week")

    assert only(found).conversions[-1].text.endswith("; 1 day is left out")


def test_every_metric_is_cut_by_itself() -> None:
    left = series(figures([1, 1, 1], reading()), figures([1], reading("comments")))
    right = series(
        figures([2, 2, 2], BETA), figures([1, 1, 1], reading("comments", "beta"))
    )

    every = sm.compare(left, right, by="week")
    some = sm.compare(left, right, by="week", metrics=["likes"])

    assert pairs(every) == [(3, 6), (1, 1)]
    assert [row.conversions[-1].text for row in every.rows][1:] == [
        "cut to the days that both have; 2 days are left out"
    ]
    assert pairs(some) == [(3, 6)]


def test_days_are_left_alone_where_no_day_is_shared() -> None:
    found = sm.compare(days(1, 2), days(5, of=BETA, start=MONDAY + 2 * DAY), by="week")

    assert pairs(found) == [(3, 5)]
    assert only(found).axes["day_zone"].answer == "different"


def test_weeks_of_a_zone_are_weeks() -> None:
    first = datetime(2026, 1, 5, tzinfo=ZoneInfo(PACIFIC)).astimezone(UTC)
    one, other = (reading(vendor=name, zone=PACIFIC) for name in ("alpha", "beta"))

    found = sm.compare(
        series(figures([7, 8], one, first, 7 * DAY)),
        series(figures([1] * 14, other, first, DAY)),
        by="week",
    )

    assert pairs(found) == [(7, 7), (8, 7)]


@pytest.mark.parametrize("by", ["day", "week", "month", "total"])
def test_of_levels_the_last_of_every_step_is_taken(by: str) -> None:
    left = series(figures([10, 11, 12], levels(), span=DAY))
    right = series(figures([10, 11, 13], levels(vendor="beta"), span=DAY))

    found = sm.compare(left, right, by=by)  # type: ignore[arg-type]

    assert pairs(found)[-1] == (12, 13)
    assert len(found.rows) == (3 if by == "day" else 1)


def test_levels_at_the_same_instant_meet() -> None:
    left = series(figures([10, 11], levels(), MONDAY, HOUR * 0))

    found = sm.compare(left[:1], left[:1])

    assert pairs(found) == [(10, 10)]


# -- accounts and posts ----------------------------------------------------------------

POSTS = [post(1), post(2, MONDAY + DAY)]
HOURLY: dict[str, Any] = {"level": "post", "zone": "UTC"}


def hours_of(
    number: int, *values: float | None, vendor: str = "beta"
) -> sm.MetricSeries:
    """Hours of a post of Monday."""
    of = reading(vendor=vendor, **HOURLY)
    return series(figures(values, of, span=HOUR, subject=ref(number)))


def test_posts_are_added_up_to_the_account_that_the_other_side_counts() -> None:
    posts = sm.MetricSeries.concat([hours_of(1, *[1] * 24), hours_of(2, *[2] * 24)])

    found = sm.compare(days(72), posts, posts=POSTS, profiles=[profile()])

    assert pairs(found) == [(72, 72)]
    assert only(found).subject == ACME
    assert [each.text for each in only(found).conversions] == [
        "hours put together",
        "added up over 2 posts of the account",
    ]
    assert only(found).verdict == "comparable_after"


def test_posts_of_unknown_accounts_are_told() -> None:
    found = sm.compare(days(72), hours_of(1, *[1] * 24))

    assert len(found.rows) == 0
    assert [(each.name, each.reason) for each in found.unmatched] == [
        ("alpha", "beta has likes only of posts (period)"),
        ("beta", "alpha has likes only of profiles (period)"),
    ]
    assert "posts= and profiles=" in found.unmatched[0].instead


def test_posts_of_other_accounts_do_not_count() -> None:
    mine, theirs = hours_of(1, *[1] * 24), hours_of(9, *[5] * 24)
    both = sm.MetricSeries.concat([mine, theirs])

    found = sm.compare(days(24), both, posts=POSTS, profiles=[profile()])

    assert pairs(found) == [(24, 24)]


def test_metric_whose_posts_are_nobodys_is_told() -> None:
    theirs = series(
        figures([5] * 24, reading(vendor="beta", **HOURLY), span=HOUR, subject=ref(9))
    )

    found = sm.compare(days(24), theirs, posts=POSTS, profiles=[profile()])

    assert [each.reason for each in found.unmatched] == [
        "beta has likes only of posts (period)",
        "alpha has likes only of profiles (period)",
    ]


def test_figures_of_a_level_alone_are_compared_when_asked_for() -> None:
    left = sm.MetricSeries.concat([days(24), hours_of(1, 1, 2, vendor="alpha")])
    right = sm.MetricSeries.concat([days(24, of=BETA), hours_of(1, 1, 3)])

    accounts = sm.compare(
        left, right, level="profile", posts=POSTS, profiles=[profile()]
    )
    posts = sm.compare(left, right, level="post", posts=POSTS, profiles=[profile()])

    assert {row.subject for row in accounts.rows} == {ACME}
    assert {row.subject for row in posts.rows} == {ref(1)}
    assert {(row.left, row.right) for row in accounts.rows} >= {(24, 24), (2, 3)}
    assert pairs(posts) == [(1, 1), (2, 3)]


def test_totals_of_posts_are_added_up_to_accounts_when_asked_for() -> None:
    found = sm.compare(
        totals({ref(1): 5, ref(2): 6}),
        totals({ref(1): 5, ref(3): 6, ref(4): 1}, lasting(vendor="beta")),
        level="profile",
        posts=[post(1), post(2), post(3), post(4)],
        profiles=[profile()],
    )

    row = only(found)
    assert (row.left, row.right, row.subject) == (11, 12, ACME)
    assert (row.start, row.end) == (MONDAY, MONDAY + DAY)
    assert [(each.name, each.amount) for each in row.causes] == [
        ("population", -6),
        ("population", 7),
    ]
    assert row.unexplained == 0


def test_totals_are_put_into_the_weeks_in_which_their_posts_were_published() -> None:
    born = [MONDAY, MONDAY + DAY, MONDAY + 7 * DAY]
    known = [post(n, each) for n, each in enumerate(born)]
    left, right = (
        series(
            *(
                figure(n + 1, lasting(vendor=name), each, None, subject=ref(n))
                for n, each in enumerate(born)
            )
        )
        for name in ("alpha", "beta")
    )

    found = sm.compare(
        left, right, level="profile", by="week", posts=known, profiles=[profile()]
    )

    assert pairs(found) == [(3, 3), (3, 3)]
    assert spans(found) == [
        (MONDAY, MONDAY + 7 * DAY),
        (MONDAY + 7 * DAY, MONDAY + 8 * DAY),  # the last one on which posts are
    ]


def test_what_meets_one_kind_of_figures_is_not_alone_beside_another() -> None:
    posts = [post(1), post(2)]
    left = sm.MetricSeries.concat(
        [days(8, of=reading("comments")), totals({ref(1): 5, ref(2): 6})]
    )
    right = totals({ref(1): 5, ref(2): 6}, lasting(vendor="beta"))

    found = sm.compare(left, right, posts=posts, profiles=[profile()])

    assert pairs(found) == [(5, 5), (6, 6)]
    assert [(each.name, each.metric) for each in found.unmatched] == [
        ("alpha", "comments")
    ]


# -- what has no partner ---------------------------------------------------------------


@pytest.mark.parametrize("by", ["week", "total"])
def test_people_are_never_added_up(by: str) -> None:
    left = days(1, 2, of=reading("reach", **UNIQUE))
    right = days(1, 2, of=reading("reach", "beta", **UNIQUE))

    found = sm.compare(left, right, by=by)  # type: ignore[arg-type]

    assert len(found.rows) == 0
    assert [(each.name, each.figures, each.reason) for each in found.unmatched] == [
        ("alpha", 2, "alpha: figures of several days cannot be added"),
        ("beta", 2, "beta: figures of several days cannot be added"),
    ]


def test_ratios_of_posts_are_never_added_up() -> None:
    ratio: dict[str, Any] = {"unit": "ratio", "additive": False}
    left = days(0.5, of=reading("link_ctr", **ratio))
    right = series(
        figure(0.5, reading("link_ctr", "beta", **ratio, **HOURLY), subject=ref(1))
    )

    found = sm.compare(left, right, posts=POSTS, profiles=[profile()])

    assert len(found.rows) == 0
    reasons = {each.reason for each in found.unmatched}
    assert reasons == {"beta: figures of several posts cannot be added"}


def test_figures_that_are_longer_than_the_steps_are_told() -> None:
    left = days(7, span=7 * DAY)

    found = sm.compare(left, days(7, of=BETA, span=7 * DAY), by="day")

    assert len(found.rows) == 0
    assert [each.reason.partition(":")[2] for each in found.unmatched] == [
        " figures are longer than the steps, or lie across two of them"
    ] * 2


def test_figures_of_other_subjects_are_told_with_examples() -> None:
    left = totals({ref(n): 1 for n in range(9)})

    found = sm.compare(left, totals({ref(0): 1}, lasting(vendor="beta")))

    (alone,) = found.unmatched
    assert (alone.name, alone.metric, alone.figures, alone.subjects) == (
        "alpha",
        "likes",
        8,
        8,
    )
    assert alone.examples == tuple(ref(n) for n in range(1, 6))
    assert alone.reason == "beta has no likes of these subjects and windows"
    (summary,) = found.summaries
    assert (summary.rows, summary.only_left, summary.only_right) == (1, 8, 0)


def test_metric_of_one_side_is_told() -> None:
    found = sm.compare(days(1, of=reading("saves")), days(1, of=BETA))

    assert [(each.name, each.metric, each.reason) for each in found.unmatched] == [
        ("alpha", "saves", "beta has no saves"),
        ("beta", "likes", "alpha has no likes"),
    ]


def test_metric_that_nobody_has_is_told_when_it_is_asked_for() -> None:
    found = sm.compare(days(1), days(1, of=BETA), metrics=["reach", "likes"])

    assert pairs(found) == [(1, 1)]
    assert [(each.name, each.figures, each.reason) for each in found.unmatched] == [
        ("alpha", 0, "alpha has no reach"),
        ("beta", 0, "beta has no reach"),
    ]


# -- scopes, vendors, derived metrics --------------------------------------------------


def test_figures_of_equal_scope_meet_first() -> None:
    left = series(figure(5, reading()), figure(8, reading(scope="total")))
    right = series(figure(9, reading(vendor="beta", scope="total")))

    found = sm.compare(left, right)

    assert pairs(found) == [(8, 9)]
    assert found.unmatched == ()


def test_total_is_compared_before_organic_and_paid() -> None:
    left = series(figure(5, reading()), figure(3, reading(scope="paid")))
    right = series(figure(9, reading(vendor="beta", scope="total")))

    found = sm.compare(left, right)

    assert only(found).left_reading.scope == "organic"


def test_every_vendor_of_a_side_is_compared() -> None:
    right = series(figure(6, BETA), figure(7, reading(vendor="gamma")))

    forth, back = sm.compare(days(5), right), sm.compare(right, days(5))

    assert pairs(forth) == [(5, 6), (5, 7)]
    assert pairs(back) == [(6, 5), (7, 5)]
    assert [row.right_reading.vendor for row in forth.rows] == ["beta", "gamma"]
    assert forth.sides[1].name == "beta + gamma"


def parts_of(
    vendor: str, likes: float, comments: float, reposts: float
) -> sm.MetricSeries:
    return series(
        figure(likes, reading("likes", vendor)),
        figure(comments, reading("comments", vendor)),
        figure(reposts, reading("reposts", vendor)),
    )


def test_derived_metrics_are_worked_out_when_asked_for() -> None:
    found = sm.compare(
        parts_of("alpha", 1, 2, 3),
        parts_of("beta", 1, 2, 4),
        metrics=["engagements.public"],
    )

    row = only(found)
    assert (row.metric, row.left, row.right) == ("engagements.public", 6, 7)
    assert row.verdict == "comparable"
    assert {p.metric for p in found.behind(0, "left")} == {
        "likes",
        "comments",
        "reposts",
    }
    assert {each.metric for each in found.coverage} == {"engagements.public"}


def test_derived_metric_of_one_side_is_worked_out_for_the_other() -> None:
    told = reading(
        "engagements.public", "beta", composition="likes + comments + reposts"
    )

    found = sm.compare(parts_of("alpha", 1, 2, 3), series(figure(6, told)))

    assert ("engagements.public", 6, 6) in {
        (row.metric, row.left, row.right) for row in found.rows
    }


def test_what_cannot_be_worked_out_is_told_with_the_reason() -> None:
    found = sm.compare(
        days(1), days(1, of=BETA), metrics=["engagement_rate.impressions"]
    )

    assert len(found.rows) == 0
    assert {each.figures for each in found.unmatched} == {0}
    assert "needs comments, which is not among" in found.unmatched[0].reason


def test_derived_sums_know_how_many_posts_and_days_are_in_them() -> None:
    known = [post(1), post(2)]
    right = series(
        *(
            figures([1] * 24, reading(m, "beta", **HOURLY), span=HOUR, subject=ref(n))
            for n in (1, 2)
            for m in ("likes", "comments", "reposts")
        )
    )
    left = parts_of("alpha", 48, 48, 48)

    found = sm.compare(
        left, right, metrics=["engagements.public"], posts=known, profiles=[profile()]
    )

    assert pairs(found) == [(144, 144)]
    assert only(found).conversions[1].text == "added up over 2 posts of the account"


# -- several sides ---------------------------------------------------------------------


def test_three_tools_make_three_pairs() -> None:
    found = sm.compare(days(1), days(2, of=BETA), days(3, of=reading(vendor="gamma")))

    assert [(r.left_name, r.right_name, r.gap) for r in found.rows] == [
        ("alpha", "beta", 1),
        ("alpha", "gamma", 2),
        ("beta", "gamma", 1),
    ]
    assert [(s.left_name, s.right_name, s.rows) for s in found.summaries] == [
        ("alpha", "beta", 1),
        ("alpha", "gamma", 1),
        ("beta", "gamma", 1),
    ]


def test_sides_are_named_after_their_vendors_or_as_asked() -> None:
    series_ = days(1)

    same = sm.compare(series_, series_)
    named = sm.compare(series_, series_, names=["Export", "API"])
    empty = sm.compare(series_, sm.MetricSeries.empty())

    assert [side.name for side in same.sides] == ["alpha", "alpha (2)"]
    assert [side.name for side in named.sides] == ["Export", "API"]
    assert [side.name for side in empty.sides] == ["alpha", "series 2"]
    assert (same.sides[0].vendors, same.sides[0].read_at) == (("alpha",), READ)
    assert (empty.sides[1].vendors, empty.sides[1].read_at) == ((), None)
    assert pairs(same) == [(1, 1)]
    assert same.summaries[0].equal == 1


def test_labels_are_handles_names_or_ids() -> None:
    found = sm.compare(
        days(1),
        days(1, of=BETA),
        profiles=[profile(handle="acme"), profile(OTHER, name="Other")],
    )

    assert found.label(ACME) == "@acme on x"
    assert found.label(OTHER) == "Other on x"
    assert found.label(ref(1)) == "x:1"


# -- what is read of it ----------------------------------------------------------------


@pytest.fixture
def weekly() -> Comparison:
    return sm.compare(
        series(figures([1, 2, 3], reading()), figures([4, 5], reading("comments"))),
        series(
            figures([1, None, 4], BETA), figures([4, 6], reading("comments", "beta"))
        ),
    )


def test_rows_are_a_sequence(weekly: Comparison) -> None:
    rows = weekly.rows

    assert len(rows) == 5
    assert [row.number for row in rows] == [0, 1, 2, 3, 4]
    assert rows[-1] == rows[4] == [*rows][4]
    assert rows[1:3] == [rows[1], rows[2]]
    assert rows[::-2] == [rows[4], rows[2], rows[0]]
    assert rows[9:] == []
    assert rows[0] in rows
    for number in (5, -6):
        with pytest.raises(IndexError, match=f"row {number} of a comparison of 5"):
            rows[number]


def test_no_rows_are_an_empty_sequence() -> None:
    rows = sm.compare(sm.MetricSeries.empty(), sm.MetricSeries.empty()).rows

    assert (len(rows), [*rows], rows[:3]) == (0, [], [])
    with pytest.raises(IndexError):
        rows[0]


def test_raw_figures_behind_a_row_are_found() -> None:
    hours = series(
        figures([1] * 48, reading(), span=HOUR),
        figures([9] * 48, reading(scope="paid"), span=HOUR),
        figures([5] * 48, reading("comments"), span=HOUR),
    )

    found = sm.compare(hours, days(24, 25, of=BETA))

    left, right = found.behind(1, "left"), found.behind(1, "right")
    assert [(p.start, p.value) for p in left] == [
        (MONDAY + DAY + n * HOUR, 1) for n in range(24)
    ]
    assert [p.value for p in right] == [25]


def test_raw_figures_of_posts_are_behind_their_account() -> None:
    posts = sm.MetricSeries.concat([hours_of(1, *[1] * 24), hours_of(2, *[2] * 24)])

    found = sm.compare(days(72), posts, posts=POSTS, profiles=[profile()])

    assert {p.subject for p in found.behind(0, "right")} == {ref(1), ref(2)}
    assert len(found.behind(0, "right")) == 48


def test_lifetime_totals_and_levels_are_behind_their_rows() -> None:
    left = sm.MetricSeries.concat(
        [
            totals({ref(1): 5, ref(2): 6}),
            series(figures([10, 11], levels(), span=HOUR * 0)[:1]),
        ]
    )

    found = sm.compare(left, left)

    assert [[p.value for p in found.behind(n, "left")] for n in range(3)] == [
        [5],
        [6],
        [10],
    ]


@pytest.mark.parametrize("number", [5, -1])
def test_nothing_is_behind_a_row_that_is_not_there(
    weekly: Comparison, number: int
) -> None:
    with pytest.raises(IndexError, match=f"row {number} of a comparison of 5"):
        weekly.behind(number, "left")


def test_lines_have_every_day_of_every_tool(weekly: Comparison) -> None:
    lines = {(line.name, line.metric): line for line in weekly.lines()}

    assert [*lines] == [
        ("alpha", "likes"),
        ("beta", "likes"),
        ("alpha", "comments"),
        ("beta", "comments"),
    ]
    beta = lines["beta", "likes"]
    assert [(each.day, each.value) for each in beta.days] == [
        (date(2026, 3, 2), 1),
        (date(2026, 3, 3), None),
        (date(2026, 3, 4), 4),
    ]
    assert beta.subject == ACME
    assert beta.settled_through == date(2026, 3, 4)


def test_lines_end_to_be_settled_at_the_first_provisional_day() -> None:
    left = figures([1, 2, 3], reading())
    left[1] = figure(2, reading(), MONDAY + DAY, settled=sm.Settled.NO)

    found = sm.compare(series(left), days(1, 2, 3, of=BETA))

    line, _ = found.lines()
    assert [each.settled for each in line.days] == [True, False, True]
    assert line.settled_through == date(2026, 3, 2)


def test_line_of_posts_is_that_of_their_account() -> None:
    left = series(figures([72], reading()))
    posts = sm.MetricSeries.concat([hours_of(1, *[1] * 24), hours_of(2, *[2] * 24)])

    found = sm.compare(left, posts, posts=POSTS, profiles=[profile()], by="total")

    assert [(line.name, [d.value for d in line.days]) for line in found.lines()] == [
        ("alpha", [72]),
        ("beta", [72]),
    ]


def test_posts_have_no_lines() -> None:
    found = sm.compare(totals({ref(1): 5}), totals({ref(1): 5}, lasting(vendor="beta")))

    assert found.lines() == ()


def test_every_row_adds_up(weekly: Comparison) -> None:
    assert all(map(adds_up, weekly.rows))


def test_summaries_count_rows_values_and_agreement(weekly: Comparison) -> None:
    likes, comments = weekly.summaries

    assert (likes.metric, likes.rows, likes.valued, likes.equal) == ("likes", 3, 2, 1)
    assert (comments.rows, comments.valued, comments.equal) == (2, 2, 1)
    assert likes.verdict == "comparable"


def test_faults_coverage_and_advice_are_of_what_was_compared() -> None:
    left = series(
        figures([5, 5], reading(scope="organic", metric="impressions")),
        figures([4, 6], reading(scope="total", metric="impressions")),
    )
    right = days(4, 6, of=reading("impressions", "beta", scope="total"))

    found = sm.compare(left, right)

    assert {fault.lesser for fault in found.faults} == {5}
    assert {fault.start for fault in found.faults} == {MONDAY}
    assert [(c.name, c.subjects, c.reported) for c in found.coverage] == [
        ("alpha", 1, 1),
        ("beta", 1, 1),
    ]
    assert {each.metric for each in found.advice} == {"impressions"}
    assert found.rules
    assert {each.id for each in found.caveats}.isdisjoint({"scope-same"})


def test_coverage_leaves_out_tools_that_have_nothing() -> None:
    found = sm.compare(days(1), days(1, of=reading("comments", "beta")))

    assert [(c.name, c.metric) for c in found.coverage] == [
        ("alpha", "likes"),
        ("beta", "comments"),
    ]


def test_days_that_were_left_out_are_not_behind_a_sum() -> None:
    left = days(1, 2, 4, 8)

    found = sm.compare(left, days(1, None, 4, of=BETA), by="week")

    assert pairs(found) == [(5, 5)]
    assert [p.value for p in found.behind(0, "left")] == [1, 4]
    assert [p.value for p in found.behind(0, "right")] == [1, 4]


def test_of_figures_read_twice_the_last_one_is_behind() -> None:
    twice = series(figure(1, reading()), figure(3, reading(), read=READ + DAY))

    found = sm.compare(twice, days(3, of=BETA))

    assert [p.value for p in found.behind(0, "left")] == [3]
