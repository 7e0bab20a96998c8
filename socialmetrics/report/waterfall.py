"""The chart of a gap and its causes, as a Vega specification."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from socialmetrics.comparison.result import Basis, Number, Row
from socialmetrics.report import split, words
from socialmetrics.report.axes import Scale
from socialmetrics.report.daily import COLOURS, WIDTH, Spec, short
from socialmetrics.report.split import Step

LEFT: Final = 190
RIGHT: Final = 110
ROW: Final = 30
BAR: Final = 16
NARROW: Final = 0.5
"""Where the walk stays in less than this part of the axis, the axis does not begin at
zero, and the two figures are marks instead of bars."""

_DASHES: Final[Mapping[Basis, list[int]]] = {
    "computed": [],
    "bounded": [5, 3],
    "unknown": [1, 4],
}


def is_cut(row: Row) -> bool:
    """Whether the axis does not begin at zero, so that the causes can be seen."""
    reach = _reach(list(split.steps(row)))
    low, high = min(reach), max(reach)
    return low > 0 and high - low < NARROW * high


def waterfall(row: Row, tools: Mapping[str, int]) -> Spec:
    """The left figure, each cause from where the one before ends, what is unexplained,
    and the right figure, one below the other.

    Causes that are not computed have a broken outline and no fill; a line shows their
    bounds. `tools` numbers the names, for their colours.
    """
    steps, cut = list(split.steps(row)), is_cut(row)
    reach = _reach(steps)
    width = _around(reach) if cut else _from_zero(reach)
    bars = [
        {**_place(number, step, width, cut=cut), **_look(step, row, tools)}
        for number, step in enumerate(steps)
    ]
    return {
        "width": WIDTH - LEFT - RIGHT,
        "height": ROW * len(steps),
        "padding": {"left": LEFT, "right": RIGHT, "top": 2, "bottom": 2},
        "data": [
            {"name": "steps", "values": bars},
            {"name": "joints", "values": bars[1:]},
            {"name": "bounds", "values": [bar for bar in bars if "low" in bar]},
        ],
        "marks": [*_joints(), *_bars(), *_texts()],
    }


def _reach(steps: Sequence[Step]) -> list[Number]:
    """Every value that the chart has to show, zero apart."""
    found: list[Number] = []
    for step in steps:
        found.append(step.after)
        found += [step.before + each for each in (step.low, step.high) if each]
    return found


def _around(reach: Sequence[Number]) -> Scale:
    """An axis with a little room around these values."""
    low, high = min(reach), max(reach)
    room = (high - low or abs(high)) / 20
    return Scale(low=low - room, high=high + room, step=room)


def _from_zero(reach: Sequence[Number]) -> Scale:
    """An axis on which zero is, and no more than is needed."""
    low, high = min(0, *reach), max(0, *reach)
    return Scale(low=low, high=high if high > low else low + 1, step=1)


def _place(number: int, step: Step, width: Scale, *, cut: bool) -> Spec:
    """Where a bar is, in the units of the chart."""

    def at(value: Number) -> float:
        return (WIDTH - LEFT - RIGHT) * min(1, max(0, width.place(value)))

    total = step.kind in {"left", "right"}
    begin = at(step.after if total and cut else step.before)
    place = {"y": ROW * (number + 0.5), "x": begin, "x2": at(step.after)}
    place["joint"] = begin if not total else at(step.after)
    if total and cut:
        return {**place, "x": begin - 3, "x2": begin + 3}
    if step.basis == "bounded":
        place["low"] = 0 if step.low is None else at(step.before + step.low)
        high = width.high if step.high is None else step.before + step.high
        place["high"] = at(high)
    return place


def _look(step: Step, row: Row, tools: Mapping[str, int]) -> Spec:
    """What a bar looks like, and what stands beside it."""
    amount = words.number(step.amount, split.unit(row), signed=step.kind != "left")
    if step.kind in {"left", "right"}:
        name = row.left_name if step.kind == "left" else row.right_name
        colour = COLOURS[tools[name] % len(COLOURS)]
        amount = amount.removeprefix("+")
        label = short(name)
    else:
        colour = "var(--down)" if step.amount < 0 else "var(--up)"
        colour = "var(--soft)" if step.kind == "unexplained" else colour
        label = step.name
    marks = {"computed": amount, "bounded": f"\u2248 {amount}", "unknown": "?"}
    return {
        "label": label,
        "amount": marks[step.basis],
        "stroke": colour,
        "fill": colour if step.basis == "computed" else "none",
        "dash": _DASHES[step.basis],
        "doubt": "?" if step.basis == "unknown" else "",
    }


def _joints() -> list[Spec]:
    """A thin line from where each bar ends to where the next one begins."""
    encoded = {
        "x": {"field": "joint"},
        "y": {"field": "y", "offset": -ROW + BAR / 2},
        "y2": {"field": "y", "offset": -BAR / 2},
        "stroke": {"value": "var(--soft)"},
    }
    return [_mark("rule", "joints", encoded)]


def _bars() -> list[Spec]:
    bar = {
        "x": {"field": "x"},
        "x2": {"field": "x2"},
        "y": {"field": "y", "offset": -BAR / 2},
        "height": {"value": BAR},
        "fill": {"field": "fill"},
        "stroke": {"field": "stroke"},
        "strokeWidth": {"value": 1.5},
        "strokeDash": {"field": "dash"},
    }
    whisker = {
        "x": {"field": "low"},
        "x2": {"field": "high"},
        "y": {"field": "y"},
        "stroke": {"field": "stroke"},
        "strokeWidth": {"value": 1.5},
    }
    ends = {
        **{name: whisker[name] for name in ("stroke", "strokeWidth")},
        "y": {"field": "y", "offset": -5},
        "y2": {"field": "y", "offset": 5},
    }
    return [
        _mark("rect", "steps", bar),
        _mark("rule", "bounds", whisker),
        _mark("rule", "bounds", {**ends, "x": {"field": "low"}}),
        _mark("rule", "bounds", {**ends, "x": {"field": "high"}}),
    ]


def _texts() -> list[Spec]:
    places = (
        ("label", {"value": -12}, "right"),
        ("amount", {"value": WIDTH - LEFT - 6}, "right"),
        ("doubt", {"field": "x", "offset": 8}, "left"),
    )
    return [
        {
            **_mark(
                "text",
                "steps",
                {
                    "x": x,
                    "y": {"field": "y"},
                    "align": {"value": align},
                    "text": {"field": name},
                    "fontSize": {"value": 0},
                },
            ),
            "name": name,
        }
        for name, x, align in places
    ]


def _mark(kind: str, source: str, encoded: Spec) -> Spec:
    return {"type": kind, "from": {"data": source}, "encode": {"enter": encoded}}
