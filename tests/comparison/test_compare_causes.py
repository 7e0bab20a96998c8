"""Gaps are split into causes: computed from figures, else bounded, else open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

import socialmetrics as sm
from socialmetrics.comparison.comparison import Comparison
from socialmetrics.comparison.result import Cause, Row
from socialmetrics.model import Point
from socialmetrics.reading import Reading
from tests.comparison.sides import (
    ACME,
    DAY,
    HOUR,
    MONDAY,
    READ,
    WEEK,
    adds_up,
    days,
    figure,
    figures,
    lasting,
    post,
    profile,
    reading,
    ref,
    series,
    totals,
)

SEEN = "impressions"


def only(found: Comparison) -> Row:
    (row,) = found.rows
    assert adds_up(row)
    return row


def told(row: Row) -> list[tuple[str, float, str]]:
    return [(each.name, each.amount, each.basis) for each in row.causes]


def bounds(cause: Cause) -> tuple[float | None, float | None]:
    return cause.low, cause.high


# -- scope -----------------------------------------------------------------------------

ORGANIC = reading(SEEN)
PAID = reading(SEEN, scope="paid")
TOTAL = reading(SEEN, "beta", scope="total")


@pytest.mark.parametrize("where", ["in the series", "in parts"])
def test_paid_figures_turn_organic_into_total(where: str) -> None:
    left, paid, right = days(60, of=ORGANIC), days(30, of=PAID), days(95, of=TOTAL)
    if where == "in parts":
        found = sm.compare(left, right, parts=[paid])
    else:
        found = sm.compare(sm.MetricSeries.concat([left, paid]), right)

    row = only(found)
    assert told(row) == [("scope", 30, "computed")]
    assert row.unexplained == 5
    assert row.axes["scope"].answer == "convertible"
    assert row.verdict == "comparable_after"
    assert row.converted == 90


def test_total_of_the_left_itself_is_taken_first() -> None:
    total = days(92, of=reading(SEEN, scope="total"))

    found = sm.compare(days(60, of=ORGANIC), days(95, of=TOTAL), parts=[total])

    assert told(only(found)) == [("scope", 32, "computed")]


def test_paid_figures_of_the_right_turn_its_total_into_organic() -> None:
    paid = days(30, of=reading(SEEN, "beta", scope="paid"))

    found = sm.compare(days(60, of=ORGANIC), days(95, of=TOTAL), parts=[paid])

    row = only(found)
    assert told(row) == [("scope", 30, "computed")]
    assert (
        row.causes[0].text == "total instead of organic, as the right side tells both"
    )


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("organic", "total", (0, None)),
        ("paid", "total", (0, None)),
        ("total", "organic", (None, 0)),
        ("organic", "paid", (None, None)),
        ("unknown", "total", (None, None)),
    ],
)
def test_scopes_that_were_not_read_are_bounded_at_best(
    left: str, right: str, expected: tuple[float | None, float | None]
) -> None:
    found = sm.compare(
        days(60, of=reading(SEEN, scope=left)),
        days(95, of=reading(SEEN, "beta", scope=right)),
    )

    (cause,) = only(found).causes
    assert (cause.name, cause.amount, bounds(cause)) == ("scope", 0, expected)
    assert cause.basis == ("unknown" if expected == (None, None) else "bounded")
    assert only(found).unexplained == 35


def test_scopes_of_what_is_taken_back_are_not_bounded() -> None:
    found = sm.compare(
        days(60, of=reading(net=True)),
        days(95, of=reading(vendor="beta", scope="total", net=True)),
    )

    assert [bounds(each) for each in only(found).causes] == [(None, None)]


def test_cause_is_computed_for_the_days_that_have_parts() -> None:
    left = sm.MetricSeries.concat([days(60, 70, of=ORGANIC), days(30, of=PAID)])

    found = sm.compare(left, days(90, 99, of=TOTAL))

    assert [told(row) for row in found.rows] == [
        [("scope", 30, "computed")],
        [("scope", 0, "bounded")],
    ]
    assert [row.verdict for row in found.rows] == ["comparable_after", "bounded"]
    assert found.summaries[0].verdict == "bounded"


# -- formula ---------------------------------------------------------------------------

OWN = "engagements.vendor"
FOUR = "likes + comments + reposts + clicks"
THREE = "likes + comments + reposts"


def parts_of(vendor: str, **values: float) -> sm.MetricSeries:
    return series(*(figure(n, reading(m, vendor)) for m, n in values.items()))


def sums(left: str, right: str) -> tuple[sm.MetricSeries, sm.MetricSeries]:
    return (
        days(100, of=reading(OWN, composition=left)),
        days(75, of=reading(OWN, "beta", composition=right)),
    )


def test_parts_of_the_left_turn_one_formula_into_another() -> None:
    parts = parts_of("alpha", likes=40, comments=20, reposts=10, clicks=30)

    row = only(sm.compare(*sums(FOUR, THREE), parts=[parts]))

    assert told(row) == [("formula", -30, "computed")]
    assert row.unexplained == 5
    assert row.causes[0].text.startswith("counted as comments + likes + reposts")
    assert row.axes["formula"].answer == "convertible"


def test_parts_of_the_right_do_as_well() -> None:
    parts = parts_of("beta", likes=40, comments=20, reposts=10, clicks=33)

    row = only(sm.compare(*sums(FOUR, THREE), parts=[parts]))

    assert told(row) == [("formula", -28, "computed")]
    assert row.unexplained == 3


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("link_clicks + media_clicks", "link_clicks", (None, 0)),
        ("link_clicks", "link_clicks + media_clicks", (0, None)),
        ("link_clicks + media_clicks", "link_clicks + app_opens", (None, None)),
        ("not documented", "link_clicks", (None, None)),
        ("link_clicks", "not documented", (None, None)),
    ],
)
def test_formulas_whose_parts_were_not_read_are_bounded_at_best(
    left: str, right: str, expected: tuple[float | None, float | None]
) -> None:
    one = days(100, of=reading("clicks", composition=left))
    other = days(75, of=reading("clicks", "beta", composition=right))

    (cause,) = only(sm.compare(one, other)).causes

    assert (cause.name, cause.amount, bounds(cause)) == ("formula", 0, expected)


def test_scope_follows_the_formula_in_common_terms() -> None:
    left = days(100, of=reading(OWN, composition=FOUR))
    right = days(90, of=reading(OWN, "beta", composition=THREE, scope="total"))
    organic = parts_of("alpha", likes=40, comments=20, reposts=10, clicks=30)
    total = series(
        *(
            figure(n, reading(metric, scope="total"))
            for metric, n in (("likes", 50), ("comments", 25), ("reposts", 12))
        )
    )

    row = only(sm.compare(left, right, parts=[organic, total]))

    assert told(row) == [("formula", -30, "computed"), ("scope", 17, "computed")]
    assert row.unexplained == 3


# -- what posts did hour by hour -------------------------------------------------------

HOURLY = reading(SEEN, "gamma", level="post")
LASTING = lasting(SEEN)
LATER = lasting(SEEN, "beta")
READ_LATER = READ + 3 * HOUR


def hours(
    number: int, values: Sequence[float], born: datetime = MONDAY, read: datetime = READ
) -> list[Point]:
    return figures(values, HOURLY, born, HOUR, subject=ref(number), read=read + 2 * DAY)


def ones(until: datetime, born: datetime = MONDAY) -> list[float]:
    return [1] * int((until - born) / HOUR)


def test_activity_between_two_readings_is_computed() -> None:
    evidence = series(hours(1, [1] * 225 + [5, 6, 7, 8]))

    found = sm.compare(
        totals({ref(1): 230}, LASTING, read=MONDAY + 226 * HOUR),
        totals({ref(1): 244}, LATER, read=MONDAY + 228 * HOUR),
        parts=[evidence],
    )

    row = only(found)
    assert told(row) == [("freshness", 13, "computed")]
    assert row.unexplained == 1
    assert row.axes["freshness"].answer == "convertible"


def test_activity_after_the_right_side_was_read_is_not_in_it() -> None:
    evidence = series(hours(1, [1] * 225 + [5, 6, 7, 8]))

    found = sm.compare(
        totals({ref(1): 243}, LASTING, read=MONDAY + 228 * HOUR),
        totals({ref(1): 230}, LATER, read=MONDAY + 226 * HOUR),
        parts=[evidence],
    )

    assert told(only(found)) == [("freshness", -13, "computed")]


@pytest.mark.parametrize(
    ("metric", "later", "expected"),
    [
        (SEEN, "beta", ("bounded", (0, None))),
        (SEEN, "alpha", ("bounded", (None, 0))),
        ("likes", "beta", ("unknown", (None, None))),
    ],
)
def test_activity_that_nobody_saw_is_bounded_where_nothing_is_taken_back(
    metric: str, later: str, expected: tuple[str, tuple[float | None, float | None]]
) -> None:
    read = {"alpha": READ, "beta": READ} | {later: READ + 3 * HOUR}

    left, right = (
        totals({ref(1): 10}, lasting(metric, name), read=read[name])
        for name in ("alpha", "beta")
    )

    (cause,) = only(sm.compare(left, right)).causes
    assert (cause.basis, bounds(cause)) == expected


def test_total_is_turned_from_what_happened_in_a_window() -> None:
    """Born on Saturday, five a hour: two days before the window, three days after."""
    born = MONDAY - 2 * DAY
    until = MONDAY + 10 * DAY
    evidence = series(hours(1, [5] * 24 * 12, born, until))
    left = figures(
        [5 * 24] * 7, reading(SEEN, level="post"), subject=ref(1), read=until
    )

    found = sm.compare(
        series(left),
        totals({ref(1): 5 * 24 * 12}, LATER, born, read=until),
        level="post",
        by="total",
        window=sm.Window.days("2026-02-28", "2026-03-08"),
        parts=[evidence],
        posts=[post(1, born)],
    )

    row = only(found)
    assert (row.left, row.right) == (5 * 24 * 7, 5 * 24 * 12)
    assert told(row) == [
        ("date_axis", 5 * 24 * 2, "computed"),
        ("date_axis", 5 * 24 * 3, "computed"),
    ]
    assert row.unexplained == 0
    assert row.axes["date_axis"].answer == "convertible"


def test_total_is_turned_into_what_happened_in_a_window() -> None:
    born, until = MONDAY - 2 * DAY, MONDAY + 10 * DAY
    evidence = series(hours(1, [5] * 24 * 12, born, until))
    right = figures(
        [5 * 24] * 7, reading(SEEN, "beta", level="post"), subject=ref(1), read=until
    )

    found = sm.compare(
        totals({ref(1): 5 * 24 * 12}, LASTING, born, read=until),
        series(right),
        by="total",
        window=sm.Window.days("2026-02-28", "2026-03-08"),
        parts=[evidence],
    )

    assert told(only(found)) == [
        ("date_axis", -5 * 24 * 2, "computed"),
        ("date_axis", -5 * 24 * 3, "computed"),
    ]
    assert only(found).unexplained == 0


def test_window_of_another_zone_is_computed_for_posts() -> None:
    """One a hour, and ten in the eight hours by which the day begins later."""
    values = [10.0] * 8 + [1.0] * 16 + [3.0] * 8
    evidence = series(hours(1, [*values, *[1] * 24]))
    left = figures([96], reading(SEEN, level="post"), subject=ref(1))
    own = reading(SEEN, "beta", level="post", zone="America/Los_Angeles")
    right = figures([40], own, MONDAY + 8 * HOUR, subject=ref(1))

    found = sm.compare(series(left), series(right), parts=[evidence])

    row = only(found)
    assert told(row) == [("window_and_zone", -56, "computed")]
    assert row.unexplained == 0


def test_window_of_another_zone_is_computed_for_accounts() -> None:
    values = [10.0] * 8 + [1.0] * 16 + [3.0] * 8
    evidence = series(hours(1, [*values, *[1] * 24]))
    own = reading(SEEN, "beta", zone="America/Los_Angeles")

    found = sm.compare(
        days(97, of=reading(SEEN)),
        series(figure(43, own, MONDAY + 8 * HOUR)),
        parts=[evidence],
        posts=[post(1)],
        profiles=[profile()],
    )

    row = only(found)
    assert told(row) == [("window_and_zone", -56, "computed")]
    assert row.unexplained == 2


def test_parts_may_be_of_the_sides_themselves() -> None:
    """Hours of the left's own vendor explain its totals."""
    own = reading(SEEN, level="post")
    evidence = figures([1] * 228, own, span=HOUR, subject=ref(1), read=READ + DAY)

    found = sm.compare(
        totals({ref(1): 226}, LASTING, read=MONDAY + 226 * HOUR),
        totals({ref(1): 228}, LATER, read=MONDAY + 228 * HOUR),
        parts=[series(evidence)],
    )

    assert told(only(found)) == [("freshness", 2, "computed")]


# -- accounts and their posts ----------------------------------------------------------

OLD, NEW, GONE = (post(1, MONDAY - 3 * DAY), post(2), post(3, MONDAY + DAY))
UNTIL = MONDAY + 9 * DAY


def everything(*, without: tuple[int, ...] = ()) -> sm.MetricSeries:
    """One a hour for every post, from its publication on."""
    return series(
        *(
            hours(n, ones(UNTIL, each.created_at), each.created_at, UNTIL)
            for n, each in ((1, OLD), (2, NEW), (3, GONE))
            if n not in without
        )
    )


def account(metric: str = SEEN, vendor: str = "alpha") -> sm.MetricSeries:
    """What happened to all three in the week."""
    daily = [48.0] + [72.0] * 6
    return days(*daily, of=reading(metric, vendor), read=UNTIL)


def listed(
    *numbers: int, vendor: str = "beta", read: datetime = UNTIL
) -> sm.MetricSeries:
    """Totals of posts, at one a hour."""
    posts = {1: OLD, 2: NEW, 3: GONE}
    return series(
        *(
            figure(
                (read - posts[n].created_at) / HOUR,
                lasting(SEEN, vendor),
                posts[n].created_at,
                None,
                subject=ref(n),
                read=read,
            )
            for n in numbers
        )
    )


ASKED: dict[str, Any] = {
    "window": WEEK,
    "posts": [OLD, NEW, GONE],
    "profiles": [profile()],
}


KNOWN: dict[str, Any] = {**ASKED, "posts": [OLD, NEW]}


def test_week_of_an_account_against_the_posts_of_that_week() -> None:
    found = sm.compare(account(), listed(1, 2, 3), parts=[everything()], **ASKED)

    row = only(found)
    assert (row.subject, row.left, row.right) == (ACME, 480, 9 * 24 + 8 * 24)
    assert told(row) == [
        ("date_axis", -7 * 24, "computed"),  # the older post
        ("date_axis", 4 * 24, "computed"),  # two posts, two days each
    ]
    assert row.unexplained == 0


def test_the_other_way_round_it_is_the_same() -> None:
    found = sm.compare(
        listed(1, 2, 3, vendor="alpha"),
        account(vendor="beta"),
        parts=[everything()],
        **ASKED,
    )

    row = only(found)
    assert (row.left, row.right) == (17 * 24, 480)
    assert told(row) == [
        ("date_axis", -4 * 24, "computed"),
        ("date_axis", 7 * 24, "computed"),
    ]
    assert row.unexplained == 0


def test_posts_that_one_side_lacks_are_a_cause() -> None:
    found = sm.compare(account(), listed(1, 2), parts=[everything()], **ASKED)

    row = only(found)
    assert row.right == 9 * 24
    assert told(row) == [
        ("date_axis", -7 * 24, "computed"),
        ("date_axis", 4 * 24, "computed"),
        ("population", -8 * 24, "computed"),
    ]
    assert row.causes[2].text == "1 posts that the right side has no figure of"
    assert row.unexplained == 0


def test_posts_that_the_left_lacks_are_a_cause_too() -> None:
    found = sm.compare(
        listed(1, 2, vendor="alpha"),
        account(vendor="beta"),
        parts=[everything()],
        **ASKED,
    )

    row = only(found)
    assert told(row) == [
        ("date_axis", -2 * 24, "computed"),
        ("date_axis", 7 * 24, "computed"),
        ("population", 6 * 24, "computed"),
    ]
    assert row.unexplained == 0


def test_posts_that_are_not_known_by_the_hour_are_unknown() -> None:
    found = sm.compare(
        account(), listed(1, 2, 3), parts=[everything(without=(3,))], **ASKED
    )

    row = only(found)
    open_ = [each.text for each in row.causes if each.basis == "unknown"]
    assert "1 posts are not known by the hour" in open_
    assert row.axes["date_axis"].answer == "different"


@pytest.mark.parametrize("left_is_late", [True, False])
def test_posts_read_at_other_times_are_a_cause(left_is_late: bool) -> None:
    late, early = UNTIL - HOUR, UNTIL - 6 * HOUR
    reads = (late, early) if left_is_late else (early, late)
    left = account()
    left = series(
        *(figure(p.value, p.reading, p.start, DAY, read=reads[0]) for p in left)
    )

    found = sm.compare(
        left,
        listed(1, 2, 3, read=reads[1]),
        parts=[everything()],
        **ASKED,
    )

    row = only(found)
    assert told(row)[-1] == ("freshness", -10 if left_is_late else 10, "computed")
    assert row.unexplained == 0


def test_totals_of_posts_read_at_other_times_are_split_by_post() -> None:
    found = sm.compare(
        listed(2, 3, vendor="alpha", read=UNTIL - 5 * HOUR),
        listed(2, read=UNTIL - HOUR),
        level="profile",
        parts=[everything()],
        **ASKED,
    )

    row = only(found)
    assert told(row) == [
        ("population", -(8 * 24 - 5), "computed"),
        ("freshness", 4, "computed"),
    ]
    assert row.unexplained == 0


def by_posts(
    vendor: str, *numbers: int, read: datetime = UNTIL, of: Reading | None = None
) -> sm.MetricSeries:
    """Days of posts, at one a hour."""
    what = of or reading(SEEN, vendor, level="post")
    return series(
        *(
            figures([24.0] * 6, what, MONDAY + DAY, subject=ref(n), read=read)
            for n in numbers
        )
    )


def test_days_of_posts_that_one_side_lacks_are_a_cause() -> None:
    found = sm.compare(
        by_posts("alpha", 1, 2),
        by_posts("beta", 2, 3),
        level="profile",
        parts=[everything()],
        **ASKED,
    )

    assert [told(row) for row in found.rows] == [
        [("population", -24, "computed"), ("population", 24, "computed")]
    ] * 6
    assert {row.unexplained for row in found.rows} == {0}


@pytest.mark.parametrize(
    ("metric", "expected"),
    [(SEEN, ("bounded", (None, 0))), ("likes", ("unknown", (None, None)))],
)
def test_posts_without_figures_can_only_lessen_what_never_falls(
    metric: str, expected: tuple[str, tuple[float | None, float | None]]
) -> None:
    what = reading(metric, "beta", level="post")
    right = series(
        figure(24, what, MONDAY + DAY, subject=ref(1)),
        figure(None, what, MONDAY + DAY, subject=ref(2)),
    )

    found = sm.compare(days(72, of=reading(metric), start=MONDAY + DAY), right, **KNOWN)

    (cause,) = only(found).causes
    assert (cause.basis, bounds(cause)) == expected
    assert cause.text == "1 posts have no figures on one side"


def test_posts_without_figures_on_the_left_can_only_add() -> None:
    what = reading(SEEN, level="post")
    left = series(
        figure(24, what, MONDAY + DAY, subject=ref(1)),
        figure(None, what, MONDAY + DAY, subject=ref(2)),
    )

    found = sm.compare(
        left, days(72, of=reading(SEEN, "beta"), start=MONDAY + DAY), **ASKED
    )

    (cause,) = only(found).causes
    assert (cause.basis, bounds(cause)) == ("bounded", (0, None))
    assert only(found).axes["population"].answer == "ordered"


@pytest.mark.parametrize(
    ("is_left", "expected"), [(True, (0, 100)), (False, (-100, 0))]
)
def test_posts_without_figures_had_at_most_their_totals(
    is_left: bool, expected: tuple[float, float]
) -> None:
    name, other = ("alpha", "beta") if is_left else ("beta", "alpha")
    what = reading(SEEN, name, level="post")
    posts = series(
        figure(24, what, MONDAY + DAY, subject=ref(1)),
        figure(None, what, MONDAY + DAY, subject=ref(2)),
    )
    whole = days(72, of=reading(SEEN, other), start=MONDAY + DAY)
    sides = (posts, whole) if is_left else (whole, posts)

    found = sm.compare(
        *sides, parts=[totals({ref(2): 100}, lasting(SEEN, other))], **KNOWN
    )

    (cause,) = only(found).causes
    assert bounds(cause) == expected


# -- windows that were not over --------------------------------------------------------


def test_window_that_was_not_over_is_a_cause_of_accounts() -> None:
    early, late = MONDAY + 12 * HOUR, MONDAY + 15 * HOUR

    found = sm.compare(
        days(12, of=reading(SEEN), read=early),
        days(15, of=reading(SEEN, "beta"), read=late),
        parts=[series(hours(2, [1] * 48))],
        posts=[NEW],
        profiles=[profile()],
    )

    row = only(found)
    assert told(row) == [("freshness", 3, "computed")]
    assert row.unexplained == 0


@pytest.mark.parametrize(
    ("metric", "apart", "expected"),
    [
        (SEEN, 3, (0, None)),
        (SEEN, -3, (None, 0)),
        ("likes", 3, (None, None)),
    ],
)
def test_window_that_was_not_over_is_bounded_where_nothing_falls(
    metric: str, apart: int, expected: tuple[float | None, float | None]
) -> None:
    read = MONDAY + 12 * HOUR

    found = sm.compare(
        days(12, of=reading(metric), read=read),
        days(15, of=reading(metric, "beta"), read=read + timedelta(hours=apart)),
    )

    (cause,) = only(found).causes
    assert (cause.name, bounds(cause)) == ("freshness", expected)


def test_figures_that_may_still_change_are_doubtful() -> None:
    provisional = figure(15, reading(SEEN, "beta"), settled=sm.Settled.NO)

    found = sm.compare(days(12, of=reading(SEEN), read=READ + DAY), series(provisional))

    row = only(found)
    assert [(each.name, each.basis) for each in row.causes] == [
        ("freshness", "unknown")
    ]
    assert row.axes["freshness"].answer == "unknown"


def test_units_that_differ_are_never_compared() -> None:
    found = sm.compare(
        days(12, of=reading("spend", unit="currency")),
        days(12, of=reading("spend", "beta")),
    )

    assert only(found).verdict == "not_comparable"
    assert only(found).axes["formula"].grounds.id == "other-unit"


# -- posts by the day, and what nobody read --------------------------------------------


@pytest.mark.parametrize("is_left", [True, False])
def test_week_of_an_account_is_open_without_evidence(is_left: bool) -> None:
    name, other = ("alpha", "beta") if is_left else ("beta", "alpha")
    both = account(vendor=name), listed(1, 2, 3, vendor=other)

    found = sm.compare(*(both if is_left else reversed(both)), **ASKED)

    (cause,) = only(found).causes
    assert (cause.name, cause.basis) == ("date_axis", "unknown")
    assert cause.text == "what the posts did by the hour was not read"


def test_posts_by_the_day_against_their_totals() -> None:
    """The left has days of two posts, the right totals of the week's posts."""
    found = sm.compare(
        by_posts("alpha", 1, 2),
        listed(2, 3),
        by="total",
        level="profile",
        parts=[everything()],
        **ASKED,
    )

    row = only(found)
    assert (row.left, row.right) == (2 * 6 * 24, 9 * 24 + 8 * 24)
    assert told(row) == [
        ("date_axis", -7 * 24, "computed"),
        ("date_axis", 2 * 24, "computed"),
        ("population", 8 * 24, "computed"),
    ]
    assert row.unexplained == 48  # Monday, which the left lacks.


def test_totals_of_posts_against_posts_by_the_day() -> None:
    found = sm.compare(
        listed(2, 3, vendor="alpha"),
        by_posts("beta", 1, 2),
        by="total",
        level="profile",
        parts=[everything()],
        **ASKED,
    )

    row = only(found)
    assert told(row) == [
        ("date_axis", -2 * 24, "computed"),
        ("date_axis", 7 * 24, "computed"),
        ("population", -8 * 24, "computed"),
    ]
    assert row.unexplained == -48


def test_posts_that_are_only_known_by_other_metrics_leave_a_gap_open() -> None:
    more = [OLD, NEW, GONE, post(4, MONDAY + 2 * DAY)]
    asked: dict[str, Any] = {**ASKED, "posts": more}
    saved = totals({ref(4): 1}, lasting("saves"), MONDAY + 2 * DAY)

    found = sm.compare(account(), listed(1, 2, 3), parts=[everything(), saved], **asked)

    assert only(found).causes[-1].text == (
        "1 posts of the account are not known by the hour"
    )
    assert only(found).axes["population"].answer == "unknown"


def test_figures_by_the_day_tell_nothing_of_an_hour() -> None:
    daily = figures([24] * 9, reading(SEEN, "gamma", level="post"), subject=ref(1))

    found = sm.compare(
        totals({ref(1): 60}, LASTING, read=MONDAY + 60 * HOUR),
        totals({ref(1): 66}, LATER, read=MONDAY + 66 * HOUR),
        parts=[series(daily)],
    )

    (cause,) = only(found).causes
    assert (cause.name, cause.amount, cause.basis) == ("freshness", 0, "bounded")


def test_hours_tell_more_than_days_of_the_same_tool() -> None:
    what = reading(SEEN, "gamma", level="post")
    daily = figures([24] * 9, what, subject=ref(1))

    found = sm.compare(
        totals({ref(1): 60}, LASTING, read=MONDAY + 60 * HOUR),
        totals({ref(1): 66}, LATER, read=MONDAY + 66 * HOUR),
        parts=[series(daily, hours(1, [1] * 200))],
    )

    assert told(only(found)) == [("freshness", 6, "computed")]


def test_evidence_that_overlaps_tells_nothing() -> None:
    twice = [
        *hours(1, [1] * 200),
        figure(1, HOURLY, MONDAY + HOUR / 2, HOUR, subject=ref(1)),
    ]

    found = sm.compare(
        totals({ref(1): 60}, LASTING, read=MONDAY + 60 * HOUR),
        totals({ref(1): 66}, LATER, read=MONDAY + 66 * HOUR),
        parts=[series(twice)],
    )

    assert [each.basis for each in only(found).causes] == ["bounded"]


def test_evidence_with_a_hole_tells_nothing_across_it() -> None:
    every = hours(1, [1] * 200)

    found = sm.compare(
        totals({ref(1): 60}, LASTING, read=MONDAY + 60 * HOUR),
        totals({ref(1): 66}, LATER, read=MONDAY + 66 * HOUR),
        parts=[series(every[:62], every[63:])],
    )

    assert [each.basis for each in only(found).causes] == ["bounded"]


def test_time_is_open_where_the_formula_is_not_known() -> None:
    left = totals({ref(1): 60}, lasting(OWN), read=MONDAY + 60 * HOUR)
    right = totals({ref(1): 66}, lasting(OWN, "beta"), read=MONDAY + 66 * HOUR)

    found = sm.compare(left, right, parts=[series(hours(1, [1] * 200))])

    assert [(each.name, each.basis) for each in only(found).causes] == [
        ("formula", "unknown"),
        ("freshness", "unknown"),
    ]


def test_total_of_a_post_born_in_the_window_has_nothing_before_it() -> None:
    left = figures([24] * 7, reading(SEEN, level="post"), subject=ref(1), read=UNTIL)

    found = sm.compare(
        series(left),
        totals({ref(1): 9 * 24}, LATER, read=UNTIL),
        by="total",
        window=WEEK,
        parts=[series(hours(1, ones(UNTIL), read=UNTIL))],
    )

    assert told(only(found)) == [("date_axis", 48, "computed")]
    assert only(found).causes[0].text == "activity after the window is counted"
