"""The table of figures: for each subject and metric what every tool says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import accumulate, islice
from typing import Final, TypeAlias

import attrs

from socialmetrics.comparison.result import Number, Row, Where
from socialmetrics.model import Ref
from socialmetrics.reading import Reading, Status
from socialmetrics.report import verdicts, words
from socialmetrics.report.choosing import looked_at
from socialmetrics.report.compared import Compared
from socialmetrics.strangers import plain

Pairing: TypeAlias = tuple[str, str]
"""The names of the left and the right tool."""

_TELLING: Final = ("level", "temporality", "date_axis", "scope", "counting", "name")


@attrs.frozen(kw_only=True)
class Figure:
    """One tool's figure, and in which row, on which side, it is found."""

    subject: Ref
    metric: str
    name: str
    value: Number | None
    status: Status | None
    reading: Reading
    number: int
    where: Where

    @property
    def text(self) -> str:
        """The figure, or why there is none."""
        return words.value_words(self.value, self.status, self.reading.unit)

    @property
    def anchor(self) -> str:
        """Where the report tells how it came; "" where there is nothing to tell."""
        return "" if self.status is None else f"figure-{self.number}-{self.where}"

    def is_same(self, other: Figure) -> bool:
        """Whether two rows speak of one figure."""
        mine = (self.value, self.status, self.reading)
        return mine == (other.value, other.status, other.reading)


@attrs.frozen(kw_only=True)
class Record:
    """One metric of one subject: the figures of all tools, and the rows on them.

    Where a tool has several figures of the metric, `note` says which this one is.
    """

    metric: str
    note: str
    figures: tuple[Figure | None, ...]
    rows: tuple[Row | None, ...]


@attrs.frozen(kw_only=True)
class Group:
    """The figures of one subject and window."""

    subject: Ref
    breakdown: str
    start: datetime
    end: datetime | None
    zone: str | None
    records: tuple[Record, ...]


@attrs.frozen(kw_only=True)
class FigureTable:
    """The figures of the first subjects and windows, with all of their metrics.

    `looked` are the rows that were looked at, those of the table among them; `count`
    is how many rows there are.
    """

    tools: tuple[str, ...]
    pairs: tuple[Pairing, ...]
    groups: tuple[Group, ...]
    looked: tuple[Row, ...]
    count: int

    @property
    def left_out(self) -> int:
        """How many rows are not in it."""
        return self.count - sum(1 for _ in self.rows)

    @property
    def is_sample(self) -> bool:
        """Whether there are rows that were not looked at."""
        return len(self.looked) < self.count

    @property
    def records(self) -> Iterator[Record]:
        """Every line of it."""
        for group in self.groups:
            yield from group.records

    @property
    def rows(self) -> Iterator[Row]:
        """Every row that is in it."""
        for record in self.records:
            yield from filter(None, record.rows)

    @property
    def figures(self) -> Iterator[Figure]:
        """Every figure that is in it, line by line."""
        for record in self.records:
            yield from filter(None, record.figures)


@attrs.frozen
class _Draft:
    """A record in the making."""

    figures: dict[str, Figure] = attrs.field(factory=dict[str, Figure])
    rows: dict[Pairing, Row] = attrs.field(factory=dict[Pairing, Row])

    def takes(self, row: Row, figures: Sequence[Figure]) -> bool:
        """Whether that row fits: nothing in its place, or the same."""
        if pairing(row) in self.rows:
            return False
        there = ((self.figures.get(each.name), each) for each in figures)
        return all(known is None or known.is_same(each) for known, each in there)

    def add(self, row: Row, figures: Sequence[Figure]) -> None:
        """Puts that row in."""
        self.rows[pairing(row)] = row
        for each in figures:
            self.figures.setdefault(each.name, each)


_Key: TypeAlias = tuple[Ref, str, datetime, datetime | None]


def table(compared: Compared, most: int, looked: int) -> FigureTable:
    """The table of about `most` rows, chosen among the `looked` ones that are made."""
    rows = looked_at(compared.rows, looked)
    judged: tuple[verdicts.Pair, ...] = (*compared.summaries, *rows)
    pairs = tuple(dict.fromkeys(pairing(each) for each in judged))
    names = (each.name for each in compared.sides)
    tools = tuple(dict.fromkeys((*names, *(name for pair in pairs for name in pair))))
    return FigureTable(
        tools=tools,
        pairs=pairs,
        groups=tuple(
            _group(key, of, tools, pairs) for key, of in _first(rows, most).items()
        ),
        looked=tuple(rows),
        count=len(compared.rows),
    )


def pairing(pair: verdicts.Pair) -> Pairing:
    """The names of its two tools."""
    return pair.left_name, pair.right_name


def _first(rows: Iterable[Row], most: int) -> dict[_Key, list[Row]]:
    """The first subjects and windows with all of their rows, together at most so many,
    but one of them in any case."""
    every: dict[_Key, list[Row]] = {}
    for row in rows:
        every.setdefault(_key(row), []).append(row)
    ends = accumulate(map(len, every.values()))
    kept = sum(1 for end in ends if end <= most)
    return dict(islice(every.items(), max(1, kept)))


def _key(row: Row) -> _Key:
    return row.subject, row.breakdown, row.start, row.end


def _add(drafts: list[_Draft], row: Row) -> None:
    figures = _figures(row)
    fitting = (each for each in drafts if each.takes(row, figures))
    draft = next(fitting, None)
    if draft is None:
        drafts.append(draft := _Draft())
    draft.add(row, figures)


def _figures(row: Row) -> tuple[Figure, Figure]:
    common = partial(Figure, subject=row.subject, metric=row.metric, number=row.number)
    return (
        common(
            name=row.left_name,
            value=row.left,
            status=row.left_status,
            reading=row.left_reading,
            where="left",
        ),
        common(
            name=row.right_name,
            value=row.right,
            status=row.right_status,
            reading=row.right_reading,
            where="right",
        ),
    )


def _group(
    key: _Key,
    rows: Iterable[Row],
    tools: Sequence[str],
    pairs: Sequence[Pairing],
) -> Group:
    subject, breakdown, start, end = key
    metrics: dict[str, list[_Draft]] = {}
    for row in rows:
        _add(metrics.setdefault(row.metric, []), row)
    records = tuple(
        Record(
            metric=metric,
            note=note,
            figures=tuple(draft.figures.get(tool) for tool in tools),
            rows=tuple(draft.rows.get(pair) for pair in pairs),
        )
        for metric, drafts in metrics.items()
        for draft, note in zip(drafts, _notes(drafts), strict=True)
    )
    first = next(each for each in records[0].figures if each)
    return Group(
        subject=subject,
        breakdown=breakdown,
        start=start,
        end=end,
        zone=first.reading.zone,
        records=records,
    )


def _notes(drafts: Sequence[_Draft]) -> list[str]:
    """What sets the records of one metric apart: "Network: total"; "" for one."""
    if len(drafts) == 1:
        return [""]
    return [_note(draft, drafts) for draft in drafts]


def _note(draft: _Draft, drafts: Sequence[_Draft]) -> str:
    """For every tool with several figures, how this one is read."""
    told: list[str] = []
    for name, figure in draft.figures.items():
        others = [each.figures[name].reading for each in drafts if name in each.figures]
        words_ = [
            plain(getattr(figure.reading, axis))
            for axis in _TELLING
            if len({getattr(other, axis) for other in others}) > 1
        ]
        if words_:
            told.append(f"{plain(name)}: {', '.join(words_)}")
    return "; ".join(told)
