"""Daily figures: every profile and day has a figure or the reason why not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import attrs
import pytest

from socialmetrics.errors import (
    Incomplete,
    PermissionDenied,
    Rejected,
    SocialMetricsError,
    Unavailable,
)
from socialmetrics.reading import Status
from socialmetrics.series import MetricSeries
from socialmetrics_sprout.read_days import days
from tests.sprout.calendars import (
    MONDAY,
    PART,
    Days,
    day_row,
    is_whole,
    part_of,
    series,
)
from tests.sprout.driving import (
    Driven,
    asked,
    content,
    denied,
    down,
    drive,
    rejected,
    script,
    too_heavy,
)

# -- paging ----------------------------------------------------------------------------


@pytest.mark.parametrize("tells", [True, False])
@pytest.mark.parametrize(
    ("accounts", "length", "requests"),
    [(1, 1, 1), (1, 365, 1), (100, 10, 1), (9, 365, 4), (77, 13, 2)],
)
def test_every_profile_and_day_comes_whether_or_not_pages_are_told(
    accounts: int, length: int, requests: int, tells: bool
) -> None:
    part = part_of(accounts, length)

    found = drive(days(part), Days(tells=tells))

    assert is_whole(part, series(found))
    assert len(found.requests) == requests


def test_a_page_that_is_short_in_the_middle_is_asked_twice_and_both_are_taken() -> None:
    part = part_of(100, 25)
    server = Days(left_out=frozenset({(1, 0), (1, 999), (2, 500)}))

    found = drive(days(part), server)

    assert is_whole(part, series(found))
    assert [body["page"] for body in found.bodies] == [1, 1, 2, 2, 3]


def test_a_row_that_never_comes_is_not_collected() -> None:
    rows = [day_row(6810000, MONDAY + timedelta(days=n), impressions=n) for n in (0, 2)]

    found = drive(
        days(attrs.evolve(PART, last=date(2026, 3, 4))), lambda _: content(*rows)
    )

    assert [(p.value, p.status) for p in series(found)] == [
        (0.0, Status.OBSERVED),
        (None, Status.NOT_COLLECTED),
        (2.0, Status.OBSERVED),
    ]


def test_no_row_at_all_is_a_series_without_a_number() -> None:
    found = drive(days(PART), script(content(pages=0)))

    assert {p.status for p in series(found)} == {Status.NOT_COLLECTED}
    assert len(series(found)) == 7


def test_more_pages_than_there_can_be_rows_are_incomplete() -> None:
    found = Driven[MetricSeries]()

    with pytest.raises(Incomplete, match="999999 pages, where 1 can hold") as caught:
        drive(days(PART), lambda _: content(pages=999_999), into=found)

    assert caught.value.request_id == "r-1"
    assert len(found.requests) == 4


def test_another_page_than_the_one_asked_for_is_incomplete() -> None:
    other = content(day_row(6810000, MONDAY), paging={"current_page": 2})

    with pytest.raises(Incomplete, match="it is page 2, where page 1 was asked for"):
        drive(days(PART), lambda _: other)


def test_a_part_without_metrics_of_its_networks_is_empty() -> None:
    part = attrs.evolve(PART, asked=(asked("linkedin", "impressions"),))

    found = drive(days(part), script(content(pages=0)))

    assert len(series(found)) == 0


# -- too heavy, refused ----------------------------------------------------------------


@pytest.mark.parametrize("heaviest", [400, 30, 3, 1])
def test_what_is_too_heavy_is_asked_by_accounts_and_then_by_days(heaviest: int) -> None:
    part = part_of(5, 9)

    found = drive(days(part), Days(heaviest=heaviest))

    assert is_whole(part, series(found))


def test_one_day_of_one_profile_that_is_too_heavy_is_raised() -> None:
    with pytest.raises(Unavailable, match="too heavy"):
        drive(days(part_of(1, 1)), lambda _: too_heavy())


def test_a_vendor_that_is_down_is_not_asked_for_halves() -> None:
    with pytest.raises(Unavailable, match="overloaded"):
        drive(days(part_of(5, 9)), script(down()))


@pytest.mark.parametrize(
    ("error", "status"),
    [(rejected, Status.NOT_COLLECTED), (denied, Status.NOT_PERMITTED)],
)
def test_a_refused_profile_is_named_and_the_others_are_delivered(
    error: Callable[[], SocialMetricsError], status: Status
) -> None:
    part = part_of(9, 3)
    server = Days(refused=frozenset({"6810004"}), error=error)

    found = drive(days(part), server)

    (issue,) = found.issues
    statuses = {(p.subject.native_id, p.status) for p in series(found)}
    assert (issue.path, issue.seen) == ("profiles", "6810004")
    assert statuses == {
        (a.ref.native_id, status if a.vendor_id == "6810004" else Status.OBSERVED)
        for a in part.accounts
    }


def test_a_refused_metric_is_named_and_not_reported() -> None:
    part = attrs.evolve(PART, asked=(asked("x", "impressions", "likes"),))
    server = Days(refused=frozenset({"likes"}))

    found = drive(days(part), server)

    assert [(i.path, i.seen) for i in found.issues] == [("metrics", "likes")]
    assert {(p.metric, p.status) for p in series(found)} == {
        ("impressions", Status.OBSERVED),
        ("likes", Status.NOT_REPORTED),
    }


@pytest.mark.parametrize("error", [rejected("Malformed"), denied("No API access")])
def test_a_refusal_of_everything_is_raised_as_it_came(
    error: Rejected | PermissionDenied,
) -> None:
    with pytest.raises(type(error)) as caught:
        drive(days(part_of(3, 1)), lambda _: error)

    assert caught.value is error


@pytest.mark.parametrize("refused", [{"likes"}, set[str]()])
def test_a_refusal_that_leaves_no_metric_or_blames_nothing_is_raised(
    refused: set[str],
) -> None:
    part = attrs.evolve(PART, asked=(asked("x", "likes"),))
    server, failing = Days(refused=frozenset(refused)), iter([True])

    with pytest.raises(Rejected):
        drive(
            days(part),
            lambda r: rejected() if next(failing, False) else server(r),
        )


def test_a_refusal_of_a_later_page_is_raised() -> None:
    rows = [day_row(6810000, MONDAY)] * 1000

    with pytest.raises(Rejected):
        drive(days(part_of(100, 25)), script(content(*rows, pages=3), rejected()))
