"""What the page's template shows, prepared so that it only has to lay it out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Final

import attrs

from socialmetrics.comparison.result import Fault, Row
from socialmetrics.report import split, words
from socialmetrics.report.compared import Compared
from socialmetrics.report.daily import daily
from socialmetrics.report.drawing import drawn
from socialmetrics.report.sections import Daily, Section, sections
from socialmetrics.report.table import FigureTable, Pairing, pairing, table
from socialmetrics.report.traces import Trace, trace
from socialmetrics.report.waterfall import is_cut, waterfall
from socialmetrics.strangers import plain

if TYPE_CHECKING:
    from markupsafe import Markup

ROWS: Final = 600
"""So many pairs of figures are in a page; it says how many more there are."""

GROUPS: Final = 8
"""So many subjects are in the table of figures; others are folded away below it."""

OPEN: Final = 6
"""So many metrics are told at length at once; of more, only those that are opened."""

TRACES: Final = 200
"""Of so many figures a page tells how they came."""

FEWER_TRACES: Final = 40
"""So many where it shows a part of the rows only: in large comparisons each is dear."""

LOOKED: Final = 10_000
"""Among so many pairs of figures the largest gaps are looked for."""

CHARTS: Final = 60
"""So many charts of gaps are drawn, and so many of days; tables say the same."""

FAULTS: Final = 100
"""So many faults are told one by one."""

SUBJECTS: Final = 2
"""So many subjects are named in a heading."""


@attrs.frozen(kw_only=True, eq=False)
class View:
    """A comparison with everything in the order and amount in which a page shows it.

    `places` has the anchor of every metric and pair of tools, `rules` that of every
    rule by its id, `tools` numbers the tools.
    """

    compared: Compared
    table: FigureTable
    sections: tuple[Section, ...]
    traces: Mapping[str, Trace]
    places: Mapping[tuple[str, Pairing], str]
    rules: Mapping[str, str]
    tools: Mapping[str, int]
    _drawn: Counter[str] = attrs.field(factory=Counter[str])

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The first faults."""
        return self.compared.faults[:FAULTS]

    @property
    def more_faults(self) -> int:
        """How many faults are not told one by one."""
        return len(self.compared.faults) - len(self.faults)

    @property
    def left_out(self) -> int:
        """How many charts were not drawn."""
        return sum(max(0, count - CHARTS) for count in self._drawn.values())

    @property
    def untraced(self) -> int:
        """Of how many figures it is not told how they came."""
        return sum(bool(each.anchor) for each in self.table.figures) - len(self.traces)

    def gap_chart(self, row: Row, anchor: str) -> Markup | None:
        """The chart of a gap; None where enough were drawn."""
        if not self._has_room("gaps"):
            return None
        text = "; ".join(
            f"{step.name} {words.number(step.amount, split.unit(row))}"
            for step in split.steps(row)
        )
        spec = waterfall(row, self.tools)
        return drawn(spec, title=split.headline(row), text=text, anchor=anchor)

    def is_cut(self, row: Row) -> bool:
        """Whether the axis of its chart does not begin at zero."""
        return is_cut(row)

    def day_chart(self, metric: str, each: Daily, anchor: str) -> Markup | None:
        """The chart of daily lines; None where there is no value, or no more room."""
        spec = daily(each.tracks)
        if spec is None or not self._has_room("days"):
            return None
        names = words.listed(track.label for track in each.tracks)
        subject = plain(self.compared.label(each.subject))
        return drawn(
            spec,
            title=f"{words.title_of(metric)} of {subject}, day by day",
            text=f"Daily figures of {names}; the table below has the same numbers.",
            anchor=anchor,
        )

    def _has_room(self, kind: str) -> bool:
        self._drawn[kind] += 1
        return self._drawn[kind] <= CHARTS


def view(compared: Compared) -> View:
    """The view of that comparison."""
    shown = table(compared, ROWS, LOOKED)
    found = tuple(sections(compared, shown))
    return View(
        compared=compared,
        table=shown,
        sections=found,
        traces={each.figure.anchor: each for each in _traces(compared, shown)},
        places={
            (section.metric, pairing(each.summary)): each.anchor
            for section in found
            for each in section.judgements
        },
        rules={each.id: f"rule-{n}" for n, each in enumerate(compared.rules, 1)},
        tools={name: number for number, name in enumerate(shown.tools)},
    )


def _traces(compared: Compared, shown: FigureTable) -> Iterator[Trace]:
    there = (figure for figure in shown.figures if figure.anchor)
    most = FEWER_TRACES if shown.is_sample else TRACES
    for figure in islice(there, most):
        yield trace(compared, figure)


def heading(compared: Compared, shown: FigureTable) -> str:
    """Who is compared: the subjects, where they are few."""
    refs = list(dict.fromkeys(row.subject for row in shown.looked))
    if not refs:
        return "Nothing to compare"
    if len(refs) <= SUBJECTS:
        return words.listed(plain(compared.label(ref)) for ref in refs)
    return f"{'More than ' * shown.is_sample}{len(refs):,} subjects"
