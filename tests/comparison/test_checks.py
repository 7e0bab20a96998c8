from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialmetrics.comparison import lots as lots_module
from socialmetrics.comparison.checks import Faults, faults
from socialmetrics.comparison.result import Fault
from socialmetrics.comparison.rule import Order
from socialmetrics.comparison.rulefile import read
from socialmetrics.comparison.rules import orders
from socialmetrics.model import Point, Ref
from socialmetrics.reading import Reading, Scope, Settled, Status
from socialmetrics.series import MetricSeries
from socialmetrics.series.columns import Columns
from tests.comparison.rulings import lifetime as totals
from tests.comparison.rulings import reading
from tests.series.figures import DAY, FETCHED, HOUR, MONDAY, SOURCE, point

POST = Ref("x", "1")
OTHER_POST = Ref("x", "2")
ORDERS = orders()


def _tool(name: str, *points: Point) -> tuple[str, Columns]:
    return name, MetricSeries.from_points(points).columns


def _day(value: float | None, what: Reading, start: datetime = MONDAY) -> Point:
    return point(value, start, reading=what)


def _total(value: float, what: Reading, read: datetime = FETCHED) -> Point:
    source = attrs.evolve(SOURCE, fetched_at=read)
    return point(value, MONDAY, None, reading=what, subject=POST, source=source)


def _scoped(scope: Scope, metric: str = "impressions") -> Reading:
    return reading(metric, scope=scope, name=f"{metric}_{scope}")


def _found(
    *sides: tuple[str, Columns], told: Iterable[Order] = ORDERS
) -> tuple[Fault, ...]:
    return tuple(fault for each in faults(sides, tuple(told)) for fault in each.found)


def _ids(*sides: tuple[str, Columns]) -> list[tuple[str, str]]:
    return [(fault.grounds.id, fault.severity) for fault in _found(*sides)]


ORGANIC, TOTAL = _scoped("organic"), _scoped("total")


def test_a_part_above_its_whole_is_told_with_both_raw_figures() -> None:
    tool = _tool("Alpha", _day(12_400, ORGANIC), _day(9_000, TOTAL))

    (fault,) = _found(tool)

    assert fault.grounds.id == "organic-in-total"
    assert fault.severity == "fault"
    assert (fault.subject, fault.start, fault.end) == (
        Ref("x", "100"),
        MONDAY,
        MONDAY + DAY,
    )
    assert (fault.lesser, fault.lesser_metric, fault.lesser_name) == (
        12_400,
        "impressions",
        "Alpha",
    )
    assert (fault.greater, fault.greater_metric, fault.greater_name) == (
        9_000,
        "impressions",
        "Alpha",
    )
    assert fault.text == (
        "x:100, 2026-03-02 00:00 to 2026-03-03 00:00 UTC: impressions organic 12,400 "
        "(Alpha, read 2026-03-11 06:00) above impressions total 9,000 (Alpha, read "
        "2026-03-11 06:00). What is organic is a part of the total."
    )


def test_orders_that_hold_are_not_told() -> None:
    tool = _tool("Alpha", _day(9_000, ORGANIC), _day(9_000, TOTAL))

    assert faults([tool], ORDERS) == ()


@pytest.mark.parametrize(
    ("lesser", "greater", "rule", "severity"),
    [
        (_scoped("paid"), TOTAL, "paid-in-total", "fault"),
        (
            reading("reach", counting="unique"),
            reading("impressions"),
            "reach-in-impressions",
            "fault",
        ),
        (
            reading("comments", counting="unique"),
            reading("comments"),
            "people-in-events",
            "fault",
        ),
        (
            reading("link_clicks"),
            reading("clicks"),
            "part-link-clicks-of-clicks",
            "fault",
        ),
        (
            reading("link_clicks"),
            reading("clicks", scope="total"),
            "part-link-clicks-of-clicks",
            "fault",
        ),
        (
            totals("likes"),
            totals("reactions", name="reactions"),
            "part-likes-of-reactions",
            "fault",
        ),
        (
            totals("comments"),
            totals("engagements.vendor", composition="opaque"),
            "part-comments-of-engagements-vendor",
            "warning",
        ),
    ],
)
def test_what_always_holds_is_checked_within_a_tool(
    lesser: Reading, greater: Reading, rule: str, severity: str
) -> None:
    span = None if lesser.temporality == "lifetime" else DAY
    tool = _tool(
        "Alpha",
        point(7, MONDAY, span, reading=lesser),
        point(6, MONDAY, span, reading=greater),
    )

    assert _ids(tool) == [(rule, severity)]


@pytest.mark.parametrize(
    ("lesser", "greater"),
    [
        (reading("link_clicks", scope="total"), reading("clicks")),
        (reading("link_clicks", scope="unknown"), reading("clicks", scope="unknown")),
        (reading("quotes"), reading("shares", composition="reposts")),
        (reading("reach", counting="unique"), reading("impressions", level="post")),
        (ORGANIC, attrs.evolve(TOTAL, threshold="2 seconds")),
        (ORGANIC, attrs.evolve(TOTAL, composition="views")),
        (ORGANIC, _scoped("paid")),
        (reading("fans"), reading("followers")),
        (reading("comments"), reading("engagements.vendor")),
    ],
)
def test_figures_that_no_order_binds_are_left_alone(
    lesser: Reading, greater: Reading
) -> None:
    tool = _tool("Alpha", _day(7, lesser), _day(6, greater))

    assert _ids(tool) == []


def test_orders_hold_between_tools_that_agree_in_everything_else() -> None:
    theirs = attrs.evolve(TOTAL, vendor="other", name="imp", zone="Europe/London")
    one = _tool("Alpha", _day(1, reading()), _day(12, ORGANIC))
    other = _tool("Beta", point(3, subject=POST, reading=theirs), _day(9, theirs))
    apart = _tool("Beta", _day(9, attrs.evolve(theirs, date_axis="publish")))

    (fault,) = _found(one, other)

    assert (fault.lesser_name, fault.greater_name) == ("Alpha", "Beta")
    assert (fault.lesser, fault.greater) == (12, 9)
    assert _ids(one, apart) == []


def test_only_observed_figures_of_one_subject_breakdown_and_span_meet() -> None:
    high = _day(9, ORGANIC)
    others = [
        attrs.evolve(_day(1, TOTAL), subject=OTHER_POST),
        attrs.evolve(_day(1, TOTAL), breakdown="US"),
        _day(1, TOTAL, MONDAY + DAY),
        point(1, MONDAY, 2 * DAY, reading=TOTAL),
        attrs.evolve(_day(0, TOTAL), status=Status.ZERO_BY_RULE),
        attrs.evolve(_day(None, TOTAL), start=MONDAY),
    ]

    for other in others:
        assert _ids(_tool("Alpha", high, other)) == []


def test_a_breakdown_is_named() -> None:
    tool = _tool(
        "Alpha",
        *(attrs.evolve(p, breakdown="US") for p in (_day(9, ORGANIC),)),
        attrs.evolve(_day(1, TOTAL), breakdown="US"),
    )

    assert _found(tool)[0].text.startswith("x:100, US, 2026-03-02")


@pytest.mark.parametrize("metric", ["likes", "reposts"])
def test_what_can_be_taken_back_breaks_orders_in_a_window_only(metric: str) -> None:
    window = _tool(
        "Alpha",
        _day(9, reading(metric)),
        _day(1, reading(metric, scope="total", name="all")),
    )
    ever = _tool(
        "Alpha",
        _total(9, totals(metric)),
        _total(1, totals(metric, scope="total", name="all")),
    )

    assert _ids(window) == []
    assert _ids(ever) == [("organic-in-total", "fault")]


def test_net_figures_break_orders_as_the_greater_ones_only() -> None:
    gross, net = reading("comments"), reading("comments", scope="total", net=True)
    part = reading("link_clicks", net=True)

    assert _ids(_tool("Alpha", _day(9, gross), _day(1, net))) == []
    assert _ids(_tool("Alpha", _day(9, part), _day(1, reading("clicks")))) == [
        ("part-link-clicks-of-clicks", "fault")
    ]


def test_since_publication_net_figures_are_bound_by_net_ones() -> None:
    net = totals("comments", net=True)
    whole = totals("comments", scope="total", name="all", net=True)
    gross = attrs.evolve(net, net=False)

    assert _ids(_tool("Alpha", _total(9, net), _total(1, whole))) == [
        ("organic-in-total", "fault")
    ]
    assert _ids(_tool("Alpha", _total(9, gross), _total(1, whole))) == []


_ALL = totals("impressions", scope="total", name="all")
_LATE = FETCHED + 6 * HOUR


@pytest.mark.parametrize(
    ("first", "second", "severity"),
    [
        (_total(9, totals("impressions"), _LATE), _total(1, _ALL), "warning"),
        (
            _total(9, totals("impressions"), _LATE),
            attrs.evolve(_total(1, _ALL), settled=Settled.YES),
            "fault",
        ),
        (_total(9, totals("impressions")), _total(1, _ALL, _LATE), "fault"),
        (
            _total(9, totals("likes")),
            _total(1, attrs.evolve(_ALL, metric="likes"), _LATE),
            "warning",
        ),
        (
            attrs.evolve(_day(9, ORGANIC), source=_total(9, _ALL, _LATE).source),
            _day(1, TOTAL),
            "fault",
        ),
        (
            attrs.evolve(_day(9, ORGANIC), source=_total(9, _ALL, _LATE).source),
            attrs.evolve(_day(1, TOTAL), settled=Settled.NO),
            "warning",
        ),
    ],
)
def test_what_was_read_at_another_time_may_make_a_fault_a_warning(
    first: Point, second: Point, severity: str
) -> None:
    first = attrs.evolve(first, metric=first.reading.metric)
    second = attrs.evolve(second, metric=second.reading.metric)
    tool = _tool("Alpha", first, second)

    (fault,) = _found(tool)

    assert fault.severity == severity
    assert (fault.text.count("The second was read") == 1) == (severity == "warning")


def test_of_totals_read_several_times_those_meet_that_belong_together() -> None:
    times = [FETCHED + number * HOUR for number in range(4)]
    part = totals("impressions")
    tool = _tool(
        "Alpha",
        _total(10, part, times[2]),
        _total(5, part, times[0]),
        _total(20, part, times[3]),
        _total(6, _ALL, times[0]),
        _total(11, _ALL, times[2]),
        _total(19, _ALL, times[1]),
    )

    found = [each for each in _found(tool) if each.grounds.id == "organic-in-total"]

    assert [(fault.lesser, fault.greater) for fault in found] == [(20, 11)]
    assert found[0].severity == "warning"


def test_totals_that_have_an_end_are_of_that_moment() -> None:
    tool = _tool(
        "Alpha",
        attrs.evolve(_total(9, totals("impressions")), end=MONDAY + DAY),
        attrs.evolve(_total(1, _ALL), end=MONDAY + DAY + HOUR),
    )

    (fault,) = _found(tool)

    assert fault.severity == "fault"
    assert fault.end == MONDAY + DAY
    assert (
        "since publication: impressions organic 9 (Alpha, read 2026-03-03 00:00)"
        in (fault.text)
    )


def test_a_running_total_that_falls_is_told_by_both_readings() -> None:
    rises = [_total(5, _ALL, FETCHED), _total(8, _ALL, FETCHED + HOUR)]
    falls = _total(7, _ALL, FETCHED + 2 * HOUR)

    assert _found(_tool("Alpha", *rises)) == ()
    (fault,) = _found(_tool("Alpha", *rises, falls))

    assert (fault.grounds.id, fault.severity) == ("lifetimes-never-fall", "warning")
    assert (fault.lesser, fault.greater) == (8, 7)
    assert "8 (Alpha, read 2026-03-11 07:00) fell to impressions total 7" in fault.text


def test_what_can_be_taken_back_may_fall() -> None:
    for what in (totals("likes"), totals("comments", net=True)):
        early, late = _total(5, what), _total(4, what, FETCHED + HOUR)

        assert _found(_tool("Alpha", early, late)) == ()


def test_a_running_total_falls_between_tools_that_mean_the_same() -> None:
    theirs = attrs.evolve(_ALL, vendor="other", name="imp")
    one = _tool("Alpha", _total(8, _ALL))
    later = _tool("Beta", _total(7, theirs, FETCHED + HOUR))
    at_once = _tool("Beta", _total(7, theirs))
    opaque = attrs.evolve(theirs, composition="opaque")

    (fault,) = _found(one, later)

    assert (fault.lesser_name, fault.greater_name) == ("Alpha", "Beta")
    assert _found(one, at_once) == ()
    assert _found(one, _tool("Beta", _total(7, opaque, FETCHED + HOUR))) == ()


def test_of_several_later_totals_the_next_one_counts() -> None:
    theirs = attrs.evolve(_ALL, vendor="other", name="imp")
    times = [FETCHED + number * HOUR for number in range(4)]
    one = _tool("Alpha", _total(8, _ALL, times[0]), _total(10, _ALL, times[3]))
    other = _tool("Beta", _total(7, theirs, times[1]), _total(6, theirs, times[2]))

    found = {(fault.lesser, fault.greater) for fault in _found(one, other)}

    assert found == {(8, 7), (7, 6)}


def _ruled(*lines: str) -> tuple[Order, ...]:
    row = [
        "[[order]]",
        'id = "own"',
        'severity = "fault"',
        'text = "So it is."',
        'source = "a page"',
    ]
    return read("\n".join([*row, *lines]), "toy.toml").orders


def test_an_order_holds_for_what_begins_while_it_is_in_force() -> None:
    told = _ruled(
        'lesser = { scope = "organic" }',
        'greater = { scope = "total" }',
        "valid_from = 2026-03-03",
        "valid_to = 2026-03-04",
    )
    figures = [
        _day(value, what, MONDAY + number * DAY)
        for number in range(5)
        for value, what in ((9, ORGANIC), (1, TOTAL))
    ]

    found = _found(_tool("Alpha", *figures), told=told)

    assert [fault.start.day for fault in found] == [3, 4]


def test_an_order_of_no_severity_takes_others_out_of_force() -> None:
    silence = read(
        '[[order]]\nid = "own"\nseverity = "none"\ntext = "No."\nsource = "a page"\n'
        'lesser = { vendor = "toy", scope = "organic" }\n'
        'greater = { scope = "total" }',
        "toy.toml",
        "toy",
    ).orders
    tool = _tool("Alpha", _day(9, ORGANIC), _day(1, TOTAL))

    assert _found(tool, told=(*ORDERS, *silence)) == ()


def test_an_order_over_time_of_the_earlier_and_the_later_reading_counts() -> None:
    fault, warning = (
        read(
            f'[[order]]\nid = "{word}"\nseverity = "{word}"\ntext = "So."\n'
            f'source = "a page"\nover_time = true\nlesser = {{ vendor = "{vendor}" }}',
            "toy.toml",
        ).orders
        for word, vendor in (("fault", "toy"), ("warning", "other"))
    )
    theirs = attrs.evolve(_ALL, vendor="other", name="imp")
    sides = (
        _tool("Alpha", _total(8, _ALL)),
        _tool("Beta", _total(7, theirs, FETCHED + HOUR)),
    )

    (both,) = _found(*sides, told=(*fault, *warning))

    assert (both.grounds.id, both.severity) == ("fault", "warning")
    assert _found(*sides, told=fault) == ()


def _audience(gained: float, lost: float, net: float, **changes: str) -> list[Point]:
    told = {"scope": "total", **changes}
    return [
        _day(gained, reading("followers_gained", **told)),
        _day(lost, reading("followers_lost", **told)),
        _day(net, reading("followers_net", net=True, **told)),
    ]


@pytest.mark.parametrize(
    ("net", "lesser", "greater"), [(6, 6, 5), (4, 5, 4), (-1, 5, -1)]
)
def test_a_difference_is_what_its_parts_say(
    net: int, lesser: int, greater: int
) -> None:
    (fault,) = _found(_tool("Alpha", *_audience(8, 3, net)))

    names = {"followers_net", "followers_gained - followers_lost"}
    assert (fault.lesser, fault.greater) == (lesser, greater)
    assert {fault.lesser_metric, fault.greater_metric} == names
    assert fault.severity == "fault"
    assert fault.grounds.text == (
        "Net followers are followers gained less followers lost."
    )


def test_a_difference_needs_all_three_of_one_reading() -> None:
    parts = _audience(8, 3, 1)
    unknown = _audience(8, 3, 1, scope="unknown")
    zoned = attrs.evolve(parts[1], start=MONDAY + DAY, end=MONDAY + 2 * DAY)
    told = (parts[0], attrs.evolve(parts[1], reading=unknown[1].reading), parts[2])

    assert _found(_tool("Alpha", *_audience(8, 3, 5))) == ()
    assert _found(_tool("Alpha", parts[0], parts[2])) == ()
    assert _found(_tool("Alpha", *unknown)) == ()
    assert _found(_tool("Alpha", parts[0], zoned, parts[2])) == ()
    assert _found(_tool("Alpha", *told)) == ()
    assert _found(_tool("Alpha", *parts[:2]), _tool("Beta", parts[2])) == ()


def test_a_difference_of_figures_that_may_change_is_a_warning() -> None:
    gained, lost, net = _audience(8, 3, 1)
    later = attrs.evolve(SOURCE, fetched_at=FETCHED + HOUR)
    apart = attrs.evolve(net, source=later)
    provisional = attrs.evolve(lost, settled=Settled.NO)

    severities = [
        _found(_tool("Alpha", *points))[0].severity
        for points in (
            (gained, lost, apart),
            (gained, provisional, net),
            (gained, provisional, apart),
        )
    ]

    assert severities == ["fault", "fault", "warning"]


def test_fractions_are_not_taken_at_their_word() -> None:
    organic, total = (
        reading("watch_time", unit="second", scope=scope)
        for scope in ("organic", "total")
    )

    assert _ids(_tool("Alpha", _day(0.1 + 0.2, organic), _day(0.3, total))) == []
    assert _ids(_tool("Alpha", _day(0.31, organic), _day(0.3, total))) != []


def _many(count: int) -> tuple[str, Columns]:
    subjects = [Ref("x", str(number)) for number in range(count)]
    points = [
        point(value, subject=subject, reading=what)
        for number, subject in enumerate(subjects)
        for value, what in ((100 + number % 7, ORGANIC), (100, TOTAL))
    ]
    return _tool("Alpha", *points)


def test_the_worst_of_a_rule_are_kept_and_all_are_counted() -> None:
    (found,) = faults([_many(21)], ORDERS, most=4)

    assert isinstance(found, Faults)
    assert found.count == 18
    assert [fault.lesser for fault in found.found] == [106, 106, 106, 105]
    assert found.found[0].text.endswith("There are 18 such pairs of figures.")


def test_faults_come_before_warnings_whatever_the_difference() -> None:
    provisional = [
        attrs.evolve(
            p,
            subject=OTHER_POST,
            settled=Settled.NO,
            source=attrs.evolve(
                SOURCE, fetched_at=FETCHED + timedelta(minutes=int(p.value or 0))
            ),
        )
        for p in (_day(99, ORGANIC), _day(1, TOTAL))
    ]
    tool = _tool("Alpha", *provisional, _day(5, ORGANIC), _day(4, TOTAL))

    assert [fault.severity for fault in _found(tool)] == ["fault", "warning"]


def test_without_figures_there_is_nothing_to_break() -> None:
    empty = ("Alpha", MetricSeries.empty().columns)

    assert faults([], ORDERS) == ()
    assert faults([empty, empty], ORDERS) == ()
    assert faults([empty, _many(7)], ORDERS)[0].count == 6


def test_keys_that_are_equal_by_chance_accuse_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lots_module, "_FACTORS", np.zeros(4, np.uint64))
    tool = _tool(
        "Alpha",
        point(9, subject=POST, reading=ORGANIC),
        point(1, subject=OTHER_POST, reading=TOTAL),
    )

    assert faults([tool], ORDERS) == ()


_FIGURES = st.lists(
    st.tuples(
        st.sampled_from([POST, OTHER_POST]),
        st.integers(0, 2),
        st.sampled_from(["", "US"]),
        st.sampled_from([ORGANIC, TOTAL]),
        st.integers(0, 3),
    ),
    max_size=20,
    unique_by=lambda each: each[:4],
)


@given(_FIGURES, _FIGURES)
def test_as_many_are_found_as_by_looking_at_every_pair(
    one: list[tuple[Ref, int, str, Reading, int]],
    other: list[tuple[Ref, int, str, Reading, int]],
) -> None:
    sides = [
        _tool(
            name,
            *(
                point(
                    value, MONDAY + day * DAY, subject=who, breakdown=part, reading=what
                )
                for who, day, part, what, value in figures
            ),
        )
        for name, figures in (("Alpha", one), ("Beta", other))
    ]

    every = [*one, *other]
    broken = [
        1
        for left in every
        for right in every
        if left[:3] == right[:3] and (left[3], right[3]) == (ORGANIC, TOTAL)
        if left[4] > right[4]
    ]
    assert sum(each.count for each in faults(sides, ORDERS)) == len(broken)
