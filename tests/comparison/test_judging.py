from __future__ import annotations

from datetime import date
from typing import Any, get_args

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialmetrics.comparison.agreement import state
from socialmetrics.comparison.judging import (
    JUDGED,
    breaks,
    caveats,
    judge,
    verdict,
    worst,
)
from socialmetrics.comparison.result import ANSWERS, Answer, Axis, Finding, Where
from socialmetrics.comparison.rule import ANY, Rule
from socialmetrics.comparison.rulefile import read
from socialmetrics.comparison.rules import rules
from socialmetrics.reading import (
    Counting,
    DateAxis,
    Level,
    Reading,
    Scope,
    Temporality,
)
from tests.comparison.rulings import RULE, WEEK, reading, written

ORGANIC = reading(scope="organic")
TOTAL = reading(scope="total", vendor="other")
PUBLIC = "engagements.public"


def core() -> tuple[Rule, ...]:
    return tuple(rule for rule in rules() if not rule.vendor)


def found(left: Reading, right: Reading, axis: Axis, *more: Rule) -> Finding:
    return judge(left, right, WEEK, (*core(), *more))[axis]


def scoped(*lines: str, vendor: str = "") -> tuple[Rule, ...]:
    return written(*lines, vendor=vendor).rules


@pytest.mark.parametrize(
    ("left", "right", "axis", "lesser"),
    [
        (ORGANIC, TOTAL, "scope", "left"),
        (TOTAL, ORGANIC, "scope", "right"),
        (reading(scope="paid"), TOTAL, "scope", "left"),
        (TOTAL, reading(scope="paid"), "scope", "right"),
        (reading(), reading(counting="unique"), "counting", "right"),
        (ORGANIC, reading(vendor="other"), "scope", None),
    ],
)
def test_an_order_names_the_side_that_is_never_above(
    left: Reading, right: Reading, axis: Axis, lesser: Where | None
) -> None:
    assert found(left, right, axis).lesser == lesser


@pytest.mark.parametrize(
    ("first", "last", "answer"),
    [
        (date(2026, 3, 2), date(2026, 3, 8), "same"),
        (date(2026, 3, 20), date(2026, 3, 28), "same"),
        (date(2026, 3, 28), date(2026, 3, 29), "different"),
        (date(2026, 7, 1), date(2026, 7, 1), "different"),
    ],
)
def test_days_of_two_zones_are_the_same_while_their_midnights_are(
    first: date, last: date, answer: Answer
) -> None:
    london = reading(zone="Europe/London")

    judged = judge(london, reading(), (first, last), core())

    assert judged["day_zone"].answer == answer


VALUES: dict[str, st.SearchStrategy[Any]] = {
    "vendor": st.sampled_from(["toy", "x", "sprout", "hootsuite"]),
    "endpoint": st.sampled_from(
        ["analytics/posts", "analytics/profiles", "insights/engagement/totals"]
    ),
    "network": st.sampled_from(["x", "instagram", "facebook"]),
    "level": st.sampled_from(get_args(Level)),
    "temporality": st.sampled_from(get_args(Temporality)),
    "date_axis": st.sampled_from(get_args(DateAxis)),
    "scope": st.sampled_from(get_args(Scope)),
    "counting": st.sampled_from(get_args(Counting)),
    "net": st.booleans(),
    "threshold": st.sampled_from(["", "3 s", "10 s"]),
    "composition": st.sampled_from(["", "opaque", "likes", "views", "in words"]),
    "zone": st.sampled_from([None, "UTC", "America/Los_Angeles"]),
}
READINGS = st.fixed_dictionaries(VALUES)
METRICS = st.sampled_from(["likes", "video_views", "clicks", "shares", "link_ctr"])
MIRRORED = {"left": "right", "right": "left", None: None}


@given(METRICS, READINGS, READINGS)
def test_the_rules_leave_nothing_open_and_do_not_care_who_is_left(
    metric: str, one: dict[str, Any], other: dict[str, Any]
) -> None:
    left, right = reading(metric, **one), reading(metric, **other)

    straight, turned = (
        judge(left, right, WEEK, rules()),
        judge(right, left, WEEK, rules()),
    )

    assert tuple(straight) == JUDGED
    for axis, each in straight.items():
        assert each.answer == turned[axis].answer
        assert each.grounds == turned[axis].grounds
        assert MIRRORED[each.lesser] == turned[axis].lesser


@given(METRICS, READINGS)
def test_a_figure_compares_with_itself(metric: str, one: dict[str, Any]) -> None:
    both = reading(metric, **one)

    assert verdict(judge(both, both, WEEK, rules()).values()) == "comparable"


def test_every_answer_has_its_grounds() -> None:
    judged = judge(ORGANIC, TOTAL, WEEK, rules())

    assert tuple(judged) == JUDGED
    for axis, each in judged.items():
        assert each.axis == axis
        assert each.text.endswith(".")
        assert each.grounds.source
        assert each.grounds.text.endswith(".")


def test_an_axis_that_no_rule_decides_is_named() -> None:
    few = [rule for rule in core() if rule.axis != "scope"]

    with pytest.raises(ValueError, match=r"^no rule decides scope \(differ\)$"):
        judge(ORGANIC, TOTAL, WEEK, few)


def test_a_rule_of_the_tool_decides_before_the_cores() -> None:
    (own,) = scoped('answer = "convertible"', 'left = { vendor = "toy" }', vendor="toy")

    judged = found(ORGANIC, TOTAL, "scope", own)

    assert (judged.answer, judged.grounds.id) == ("convertible", "toy.some-rule")
    assert judged.text.endswith("on the right. Some text.")


def test_a_more_special_rule_decides() -> None:
    (special,) = scoped(
        'answer = "same"',
        'left = { scope = "organic", name = "toy_likes" }',
        'right = { scope = "total" }',
    )

    assert found(ORGANIC, TOTAL, "scope", special).answer == "same"


def test_of_equals_the_worse_answer_decides() -> None:
    (equal,) = scoped(
        'answer = "unknown"', 'left = { scope = "organic" }', "right = { net = false }"
    )

    assert found(ORGANIC, TOTAL, "scope", equal).answer == "unknown"


@pytest.mark.parametrize(
    ("lines", "decides"),
    [
        (['metrics = ["likes"]'], True),
        (['metrics = ["comments"]'], False),
        (['when = ["differ"]'], True),
        (['when = ["agree", "neither_says"]'], False),
        (["valid_to = 2026-03-01"], False),
        (["valid_to = 2026-03-02"], True),
        (["breaks_on = 2026-03-02"], False),
        (["breaks_on = 2026-03-03"], True),
        (['left = { vendor = "other" }'], True),
        (['left = { vendor = "another" }'], False),
        (['left = { vendor = "toy" }', 'right = { vendor = "toy" }'], False),
    ],
)
def test_a_rule_decides_where_it_fits(lines: list[str], *, decides: bool) -> None:
    (mine,) = scoped('answer = "unknown"', *lines)
    own = attrs.evolve(mine, vendor="toy", id="mine")
    others = [attrs.evolve(each, vendor="") for each in core()]

    judged = judge(ORGANIC, TOTAL, WEEK, (*others, own))["scope"]

    assert (judged.grounds.id == "mine") is decides


def test_an_order_that_fits_both_ways_round_says_nothing() -> None:
    (order,) = scoped(
        'answer = "ordered"',
        'lesser = "left"',
        'left = { vendor = "toy" }',
        vendor="toy",
    )
    both = reading(scope="total")

    assert found(ORGANIC, both, "scope", order).grounds.id == "scope-organic-in-total"
    assert found(ORGANIC, TOTAL, "scope", order).grounds.id == "toy.some-rule"


def test_an_order_does_not_hold_where_figures_can_fall() -> None:
    (order,) = scoped(
        'answer = "ordered"',
        'lesser = "left"',
        "unless_net = true",
        'left = { vendor = "toy" }',
        vendor="toy",
    )
    net = attrs.evolve(TOTAL, net=True)

    assert found(ORGANIC, TOTAL, "scope", order).lesser == "left"
    assert found(ORGANIC, net, "scope", order).answer == "different"


def test_a_break_is_between_two_tools_only() -> None:
    (cut,) = scoped('answer = "different"', "breaks_on = 2026-03-05")

    assert found(ORGANIC, ORGANIC, "scope", cut).answer == "same"
    assert found(ORGANIC, reading(vendor="other"), "scope", cut).answer == "different"


def test_what_is_computed_is_one_figure_only_where_all_is_equal() -> None:
    derived = {"vendor": "socialmetrics", "endpoint": "derived", "name": PUBLIC}
    one = reading(PUBLIC, scope="unknown", **derived, note="computed from toy: a")
    other = attrs.evolve(one, note="computed from other: b")

    assert state("scope", one, one, WEEK) == "one_figure"
    assert state("scope", one, other, WEEK) == "neither_says"


def finding(answer: Answer, lesser: Where | None = None) -> Finding:
    (rule,) = read(RULE, "toy.toml").rules
    return Finding(
        axis="scope", answer=answer, text="", grounds=rule.grounds, lesser=lesser
    )


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([], "unknown"),
        (["same", "same"], "comparable"),
        (["same", "convertible"], "comparable_after"),
        (["convertible", "ordered"], "bounded"),
        (["ordered", "unknown"], "unknown"),
        (["unknown", "different", "same"], "not_comparable"),
    ],
)
def test_the_verdict_is_the_worst_axis(answers: list[Answer], expected: str) -> None:
    told = [finding(answer) for answer in answers]

    assert verdict(told) == verdict(reversed(told)) == expected


def test_two_orders_that_point_to_opposite_sides_bound_nothing() -> None:
    left, right = finding("ordered", "left"), finding("ordered", "right")

    assert verdict([left, left]) == "bounded"
    assert verdict([left, right]) == "not_comparable"
    assert verdict([left, finding("unknown"), right]) == "not_comparable"


def test_the_worst_finding_is_the_first_of_the_worst() -> None:
    told = [finding(answer) for answer in ANSWERS]

    assert worst(told).answer == "different"
    assert worst([told[0], told[0]]) is told[0]


def notes(*lines: str) -> tuple[Rule, ...]:
    return written(*lines).rules


@pytest.mark.parametrize(
    ("lines", "applies"),
    [
        ([], True),
        (['left = { vendor = "other" }'], True),
        (['left = { vendor = "other" }', 'right = { vendor = "toy" }'], True),
        (['left = { vendor = "other" }', 'right = { vendor = "third" }'], False),
        (['metrics = ["likes"]'], True),
        (['metrics = ["saves"]'], False),
        (["valid_to = 2026-03-01"], False),
        (["breaks_on = 2026-03-04"], True),
        (["breaks_on = 2026-03-09"], False),
        (['answer = "different"'], False),
    ],
)
def test_notes_are_on_the_two_or_on_one_of_them(
    lines: list[str], *, applies: bool
) -> None:
    rules = notes(*lines)

    assert caveats(ORGANIC, TOTAL, WEEK, rules) == (rules if applies else ())


def test_notes_of_tools_come_first() -> None:
    general = notes()
    own = scoped('left = { vendor = "toy" }', vendor="toy")

    assert caveats(ORGANIC, TOTAL, WEEK, (*general, *own)) == (*own, *general)


def test_a_series_is_cut_where_its_meaning_changed() -> None:
    late, early = (
        attrs.evolve(notes("breaks_on = 2026-03-04")[0], breaks_on=day, left=ANY)
        for day in (date(2026, 3, 8), date(2026, 3, 3))
    )
    other = notes("breaks_on = 2026-03-04", 'left = { vendor = "other" }')
    saves = notes("breaks_on = 2026-03-04", 'metrics = ["saves"]')
    before = notes("breaks_on = 2026-03-02")

    told = breaks(ORGANIC, WEEK, (late, early, *other, *saves, *before, *notes()))

    assert told == (early, late)
