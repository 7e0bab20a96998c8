"""Daily figures: what stands in a cell, its parts, and its day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import attrs
import pytest

from socialmetrics.errors import (
    Unreadable,
)
from socialmetrics.model import Point, Ref
from socialmetrics.reading import Settled, Status
from socialmetrics.series import MetricSeries
from socialmetrics_sprout.parts import Account, DaysPart
from socialmetrics_sprout.read_days import days
from tests.sprout.calendars import (
    MANY,
    MONDAY,
    PART,
    Days,
    day_row,
    part_of,
    series,
)
from tests.sprout.driving import (
    NOW,
    ON_FACEBOOK,
    ON_INSTAGRAM,
    ON_X,
    Driven,
    asked,
    content,
    drive,
    script,
)

# -- cells -----------------------------------------------------------------------------


def one_day(
    metrics: dict[str, object], account: Account = ON_X
) -> Driven[MetricSeries]:
    part = DaysPart(
        accounts=(account,),
        first=MONDAY,
        last=MONDAY,
        asked=(asked(account.ref.network, "impressions", "video_views"),),
    )
    owner = int(account.vendor_id)
    return drive(
        days(part), script(content(day_row(owner, MONDAY, **metrics), pages=1))
    )


def by_name(found: MetricSeries) -> dict[str, Point]:
    return {point.reading.name: point for point in found}


@pytest.mark.parametrize(
    ("told", "value"),
    [(0, 0.0), (7, 7.0), (1.5, 1.5), ("12", 12.0), ("1e3", 1000.0), (2**53, 2.0**53)],
)
def test_numbers_and_numbers_as_text_are_values(told: object, value: float) -> None:
    found = one_day({"impressions": told})

    point = by_name(series(found))["impressions"]
    assert (point.value, point.status) == (value, Status.OBSERVED)
    assert found.issues == []


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ("many", "text that is no number"),
        (True, "bool instead of a number"),
        ([1], "list instead of a number"),
        ({"US": 1}, "dict instead of a number"),
        (2**53 + 1, "too large to be exact"),
        (-(2**60), "too large to be exact"),
        (10**400, "not a finite number"),
        ("NaN", "text that is no number"),
    ],
)
def test_what_is_no_number_is_named_with_profile_day_and_metric(
    told: object, problem: str
) -> None:
    found = one_day({"impressions": told, "video_views": 3})

    (issue,) = found.issues
    points = by_name(series(found))
    assert (issue.path, issue.problem) == ("6810000 2026-03-02 impressions", problem)
    assert issue.seen == str(told)[:80]
    assert points["impressions"].status is Status.NOT_REPORTED
    assert points["video_views"].value == 3


@pytest.mark.parametrize("spelled", [b"NaN", b"Infinity", b"1e400"])
def test_a_number_that_is_none_in_json_is_mended_and_named(spelled: bytes) -> None:
    body = b'{"data": [{"dimensions": {"reporting_period.by(day)": "2026-03-02", '
    body += b'"customer_profile_id": 6810000}, "metrics": {"impressions": %b}}]}'

    found = drive(days(attrs.evolve(PART, last=MONDAY)), lambda _: body % spelled)

    assert [p.status for p in series(found)] == [Status.NOT_REPORTED]
    assert [issue.problem for issue in found.issues] == ["not a finite number"]


@pytest.mark.parametrize("metrics", [{}, {"impressions": None}])
def test_a_row_without_the_figure_is_not_reported_and_never_zero(
    metrics: dict[str, object],
) -> None:
    found = one_day(metrics)

    assert {(p.value, p.status) for p in series(found)} == {(None, Status.NOT_REPORTED)}


@pytest.mark.parametrize(
    ("owner", "day"),
    [(999, MONDAY), (6810000, "2026-03-09"), (6810000, "yesterday")],
)
def test_a_row_that_nobody_asked_for_is_named_and_not_counted(
    owner: int, day: object
) -> None:
    found = drive(
        days(attrs.evolve(PART, last=MONDAY)),
        script(content(day_row(owner, day, impressions=9), pages=1)),
    )

    assert [(i.problem, i.seen) for i in found.issues] == [
        ("a row nobody asked for", f"{owner} on {day}")
    ]
    assert [p.status for p in series(found)] == [Status.NOT_COLLECTED]


@pytest.mark.parametrize("owner", [6810000, "6810000"])
def test_ids_may_be_numbers_or_text(owner: object) -> None:
    rows = [day_row(owner, MONDAY, impressions=9)]

    found = drive(days(attrs.evolve(PART, last=MONDAY)), lambda _: content(*rows))

    assert [p.value for p in series(found)] == [9.0]


def test_an_id_with_zeros_in_front_is_itself() -> None:
    zeros = Account("0042", Ref("x", "42"))
    rows = [day_row("0042", MONDAY, impressions=9), day_row(42, MONDAY, impressions=8)]

    found = drive(
        days(attrs.evolve(PART, last=MONDAY, accounts=(zeros,))),
        lambda _: content(*rows),
    )

    assert [p.value for p in series(found)] == [9.0]
    assert [issue.seen for issue in found.issues] == ["42 on 2026-03-02"]


@pytest.mark.parametrize("owner", [6810000.0, True, None, [1]])
def test_an_id_that_is_neither_is_unreadable(owner: object) -> None:
    with pytest.raises(Unreadable, match="customer_profile_id"):
        drive(days(PART), lambda _: content(day_row(owner, MONDAY)))


def test_a_later_row_of_the_same_day_replaces_an_earlier_one() -> None:
    rows = [day_row(6810000, MONDAY, impressions=n) for n in (1, 2)]

    found = drive(days(attrs.evolve(PART, last=MONDAY)), lambda _: content(*rows))

    assert [p.value for p in series(found)] == [2.0]


def test_every_figure_knows_the_request_it_came_from() -> None:
    found = drive(days(part_of(100, 15)), Days())

    sources = {p.source for p in series(found)}
    assert {(s.endpoint, s.request_id) for s in sources} == {
        ("analytics/profiles", "r-1")
    }


def test_a_day_that_was_not_over_when_it_was_read_is_not_settled() -> None:
    last = NOW.date() + timedelta(days=1)
    part = attrs.evolve(PART, first=NOW.date() - timedelta(days=1), last=last)
    row = day_row(6810000, NOW.date(), impressions=5)

    found = drive(days(part), script(content(row, pages=1)))

    assert [(p.value, p.settled) for p in series(found)] == [
        (None, Settled.UNKNOWN),
        (5.0, Settled.NO),
        (None, Settled.NO),
    ]
    assert "it was not over when it was read" in series(found).explain(1)


# -- figures that come in parts --------------------------------------------------------


KINDS = "posts_sent_by_post_type"


@pytest.mark.parametrize(
    ("told", "parts"),
    [
        ({"TWEET": 3, "REPLY": 0}, {"TWEET": 3.0, "REPLY": 0.0}),
        ({"POST": {"TEXT": 1, "PHOTO": "2"}}, {"POST/TEXT": 1.0, "POST/PHOTO": 2.0}),
        ({"TWEET": None}, {}),
        ({}, {}),
        (5, {"": 5.0}),
        (None, {"": None}),
    ],
)
def test_parts_become_breakdowns_and_nothing_of_them_is_lost(
    told: object, parts: dict[str, float | None]
) -> None:
    part = attrs.evolve(PART, last=MONDAY, asked=(asked("x", KINDS),))
    row = day_row(6810000, MONDAY, **{KINDS: told})

    found = drive(days(part), script(content(row, pages=1)))

    assert {p.breakdown: p.value for p in series(found)} == parts
    assert found.issues == []


def test_a_part_that_is_no_number_is_named_with_its_path() -> None:
    part = attrs.evolve(PART, last=MONDAY, asked=(asked("x", KINDS),))
    row = day_row(6810000, MONDAY, **{KINDS: {"POST": {"TEXT": "few"}}})

    found = drive(days(part), script(content(row, pages=1)))

    assert [(i.path, i.problem) for i in found.issues] == [
        (f"6810000 2026-03-02 {KINDS}/POST/TEXT", "text that is no number")
    ]


def test_parts_of_a_page_that_is_asked_twice_are_counted_once() -> None:
    part = DaysPart(
        accounts=MANY, first=MONDAY, last=date(2026, 3, 26), asked=(asked("x", KINDS),)
    )
    row = day_row(6810000, MONDAY, **{KINDS: {"TWEET": 3}})
    again = day_row(6810000, MONDAY, **{KINDS: {"REPLY": 4}})

    found = drive(
        days(part),
        script(content(row, pages=2), content(again, pages=2), content(pages=1)),
    )

    observed = [p for p in series(found) if p.value is not None]
    assert [(p.breakdown, p.value) for p in observed] == [("REPLY", 4.0)]


def test_parts_are_only_those_of_the_network_that_was_asked() -> None:
    name = "lifetime_snapshot.followers_by_country"
    part = DaysPart(
        accounts=(ON_X, ON_INSTAGRAM),
        first=MONDAY,
        last=MONDAY,
        asked=(asked("instagram", name),),
    )
    rows = [
        day_row(int(a.vendor_id), MONDAY, **{name: {"US": 2}}) for a in part.accounts
    ]

    found = drive(days(part), script(content(*rows, pages=1)))

    assert [(p.subject, p.breakdown) for p in series(found)] == [
        (ON_INSTAGRAM.ref, "US")
    ]


# -- days ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("account", "day", "start", "hours"),
    [
        (ON_X, date(2026, 3, 8), datetime(2026, 3, 8, tzinfo=UTC), 24),
        (ON_INSTAGRAM, date(2026, 3, 7), datetime(2026, 3, 7, 8, tzinfo=UTC), 24),
        (ON_INSTAGRAM, date(2026, 3, 8), datetime(2026, 3, 8, 8, tzinfo=UTC), 23),
        (ON_INSTAGRAM, date(2026, 11, 1), datetime(2026, 11, 1, 7, tzinfo=UTC), 25),
        (ON_FACEBOOK, date(2028, 2, 29), datetime(2028, 2, 29, 8, tzinfo=UTC), 24),
        (
            Account("1", Ref("threads", "1")),
            date(2026, 3, 8),
            datetime(2026, 3, 8, tzinfo=UTC),
            24,
        ),
    ],
)
def test_a_day_is_the_vendors_day_of_that_network(
    account: Account, day: date, start: datetime, hours: int
) -> None:
    name = "likes" if account.ref.network == "threads" else "impressions"
    part = DaysPart(
        accounts=(account,),
        first=day,
        last=day,
        asked=(asked(account.ref.network, name),),
    )
    row = day_row(account.vendor_id, day, **{name: 1})

    found = drive(days(part), script(content(row, pages=1)))

    (point,) = series(found)
    assert point.start == start
    assert point.end == start + timedelta(hours=hours)


def test_a_meaning_that_changed_gives_each_side_its_own_reading() -> None:
    part = DaysPart(
        accounts=(ON_FACEBOOK,),
        first=date(2024, 12, 30),
        last=date(2025, 1, 2),
        asked=(asked("facebook", "impressions"),),
    )

    found = drive(days(part), Days())

    sides = {
        reading: sum(1 for p in series(found) if p.reading == reading)
        for reading in {p.reading for p in series(found)}
    }
    assert sorted(sides.values()) == [2, 2]
    assert {(r.valid_from, r.valid_to) for r in sides} == {
        (None, date(2024, 12, 31)),
        (date(2025, 1, 1), None),
    }
