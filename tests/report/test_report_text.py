from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialmetrics.comparison.result import Answer, Axis, Conversion, Finding, Grounds
from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Ref
from socialmetrics.reading import Status, Unit
from socialmetrics.report import split, verdicts, words
from socialmetrics.report.layout import cells, columns, wrapped
from socialmetrics.report.text import LISTED, text
from socialmetrics.window import Window
from tests.report.comparisons import (
    GAP,
    SCOPE,
    WEEK,
    Made,
    Pair,
    acme,
    coverage,
    fault,
    made,
)
from tests.series.figures import IMPRESSIONS, TOTAL_LIKES

GOLDEN = """\
@acme on X
2 Mar to 8 Mar 2026 (UTC)
  Network: read 11 Mar 2026 06:00 UTC
  Planner: read 11 Mar 2026 06:00 UTC

                      Network  Planner
Engagements (vendor)    2,261      924

Verdicts
  Engagements (vendor)
    Network and Planner cannot be set side by side, because of the formula and
      the date axis.
      Formula: Network counts ten actions, Planner three.
      Date axis: Network counts the week's activity, Planner the posts of this
        week.

Why Network says 2,261 and Planner says 924: Engagements (vendor)
  formula: quotes, clicks and follows are not counted.          -1,453  ->   808
  date axis: this week's posts gained 356 after it, older ones
    130 in it.                                                    +226  -> 1,034
  freshness (from -140 to 0): activity after the last refresh
    of Planner.                                                   -110  ->   924
  unexplained                                                        0  ->   924
"""


def test_a_gap_is_told_as_an_analyst_would() -> None:
    assert text(made(GAP, tools=("Network", "Planner"))) == GOLDEN


def test_everything_is_told_in_short() -> None:
    told = text(acme())

    for part in (
        "Impressions (Network: total)          24,383        54,528  not compared",
        "Quotes                          not reported       too old  not compared",
        "    Toolbox can never be above Network, because of the scope.\n",
        "      Scope: Toolbox counts organic impressions, Network all of them.\n",
        "(size not known): per-post periods were not fetched.    ?  -> 24,383",
        "fault: @acme on X, 2 Mar to 8 Mar 2026 (UTC): reach is above impressions",
        "(1,200 should be at most 1,100; organic-is-at-most-total)",
        "  What happened this week?\n    Impressions: Toolbox: it counts activity by",
        "    Quotes: None of these: quotes come only as totals",
        "  Toolbox, posts, since publication: 1,180 of 1,200 reported, 12 not report",
        "3 missing (Impressions and Likes); settled through: 8 Mar 2026\n    (UTC)\n",
        "settled through: not known",
        "Views: 12 figures; no other tool has views of X; instead: ask Network",
    ):
        assert part in told


@given(st.integers(40, 130))
def test_no_line_is_wider_than_asked(width: int) -> None:
    long = attrs.evolve(GAP, left_name="t\u00f6\u00f6l" * 12, metric="\u6570" * 70)

    for compared in (acme(), made(long, tools=(long.left_name, "Planner"))):
        assert max(map(cells, text(compared, width).splitlines())) <= width


@pytest.mark.parametrize("width", [39, 0, -1, "80", None, 80.0])
def test_a_width_that_holds_nothing_is_refused(width: object) -> None:
    with pytest.raises(InvalidQuery, match="must be 40 columns or more"):
        text(acme(), width)  # type: ignore[arg-type]  # whatever somebody gives


def test_where_a_table_is_too_wide_tools_are_below_one_another() -> None:
    told = text(acme(), 40)

    assert "Engagements (public)\n  Toolbox: 808\n  Network: not compared\n" in told


def test_of_many_things_the_first_are_told() -> None:
    pairs = [attrs.evolve(GAP, subject=Ref("x", f"{n}")) for n in range(70)]
    compared = attrs.evolve(
        made(*pairs),
        faults=(fault(),) * (LISTED + 1),
        coverage=tuple(coverage(f"t{n}", "likes") for n in range(LISTED + 2)),
        unmatched=tuple(
            attrs.evolve(each, name=f"t{number}", instead="")
            for each in acme().unmatched
            for number in range(LISTED + 3)
        ),
        window=None,
    )

    told = text(compared)

    assert told.startswith("70 subjects\n  Toolbox: read")
    assert "x:0, 2 Mar to 8 Mar 2026 (UTC)\nEngagements (vendor)  not comp" in told
    assert "and 10 more pairs of figures" in told
    assert (
        "Why Network says 2,261 and Planner says 924: Engagements (vendor) of x:0"
        in told
    )
    assert "and 50 more gaps" in told
    assert "and 1 more fault\n" in told
    assert "and 2 more lines\n" in told
    assert "and 3 more lines\n" in told
    assert "views of X\n" in told


def test_other_windows_and_parts_are_named() -> None:
    part = text(made(attrs.evolve(GAP, breakdown="US")))
    longer = text(made(attrs.evolve(GAP, end=WEEK.end + timedelta(days=1))))

    assert "@acme on X, US, 2 Mar to 8 Mar 2026 (UTC)" in part
    assert "@acme on X, 2 Mar to 9 Mar 2026 (UTC)" in longer


def test_nothing_to_compare_is_said() -> None:
    assert text(Made()) == (
        "Nothing to compare\n2 Mar to 8 Mar 2026 (UTC)\n\nNo pair of figures\n"
    )


def test_hostile_text_stays_on_its_line() -> None:
    evil = "\x1b[31mred\u202e\nnext"
    pair = attrs.evolve(GAP, left_name=evil, metric=evil)

    told = text(made(pair, tools=(evil, "Planner")))

    assert "\x1b" not in told
    assert "\u202e" not in told
    assert "Why [31mred next says 2,261" in told


def test_text_is_wrapped_by_what_it_takes_on_the_screen() -> None:
    assert cells("e\u0301\u6570") == 3
    assert wrapped("", 10) == []
    assert wrapped("one two three", 9, indent=" ", hang="  ") == [
        " one two",
        "   three",
    ]
    assert wrapped("\u6570" * 5, 6) == ["\u6570" * 3, "\u6570" * 2]
    assert columns(["", "A"], [["b", "12"]], 5) == ["    A", "b  12"]
    assert columns(["", "A"], [["b", "12"]], 4) is None


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        (1234567, "count", "1,234,567"),
        (24383.0, "count", "24,383"),
        (-0.5, "count", "−0.5"),
        (0, "count", "0"),
        (1234.567, "person", "1,234.57"),
        (0.0415, "ratio", "4.15\u00a0%"),
        (0.000123456, "ratio", "0.0123\u00a0%"),
        (1.5, "second", "1.50\u00a0s"),
        (float("inf"), "count", "inf"),
    ],
)
def test_numbers_are_told_with_their_unit(value: float, unit: Unit, told: str) -> None:
    assert words.number(value, unit) == told


def test_differences_have_a_sign() -> None:
    assert [words.number(each, signed=True) for each in (3, 0, -3)] == ["+3", "0", "−3"]
    assert words.share(1, 0) == ""
    assert words.share(-1, 3) == "−33\u00a0%"
    assert words.share(1, -20) == "−5\u00a0%"
    assert words.share(1, 3000) == "+0.033\u00a0%"


def test_a_part_is_everything_only_where_it_is() -> None:
    parts = [words.part(some, 1000) for some in (0, 1, 500, 999, 1000)]

    assert parts == [f"{each}\u00a0%" for each in (0, 1, 50, 99, 100)]


def test_values_that_are_not_there_are_told_by_their_reason() -> None:
    assert words.value_words(None, None, "count") == "no such figure"
    assert words.value_words(None, Status.NOT_COLLECTED, "count") == "not collected"
    assert words.value_words(0, Status.OBSERVED, "count") == "0"


def test_times_are_told_in_words() -> None:
    newyear = Window.days("2025-12-30", "2026-01-02", "Europe/Berlin")
    hours = Window(WEEK.start, WEEK.start + timedelta(hours=3))

    assert words.window_words(newyear) == "30 Dec 2025 to 2 Jan 2026 (Europe/Berlin)"
    assert (
        words.window_words(Window.days("2026-03-02", "2026-03-02"))
        == "2 Mar 2026 (UTC)"
    )
    assert words.window_words(hours) == "2 Mar 2026 00:00 UTC to 2 Mar 2026 03:00 UTC"
    assert words.span(WEEK.start, WEEK.start, None) == "at 2 Mar 2026 00:00 UTC"
    assert words.last_day(datetime(2026, 3, 9, 4, tzinfo=UTC)) == "9 Mar 2026 04:00 UTC"
    assert words.read_words(attrs.evolve(acme().sides[0], read_at=None)) == "no figure"


@pytest.mark.parametrize(
    ("begin", "end", "told"),
    [
        (None, None, "no dates given"),
        (date(2024, 1, 1), None, "since 1 Jan 2024"),
        (None, date(2025, 5, 3), "until 3 May 2025"),
        (date(2024, 1, 1), date(2025, 5, 3), "1 Jan 2024 to 3 May 2025"),
    ],
)
def test_rules_hold_for_a_time(begin: date, end: date, told: str) -> None:
    rule = Grounds(id="r", text="t", source="s", valid_from=begin, valid_to=end)

    assert words.valid(rule) == told


def test_what_is_counted_is_told_in_short() -> None:
    people = attrs.evolve(
        IMPRESSIONS, counting="unique", scope="unknown", date_axis="observed", zone=None
    )

    assert words.counts(IMPRESSIONS) == "organic, by activity date, days of UTC"
    assert words.counts(people) == "each person once"
    assert words.counts(TOTAL_LIKES).startswith(
        "organic, since publication, by publish"
    )


def test_verdicts_without_reasons_are_short() -> None:
    assert verdicts.sentence(Pair().row(0)) == (
        "Toolbox and Network can be set side by side."
    )
    assert verdicts.sentence(Pair(verdict="unknown").row(0)) == (
        "Whether Toolbox and Network can be compared is not known."
    )


def test_an_order_names_the_lesser_tool() -> None:
    pair = Pair(verdict="bounded", answers={"scope": "ordered"}, left=9, right=5)
    row = pair.row(0)
    other = attrs.evolve(row.axes["scope"], lesser="right")
    first = attrs.evolve(row.axes["scope"], axis="formula")
    mixed = attrs.evolve(row, axes={**row.axes, "scope": other})
    both = attrs.evolve(row, axes={**mixed.axes, "formula": first})

    assert split.remark(row) == "9 ≤ 5 is broken"
    assert verdicts.sentence(mixed).startswith("Network can never be above Toolbox,")
    assert split.remark(mixed) == "5 ≤ 9 holds"
    assert verdicts.lesser(both) is None
    assert verdicts.sentence(both).startswith(
        "Toolbox and Network differ in a known direction, because of the formula and"
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "Days of UTC on the left, of Rome on the right.",
            "Days of UTC at A, of Rome at B.",
        ),
        (
            "The left figure was first, it is in the right one only",
            "A was first, it is in B only.",
        ),
        ("the right side's window ends", "B's window ends."),
        ("what is left, all right?", "what is left, all right?"),
        ("", ""),
    ],
)
def test_sides_are_called_by_the_names_of_the_tools(text: str, told: str) -> None:
    pair = Pair(left_name="A", right_name="B").row(0)

    assert verdicts.told_of(text, pair) == told


def test_metrics_of_which_the_same_is_said_are_put_together() -> None:
    pairs = [attrs.evolve(GAP, metric=metric) for metric in ("likes", "reposts")]

    told = text(made(*pairs, Pair(metric="comments")))

    assert "  Likes and Reposts\n    Network and Planner cannot" in told
    assert "  Comments\n    Toolbox and Network can be set side by side.\n" in told


def test_reasons_that_were_told_of_another_metric_are_not_repeated() -> None:
    first = attrs.evolve(GAP, metric="likes")
    more: dict[Axis, Answer] = {**GAP.answers, "freshness": "different"}
    other = attrs.evolve(first, metric="comments", answers=more)
    alone = attrs.evolve(first, metric="reposts", answers={"formula": "different"})
    elsewhere = attrs.evolve(alone, metric="quotes", left_name="Toolbox")

    told = text(made(first, other, alone, elsewhere))

    assert told.count("Network counts ten actions, Planner three.") == 1
    assert (
        "      Freshness: Planner was refreshed a day earlier.\n"
        "      Formula and date axis: as for Likes.\n"
    ) in told
    assert "of the formula.\n      Formula: as for Likes.\n" in told
    assert "      Formula: Toolbox counts ten actions, Planner three.\n" in told


def test_advice_of_several_metrics_is_told_once() -> None:
    first, other = acme().advice
    compared = attrs.evolve(
        made(GAP),
        advice=(
            first,
            other,
            attrs.evolve(first, metric="likes"),
            attrs.evolve(first, metric="quotes", title="And how?"),
        ),
    )

    assert (
        "Which figure to use\n"
        "  What happened this week?\n"
        "    Impressions and Likes: Toolbox: it counts activity by day, and all days "
        "are settled\n"
        "    Quotes: None of these: quotes come only as totals of a post's life\n"
        "  And how?\n"
        "    Quotes: Toolbox: it counts activity by day, and all days are settled\n"
    ) in text(compared, 90)


def test_figures_without_a_partner_are_told_by_tool_and_reason() -> None:
    (one,) = acme().unmatched
    lacking = [
        attrs.evolve(
            one,
            metric=metric,
            figures=2,
            reason=f"Network has no {metric}. It has other.{metric}",
            instead=f"ask for parts of {metric}",
        )
        for metric in ("likes", "engagements.vendor")
    ]
    elsewhere = attrs.evolve(lacking[0], name="Toolbox", instead="")

    told = text(attrs.evolve(made(GAP), unmatched=(*lacking, elsewhere)), 130)

    assert told.endswith(
        "Figures without a partner\n"
        "  Planner, Likes: 2 figures; Network has no likes. It has other.likes; "
        "instead: ask for parts of likes\n"
        "  Planner, Engagements (vendor): 2 figures; Network has no "
        "engagements.vendor. It has other.engagements.vendor; instead: ask for\n"
        "    parts of engagements.vendor\n"
        "  Toolbox, Likes: 2 figures; Network has no likes. It has other.likes\n"
    )


def test_metrics_without_a_partner_for_one_reason_are_told_together() -> None:
    (one,) = acme().unmatched
    lacking = [
        attrs.evolve(one, metric=metric, figures=2, reason=f"Network has no {metric}")
        for metric in ("likes", "engagements.vendor")
    ]

    told = text(attrs.evolve(made(GAP), unmatched=tuple(lacking)), 130)

    assert told.endswith(
        "  Planner, Likes and Engagements (vendor): 4 figures; Network has no likes "
        "and engagements.vendor; instead: ask Network for\n    impressions\n"
    )


def test_a_figure_is_told_in_the_terms_of_the_other_tool() -> None:
    after = attrs.evolve(GAP, verdict="comparable_after")

    assert (
        split.in_terms(after.row(0)) == "In the terms of Planner, Network says 1,034."
    )
    assert split.in_terms(GAP.row(0)) == ""
    assert split.in_terms(attrs.evolve(after, causes=()).row(0)) == ""
    assert split.in_terms(attrs.evolve(after, left=None).row(0)) == ""


def test_how_many_agree_is_told() -> None:
    summary = Pair().summary(rows=12, valued=9, equal=5, only_left=1, only_right=2)

    assert verdicts.tally(summary) == (
        "12 pairs of figures: 5 the same, 4 different, 3 without one of the values; "
        "1 only at Toolbox; 2 only at Network"
    )
    assert verdicts.tally(Pair().summary(rows=0, valued=0, equal=0)) == (
        "0 pairs of figures: none"
    )


def test_answers_are_counted() -> None:
    found = Finding(axis="scope", answer="same", text="", grounds=SCOPE)

    assert verdicts.answers([found, found]) == "2 same"
    assert verdicts.answers([]) == "nothing was found"


def test_conversions_name_whose_figures_changed() -> None:
    step = Conversion(axis="scope", side="both", text="")
    sides = [attrs.evolve(step, side=side) for side in ("left", "right", "both")]

    told = [verdicts.side_of(each, Pair().row(0)) for each in sides]

    assert told == ["Toolbox", "Network", "both"]


def test_gaps_say_how_far_they_are_explained() -> None:
    rest = attrs.evolve(GAP, right=900)
    exact = attrs.evolve(GAP, causes=GAP.causes[:1], right=808)

    assert split.outcome(rest.row(0)).endswith("; −24 of it stays unexplained.")
    assert split.outcome(exact.row(0)).endswith(", and its causes explain all of it.")
    assert split.outcome(GAP.row(0)).endswith("are known within bounds only.")
    assert split.remark(Pair(left=0, right=3).row(0)) == "gap +3"
    assert split.remark(Pair().row(0)) == "same figure"


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (None, None, ""),
        (-3, None, "at least −3"),
        (None, 0, "at most 0"),
        (-3, 2, "from −3 to +2"),
    ],
)
def test_bounds_may_be_open(low: int, high: int, told: str) -> None:
    cause = attrs.evolve(GAP.causes[2], low=low, high=high)
    step = list(split.steps(attrs.evolve(GAP, causes=(cause,)).row(0)))[1]

    assert split.bounds(step, "count") == told


def test_orders_that_point_to_opposite_sides_are_the_reason() -> None:
    answers: dict[Axis, Answer] = {"scope": "ordered", "population": "ordered"}
    pair = attrs.evolve(GAP, verdict="not_comparable", answers=answers)

    found = verdicts.deciding(pair.row(0))

    assert [each.axis for each in found] == ["scope", "population"]
