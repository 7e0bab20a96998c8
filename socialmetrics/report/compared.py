"""What a report is made of: a comparison, as far as reports look at it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from socialmetrics.comparison.result import (
    Advice,
    Coverage,
    Fault,
    Grounds,
    Line,
    Row,
    Side,
    Summary,
    Unmatched,
    Where,
)
from socialmetrics.model import Ref
from socialmetrics.series import MetricSeries
from socialmetrics.window import Window


class Compared(Protocol):
    """A comparison of tools: its figures in pairs, and all that is said of them."""

    @property
    def window(self) -> Window | None:
        """The window that was asked for; None: whatever the tools have."""
        ...

    @property
    def sides(self) -> tuple[Side, ...]:
        """The tools, in the order in which they are shown."""
        ...

    @property
    def rows(self) -> Sequence[Row]:
        """Every pair of figures; made when looked at, and there may be a million."""
        ...

    @property
    def summaries(self) -> tuple[Summary, ...]:
        """What can be said of each metric and pair of tools."""
        ...

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Orders that should hold, and do not."""
        ...

    @property
    def coverage(self) -> tuple[Coverage, ...]:
        """How much of what was asked for each tool has."""
        ...

    @property
    def advice(self) -> tuple[Advice, ...]:
        """Which tool's figure answers which question."""
        ...

    @property
    def unmatched(self) -> tuple[Unmatched, ...]:
        """Figures that found no partner."""
        ...

    @property
    def caveats(self) -> tuple[Grounds, ...]:
        """Notes that apply to these figures."""
        ...

    @property
    def rules(self) -> tuple[Grounds, ...]:
        """Every rule that was used."""
        ...

    def lines(self) -> tuple[Line, ...]:
        """The daily figures of each tool, subject and metric."""
        ...

    def behind(self, number: int, where: Where) -> MetricSeries:
        """The raw figures behind one side of the row of that number."""
        ...

    def label(self, ref: Ref) -> str:
        """What a subject is called: "@acme on X"."""
        ...
