"""The lines of a chart: each with a name and a colour of its own."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from socialmetrics.comparison.result import Line
from socialmetrics.strangers import plain


@attrs.frozen(kw_only=True)
class Track:
    """A line of a chart: its days, what it is called, and the number of its colour."""

    line: Line
    label: str
    number: int


def tracks(lines: Sequence[Line], tools: Sequence[str]) -> tuple[Track, ...]:
    """The lines of one subject and metric, each with a colour and a name of its own.

    The first line of a tool has the tool's number; where it has several, what they
    count is in their names.
    """
    found: list[Track] = []
    for line in lines:
        taken = {each.number for each in found}
        own = tools.index(line.name)
        number = own if own not in taken else max(taken | {len(tools) - 1}) + 1
        found.append(Track(line=line, label=_label(line, lines), number=number))
    return tuple(found)


def _label(line: Line, lines: Sequence[Line]) -> str:
    alike = [each for each in lines if each.name == line.name]
    parts = [
        str(getattr(line.reading, axis))
        for axis in ("scope", "level", "date_axis")
        if len({getattr(each.reading, axis) for each in alike}) > 1
    ]
    return " ".join([plain(line.name), *parts])
