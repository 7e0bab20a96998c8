from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialmetrics.comparison.result import Cause, Line, Number
from socialmetrics.reading import Unit
from socialmetrics.report.axes import apart, marked, scale
from socialmetrics.report.daily import COLOURS, Spec, daily, short
from socialmetrics.report.drawing import drawn
from socialmetrics.report.tracks import tracks
from socialmetrics.report.waterfall import is_cut, waterfall
from tests.report.comparisons import GAP, TOOLS, Pair, lines
from tests.report.pages import Node, read

NUMBERS = {name: number for number, name in enumerate(TOOLS)}
VALUES = st.floats(-1e12, 1e12) | st.integers(-(10**9), 10**9)


def drawing_of(*lines: Line) -> Spec:
    """The chart of these lines."""
    spec = daily(tracks(lines, TOOLS))
    assert spec is not None
    return spec


def picture(spec: Spec) -> Node:
    return read(drawn(spec, title="a title", text="a text", anchor="a"))


def days_of(*values: Number | None, name: str = "Toolbox", settled: int = 99) -> Line:
    """A line from Monday on; its first days are settled."""
    (line,) = lines("impressions", len(values), (name,))
    days = [
        attrs.evolve(each, value=value, settled=number < settled)
        for number, (each, value) in enumerate(zip(line.days, values, strict=True))
    ]
    last = [each.day for each in days if each.settled]
    return attrs.evolve(
        line, days=tuple(days), settled_through=last[-1] if last else None
    )


def values_of(spec: Spec, name: str) -> list[Spec]:
    (found,) = [each["values"] for each in spec["data"] if each["name"] == name]
    return list(found)


@given(st.lists(VALUES, min_size=1, max_size=9))
def test_an_axis_holds_every_value_between_round_ticks(values: list[float]) -> None:
    found = scale(values)

    assert found.low <= min(values)
    assert found.high >= max(values)
    assert found.low < found.high
    assert 2 <= len(found.ticks) <= 8
    assert all(-0.001 <= found.place(value) <= 1.001 for value in values)


def test_an_axis_begins_at_zero_unless_all_values_are_far_from_it() -> None:
    assert scale([3, 90]).ticks == [0, 20, 40, 60, 80, 100]
    assert scale([227_000, 227_240]).ticks[0] == 227_000
    assert scale([-3, -90]).ticks == [-100, -80, -60, -40, -20, 0]
    assert scale([5]).ticks == [0, 1, 2, 3, 4, 5]
    assert scale([0]).ticks[0] == 0


@pytest.mark.parametrize(
    ("count", "named"),
    [
        (1, ["1"]),
        (7, ["1", "3", "5", "7"]),
        (30, ["5", "12", "19", "26"]),
        (90, ["5", "26", "47", "68", "89"]),
        (200, ["1", "60", "121", "182"]),
    ],
)
def test_a_few_days_are_named(count: int, named: list[str]) -> None:
    first = date(2026, 1, 1)
    days = [first + timedelta(days=number) for number in range(count)]

    found = marked(days)

    assert [str((day - first).days + 1) for day in found] == named
    assert len(found) <= 6


@given(st.lists(st.floats(0, 100), max_size=4))
def test_labels_are_kept_apart(places: list[float]) -> None:
    found = apart(sorted(places), 20, 100)

    assert all(after - before >= 19.999 for before, after in pairwise(found))
    assert all(place <= 100 for place in found)


def test_labels_that_have_room_stay_where_they_are() -> None:
    assert apart([10, 50, 90], 20, 100) == [10, 50, 90]
    assert apart([99, 99], 20, 100) == [80, 100]


def test_days_that_are_not_settled_are_open_and_dashed() -> None:
    spec = drawing_of(days_of(1, 2, 3, 4, settled=2))

    drawing = picture(spec)
    dashed, full = drawing.one(class_="role-scope").all("path", stroke=COLOURS[0])[:2]
    marks = drawing.one(class_="mark-symbol").all("path")

    assert dashed.get("stroke-dasharray")
    assert not full.get("stroke-dasharray")
    assert (dashed.get("d") or "").count("L") == 3
    assert (full.get("d") or "").count("L") == 1
    assert [each.get("fill") for each in marks] == [COLOURS[0]] * 2 + [
        "var(--paper)"
    ] * 2
    assert [each.text for each in drawing.one(class_="note").all("text")] == ["settled"]


def test_a_day_without_a_figure_leaves_a_hole_and_a_lone_day_a_mark() -> None:
    line = days_of(*[5] * 20, None, 6, None, *[7] * 20)
    without = attrs.evolve(
        line, days=line.days[:20] + line.days[21:22] + line.days[23:]
    )

    for each in (line, without):
        spec = drawing_of(each)
        points = values_of(spec, "days")
        assert [point["value"] for point in points[19:24]] == [5, None, 6, None, 7]
        assert [point["dot"] for point in points[19:24]] == [
            False,
            False,
            True,
            False,
            False,
        ]
        path = picture(spec).one(class_="role-scope").all("path", stroke=COLOURS[0])[1]
        assert (path.get("d") or "").count("M") == 3


def test_all_days_settled_need_no_rule() -> None:
    for line in (days_of(1, 2, 3), days_of(1, 2, 3, settled=0)):
        spec = drawing_of(line)
        assert values_of(spec, "ends") == []


def test_every_tool_has_its_own_end_of_what_is_settled() -> None:
    late = days_of(*range(9), settled=8)
    others = [
        days_of(*range(9), name=name, settled=2) for name in ("Network", "Planner")
    ]

    spec = drawing_of(late, *others)

    assert [
        (each["text"], each["is_left"], each["y"]) for each in values_of(spec, "ends")
    ] == [
        ("Network and Planner settled", True, -22),
        ("Toolbox settled", False, -44),
    ]


def test_names_stand_at_the_ends_of_their_lines() -> None:
    spec = drawing_of(days_of(1, 9), days_of(1, 9, name="Network"))

    assert [each["text"] for each in values_of(spec, "names")] == ["Network", "Toolbox"]
    low, high = [each["y"] for each in values_of(spec, "names")]
    assert high - low == pytest.approx(22)


def test_a_tool_without_any_value_has_no_name_and_none_at_all_no_chart() -> None:
    empty = days_of(None, None, name="Network")

    spec = drawing_of(days_of(1, 2), empty)

    assert [each["text"] for each in values_of(spec, "names")] == ["Toolbox"]
    assert daily(tracks([empty], TOOLS)) is None
    assert daily(()) is None


@pytest.mark.parametrize(
    ("value", "unit", "label"),
    [
        (3_000, "count", "3,000"),
        (120_000, "count", "150k"),
        (3_000_000_000, "count", "3B"),
        (0.05, "ratio", "5%"),
    ],
)
def test_axes_have_short_labels(value: float, unit: Unit, label: str) -> None:
    line = days_of(0, value)
    shown = attrs.evolve(line, reading=attrs.evolve(line.reading, unit=unit))

    spec = drawing_of(shown)

    assert label in [each.text for each in picture(spec).all("text")]


def test_one_day_and_many_years_can_be_drawn() -> None:
    one, many = drawing_of(days_of(5)), drawing_of(days_of(*range(800)))

    assert "2 Mar" in [each.text for each in picture(one).all("text")]
    assert "Apr 2026" in [each.text for each in picture(many).all("text")]


def test_more_tools_than_colours_begin_anew() -> None:
    names = [f"tool {number}" for number in range(8)]
    found = [days_of(1, 2, name=name) for name in names]

    spec = daily(tracks(found, names))

    assert spec is not None

    assert len(picture(spec).one(class_="name").all("text", fill=COLOURS[0])) == 2


def test_several_lines_of_a_tool_are_told_apart() -> None:
    whole = days_of(3, 4, name="Network")
    paid = attrs.evolve(whole, reading=attrs.evolve(whole.reading, scope="paid"))

    found = tracks([whole, days_of(1, 2), paid, paid], TOOLS)

    assert [(each.label, each.number) for each in found] == [
        ("Network organic", 1),
        ("Toolbox", 0),
        ("Network paid", 3),
        ("Network paid", 4),
    ]
    spec = daily(found)
    assert spec is not None
    assert len(picture(spec).one(class_="name").all("text")) == 4


def test_long_names_are_cut() -> None:
    assert short("A tool with a long name") == "A tool with a…"
    assert short("fourteen signs") == "fourteen signs"


def test_a_gap_is_walked_from_left_to_right() -> None:
    spec = waterfall(GAP.row(0), NUMBERS)

    bars = values_of(spec, "steps")
    drawing = picture(spec)

    assert [(bar["label"], bar["amount"]) for bar in bars] == [
        ("Network", "2,261"),
        ("formula", "−1,453"),
        ("date axis", "+226"),
        ("freshness", "≈ −110"),
        ("unexplained", "0"),
        ("Planner", "924"),
    ]
    ends = [bar["x2"] for bar in bars]
    assert [bar["x"] for bar in bars[1:5]] == pytest.approx(ends[:4])
    assert ends[4] == pytest.approx(ends[5])
    assert bars[0]["x"] == bars[5]["x"] == 0
    assert [bar["y"] for bar in bars] == [15, 45, 75, 105, 135, 165]
    assert len(drawing.one(class_="mark-rect").all("path")) == 6


def test_what_is_not_computed_looks_different() -> None:
    unknown = Cause(name="scope", amount=0, basis="unknown", text="")
    row = attrs.evolve(GAP, causes=(*GAP.causes, unknown)).row(0)

    bars = values_of(waterfall(row, NUMBERS), "steps")
    computed, bounded, vague = bars[1], bars[3], bars[4]

    assert (computed["fill"], computed["dash"]) == ("var(--down)", [])
    assert (bounded["fill"], bool(bounded["dash"])) == ("none", True)
    assert bounded["low"] < bounded["x2"] < bounded["high"] == bounded["x"]
    assert (vague["fill"], vague["amount"], vague["doubt"]) == ("none", "?", "?")


def test_open_bounds_reach_to_the_ends() -> None:
    cause = attrs.evolve(GAP.causes[2], low=None, high=None)
    row = attrs.evolve(GAP, causes=(cause,)).row(0)

    bar = values_of(waterfall(row, NUMBERS), "steps")[1]

    assert (bar["low"], bar["high"]) == (0, 340)


def test_a_small_gap_is_made_visible() -> None:
    small = Pair(left=24_383, right=24_390).row(0)
    ends = [values_of(waterfall(small, NUMBERS), "steps")[at] for at in (0, -1)]

    assert is_cut(small)
    assert not is_cut(GAP.row(0))
    assert ends[1]["x"] - ends[0]["x2"] > 200
    assert [bar["x2"] - bar["x"] for bar in ends] == pytest.approx([6, 6])


@pytest.mark.parametrize(("left", "right"), [(0, 0), (-5, 5), (-9, -3), (0, 7), (5, 5)])
def test_any_figures_can_be_drawn(left: int, right: int) -> None:
    drawing = picture(waterfall(Pair(left=left, right=right).row(0), NUMBERS))

    assert "NaN" not in repr(drawing)
    assert len(drawing.one(class_="mark-rect").all("path")) == 3


def test_letters_are_left_to_the_page() -> None:
    drawing = drawn(waterfall(GAP.row(0), NUMBERS), title="t", text="d", anchor="a")

    assert not re.search(r'font-size="[1-9]', drawing)
    assert not re.search(r'(fill|stroke)="(?!var|none|#000|")', drawing)
    assert "aria-roledescription" not in drawing
