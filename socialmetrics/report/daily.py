"""The chart of daily lines, as a Vega specification."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from math import ceil
from typing import Any, Final, TypeAlias

from socialmetrics.comparison.result import Day
from socialmetrics.report import words
from socialmetrics.report.axes import Scale, apart, marked, scale
from socialmetrics.report.tracks import Track
from socialmetrics.strangers import plain

Spec: TypeAlias = dict[str, Any]

WIDTH: Final = 640
HEIGHT: Final = 210
LEFT: Final = 76
RIGHT: Final = 150
BOTTOM: Final = 34
ROW: Final = 22
SHAPES: Final = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
COLOURS: Final = tuple(f"var(--tool-{number})" for number in range(len(SHAPES)))
DOTS: Final = 12
NAME: Final = 14
YEAR: Final = 366
_DAY: Final = timedelta(days=1)
LARGE: Final = 100_000
_LABEL: Final = "format(datum.value, ',')"
_LARGE_LABEL: Final = "replace(format(datum.value, '.4~s'), 'G', 'B')"
_SHARE_LABEL: Final = "format(datum.value, '.3~%')"


def daily(tracks: Sequence[Track]) -> Spec | None:
    """Lines of one subject and metric; None where no day has a value.

    Settled days are joined by a full line; others have open marks and a dashed one. A
    rule stands after the last settled day of each line.
    """
    known = [each.value for track in tracks for each in track.line.days]
    values = [value for value in known if value is not None]
    if not values:
        return None
    heights, days = scale(values), _calendar(tracks)
    ends = _ends(tracks, days)
    padding = {"left": LEFT, "right": RIGHT, "bottom": BOTTOM}
    is_ratio = tracks[0].line.reading.unit == "ratio"
    return {
        "width": WIDTH - LEFT - RIGHT,
        "height": HEIGHT,
        "padding": {**padding, "top": 14 + ROW * len(ends)},
        "data": [
            {"name": "days", "values": list(_days(tracks, days))},
            {"name": "ends", "values": ends},
            {"name": "names", "values": _names(tracks, heights)},
        ],
        "scales": _scales(days, heights, [each.number for each in tracks]),
        "axes": _axes(days, heights, is_ratio=is_ratio),
        "marks": [*_rules(), _lines(), _names_mark()],
    }


def _calendar(tracks: Sequence[Track]) -> list[date]:
    """Every day from the first to the last, those that nobody has too."""
    there = [each.day for track in tracks for each in track.line.days]
    first, last = min(there), max(there)
    return [first + number * _DAY for number in range((last - first).days + 1)]


def milliseconds(day: date) -> int:
    """The beginning of that day in UTC, as Vega has it."""
    return round(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)


def _days(tracks: Sequence[Track], days: Sequence[date]) -> Iterator[Spec]:
    every = ceil(len(days) / DOTS)
    for track in tracks:
        known = (each for each in track.line.days if each.value is not None)
        there = {each.day: each for each in known}
        for number, day in enumerate(days):
            found = there.get(day)
            yield {
                "line": track.number,
                "day": milliseconds(day),
                "value": found and found.value,
                "settled": bool(found and found.settled),
                "dot": bool(found) and (number % every == 0 or _is_shown(day, there)),
            }


def _is_shown(day: date, there: Mapping[date, Day]) -> bool:
    """Whether a day needs its mark: it is not settled, or no line leads to it."""
    alone = day - _DAY not in there and day + _DAY not in there
    return alone or not there[day].settled


def _ends(tracks: Sequence[Track], days: Sequence[date]) -> list[Spec]:
    """Where figures cease to be settled, one below the other, and whose they are."""
    ends: dict[date, list[str]] = {}
    for track in tracks:
        last = track.line.settled_through
        if last and days[0] <= last < days[-1]:
            ends.setdefault(last, []).append(short(track.label))
    whole = len(ends) == 1
    return [
        {
            "day": milliseconds(day) + 43_200_000,
            "y": -ROW * (number + 1),
            "text": "settled" if whole else f"{words.listed(names)} settled",
            "is_left": day < days[len(days) // 2],
        }
        for number, (day, names) in enumerate(sorted(ends.items()))
    ]


def _names(tracks: Sequence[Track], heights: Scale) -> list[Spec]:
    """Their names, each at the end of its line, apart from one another."""
    found: list[tuple[float, str, int]] = []
    for track in tracks:
        known = (each.value for each in track.line.days)
        values = [value for value in known if value is not None]
        if values:
            y = HEIGHT * (1 - heights.place(values[-1]))
            found.append((y, short(track.label), track.number))
    found.sort()
    places = apart([y for y, _, _ in found], ROW, HEIGHT)
    return [
        {"y": y, "text": text, "line": number}
        for y, (_, text, number) in zip(places, found, strict=True)
    ]


def short(name: str) -> str:
    """A name that fits beside a chart."""
    told = plain(name)
    return told if len(told) <= NAME else f"{told[: NAME - 1].rstrip()}\u2026"


def _scales(days: Sequence[date], heights: Scale, numbers: list[int]) -> list[Spec]:
    first, last = milliseconds(days[0]), milliseconds(days[-1])
    ends = [first, last if last > first else first + 1]
    colours = [COLOURS[number % len(COLOURS)] for number in numbers]
    shapes = [SHAPES[number % len(SHAPES)] for number in numbers]
    return [
        _scale("x", "utc", ends, "width"),
        _scale("y", "linear", [heights.low, heights.high], "height"),
        _scale("colour", "ordinal", numbers, colours),
        _scale("shape", "ordinal", numbers, shapes),
    ]


def _scale(name: str, kind: str, domain: object, span: object) -> Spec:
    return {"name": name, "type": kind, "domain": domain, "range": span, "zero": False}


def _axes(days: Sequence[date], heights: Scale, *, is_ratio: bool) -> list[Spec]:
    is_large = max(-heights.low, heights.high) >= LARGE
    label = _SHARE_LABEL if is_ratio else _LARGE_LABEL if is_large else _LABEL
    return [
        {
            "scale": "y",
            "orient": "left",
            "values": heights.ticks,
            "grid": True,
            "ticks": False,
            "domain": False,
            "encode": {"labels": {"update": {"text": {"signal": label}}}},
        },
        {
            "scale": "x",
            "orient": "bottom",
            "values": [milliseconds(day) for day in marked(days)],
            "format": "%-d %b" if len(days) <= YEAR else "%b %Y",
            "formatType": "utc",
        },
    ]


def _rules() -> list[Spec]:
    at = {"scale": "x", "field": "day"}
    line = {
        "x": at,
        "y": {"field": "y"},
        "y2": {"value": HEIGHT},
        "stroke": {"value": "var(--soft)"},
        "strokeWidth": {"value": 1.5},
    }
    text = {
        "x": {**at, "offset": {"signal": "datum.is_left ? 7 : -7"}},
        "y": {"field": "y", "offset": ROW / 2 - 4},
        "text": {"field": "text"},
        "align": {"signal": "datum.is_left ? 'left' : 'right'"},
        "fontSize": {"value": 0},
    }
    return [
        {"type": "rule", "from": {"data": "ends"}, "encode": {"enter": line}},
        {
            "type": "text",
            "name": "note",
            "from": {"data": "ends"},
            "encode": {"enter": text},
        },
    ]


def _lines() -> Spec:
    """For every tool a dashed line, a full one over what is settled, and marks."""
    mine = {"scale": "colour", "field": "line"}
    place: Spec = {
        "x": {"scale": "x", "field": "day"},
        "y": {"scale": "y", "field": "value"},
        "stroke": mine,
        "strokeWidth": {"value": 2},
        "strokeJoin": {"value": "round"},
    }
    dashed = {**place, "defined": {"signal": "isValid(datum.value)"}}
    full = {**place, "defined": {"field": "settled"}}
    dots = {
        **place,
        "shape": {"scale": "shape", "field": "line"},
        "size": {"value": 52},
        "strokeWidth": {"value": 1.8},
        "fill": [{"test": "datum.settled", **mine}, {"value": "var(--paper)"}],
    }
    return {
        "type": "group",
        "from": {"facet": {"name": "mine", "data": "days", "groupby": "line"}},
        "data": [
            {
                "name": "dots",
                "source": "mine",
                "transform": [{"type": "filter", "expr": "datum.dot"}],
            }
        ],
        "marks": [
            _mark("line", "mine", {**dashed, "strokeDash": {"value": [3, 4]}}),
            _mark("line", "mine", full),
            _mark("symbol", "dots", dots),
        ],
    }


def _mark(kind: str, source: str, encoded: Spec) -> Spec:
    return {"type": kind, "from": {"data": source}, "encode": {"enter": encoded}}


def _names_mark() -> Spec:
    encoded = {
        "x": {"value": WIDTH - LEFT - RIGHT + 12},
        "y": {"field": "y"},
        "text": {"field": "text"},
        "fill": {"scale": "colour", "field": "line"},
        "fontSize": {"value": 0},
    }
    return {**_mark("text", "names", encoded), "name": "name"}
