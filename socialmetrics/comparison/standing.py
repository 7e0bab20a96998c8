"""What is found of two figures besides their readings, in words and with the rule."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec

from socialmetrics import typed
from socialmetrics.comparison.chain import BOUNDED, COMPUTED, UNKNOWN
from socialmetrics.comparison.meeting import Meeting
from socialmetrics.comparison.overlays import (
    ADDED_UP,
    APART,
    DOUBTFUL,
    LEFT_LESS,
    RIGHT_LESS,
    SAME,
    Half,
)
from socialmetrics.comparison.result import (
    Answer,
    Axis,
    Conversion,
    Finding,
    Grounds,
    Where,
)
from socialmetrics.reading import Reading
from socialmetrics.series.columns import HOUR

FILE: Final = "standing.toml"
UNITS: Final = ((HOUR, "hours"), (25 * HOUR, "days"), (7 * 25 * HOUR, "weeks"))
_FRESH: Final[Mapping[int, str]] = {
    SAME: "equally-fresh",
    LEFT_LESS: "left-read-earlier",
    RIGHT_LESS: "right-read-earlier",
    APART: "read-apart",
    DOUBTFUL: "provisional",
}
_POPULATIONS: Final[Mapping[int, str]] = {
    ADDED_UP: "posts-added-up",
    LEFT_LESS: "left-posts-within-account",
    RIGHT_LESS: "right-posts-within-account",
    DOUBTFUL: "other-posts",
}


class _Found(msgspec.Struct, forbid_unknown_fields=True):
    """What is said of two figures, and the rule behind it."""

    id: str
    answer: Answer
    says: str
    text: str
    source: str
    lesser: Where | None = None


class _File(msgspec.Struct, forbid_unknown_fields=True):
    found: list[_Found]


@cache
def _all() -> dict[str, _Found]:
    """Everything that can be found. A fault in the file is a bug: `ValueError`."""
    content = files("socialmetrics.comparison").joinpath(FILE).read_text("utf-8")
    told = typed.converted(tomllib.loads(content), _File)
    return {each.id: each for each in told.found}


def finding(axis: Axis, id: str, before: str = "") -> Finding:  # noqa: A002 - the data's own word
    """What the file has under that id, said of that axis; `before` is said first."""
    found = _all()[id]
    return Finding(
        axis=axis,
        answer=found.answer,
        text=f"{before} {found.says}".strip(),
        grounds=Grounds(id=found.id, text=found.text, source=found.source),
        lesser=found.lesser,
    )


def fresh(code: int) -> dict[Axis, Finding]:
    """The finding on when both were read."""
    return {"freshness": finding("freshness", _FRESH[code])}


def populated(code: int) -> dict[Axis, Finding]:
    """The finding on which posts are in both; none where the readings decide."""
    if code == SAME:
        return {}
    return {"population": finding("population", _POPULATIONS[code])}


def counted(left: Reading, right: Reading) -> dict[Axis, Finding]:
    """The finding on units that are not equal; none where they are."""
    if left.unit == right.unit:
        return {}
    before = f"The left figure is in {left.unit}, the right one in {right.unit}."
    return {"formula": finding("formula", "other-unit", before)}


def shifted(code: int, now: Finding) -> dict[Axis, Finding]:
    """The finding on windows that are not equal, or that are though their days are of
    other zones; none where `now` holds."""
    if code == APART:
        return {"day_zone": finding("day_zone", "other-window")}
    if code == ADDED_UP and now.answer in ("different", "unknown"):
        return {"day_zone": finding("day_zone", "equal-window", now.text)}
    return {}


def explained(
    findings: Mapping[Axis, Finding], axes: Iterable[Axis], basis: int
) -> dict[Axis, Finding]:
    """The findings on these axes, once it is known how much of a cause was computed.

    All of it: the difference can be turned into the other side's terms. Not all: what
    was said to be convertible is not.
    """
    found: dict[Axis, Finding] = {}
    for axis in axes:
        now = findings[axis]
        if basis == COMPUTED and now.answer not in ("same", "convertible"):
            found[axis] = finding(axis, "parts-read", now.text)
        elif basis in (BOUNDED, UNKNOWN) and now.answer == "convertible":
            found[axis] = finding(axis, "parts-not-read", now.text)
    return found


def converted(
    meeting: Meeting, left: Half, right: Half, at: int
) -> Iterator[Conversion]:
    """By which steps the two figures were brought to one shape."""
    sides: tuple[tuple[Where, Half], ...] = (("left", left), ("right", right))
    for number, (side, half) in enumerate(sides):
        step = meeting.steps[number]
        length = int(half.end[at]) - int(half.start[at])
        if not half.lasts and 0 < step < length:
            text = f"{_unit(step)} put together"
            yield Conversion(axis="day_zone", side=side, text=text)
        if meeting.raised and meeting.kinds[number][0] == "post":
            text = f"added up over {int(half.members[at]):,} posts of the account"
            yield Conversion(axis="population", side=side, text=text)
    lost = int(max(left.left_out[at], right.left_out[at]))
    if lost:
        days = "1 day is" if lost == 1 else f"{lost:,} days are"
        text = f"cut to the days that both have; {days} left out"
        yield Conversion(axis="day_zone", side="both", text=text)


def _unit(step: int) -> str:
    return next((name for longest, name in UNITS if step <= longest), "months")
