"""What a mapping says of a report: where its figures stand, and what they count."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final, Literal, TypeAlias

import attrs

from socialmetrics.reading import Counting, DateAxis, Scope, Temporality, Unit

Day: TypeAlias = date
Step = Literal["hour", "day", "week", "month", "span", "lifetime", "instant"]
Way = Literal["id", "permalink", "handle"]
Absence = Literal[
    "not_reported",
    "not_permitted",
    "too_old",
    "unavailable",
    "suppressed",
    "not_collected",
]
ABSENT: Final[Mapping[Absence, tuple[str, ...]]] = {
    "not_reported": ("", "-", "--", "–", "—", "n/a", "na", "null", "none"),
}
"""The texts that stand for no figure, unless a mapping says otherwise."""


@attrs.frozen(kw_only=True)
class Dates:
    """The column of a date, or several whose texts are joined by a blank.

    Without a `format` the texts are ISO 8601. `included` is for the last day of a span:
    whether that day belongs to it.
    """

    column: str = ""
    columns: tuple[str, ...] = ()
    format: str = ""
    included: bool | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The columns, one or several."""
        return self.columns or (self.column,)


@attrs.frozen(kw_only=True)
class Subjects:
    """The column that says of whom the figures are, and how it is read.

    `refs` says for handles who they are: "x:4711", or several of different networks.
    """

    column: str
    by: Way
    refs: Mapping[str, str | tuple[str, ...]] = attrs.field(
        factory=dict[str, str | tuple[str, ...]], hash=False
    )


@attrs.frozen(kw_only=True)
class Networks:
    """The column that says of which network the figures are; `names` translates."""

    column: str
    names: Mapping[str, str] = attrs.field(hash=False)


@attrs.frozen(kw_only=True)
class Days:
    """Whole days, the last one included."""

    first: date
    last: date


@attrs.frozen(kw_only=True)
class MetricTable:
    """One metric of the report: its column (or its name in the column of names), and
    what it counts. None is the default that the ontology or the step gives."""

    metric: str
    column: str = ""
    name: str = ""
    scope: Scope = "unknown"
    counting: Counting | None = None
    temporality: Temporality | None = None
    date_axis: DateAxis | None = None
    unit: Unit | None = None
    additive: bool | None = None
    net: bool | None = None
    threshold: str = ""
    composition: str = ""
    percent: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    note: str = ""

    @property
    def called(self) -> str:
        """What the report calls it."""
        return self.column or self.name


@attrs.frozen(kw_only=True)
class Layout:
    """A whole mapping, its keys as they are written in TOML."""

    vendor: str
    endpoint: str
    level: Literal["profile", "post"]
    subject: str | Subjects
    step: Step
    metric: tuple[MetricTable, ...]
    network: str | Networks | None = None
    zone: str | None = None
    date: Dates | None = None
    start: Dates | None = None
    end: Dates | None = None
    window: Days | None = None
    published: Dates | None = None
    read_at: datetime | Dates | None = None
    settled_through: Day | None = None
    breakdown: str = ""
    metric_column: str = ""
    value_column: str = ""
    decimal: str = "."
    thousands: str = ""
    absent: Mapping[Absence, tuple[str, ...]] = attrs.field(default=ABSENT, hash=False)
    encoding: str = "utf-8-sig"
    delimiter: str = ""
    header: int = 1
    ignore: tuple[str, ...] = ()
    stop_at: str = ""
    sheet: str = ""

    @property
    def is_long(self) -> bool:
        """Whether every row has one figure, and a column says of which metric."""
        return bool(self.metric_column)
