"""A comparison as JSON, for programs."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from functools import cache
from operator import attrgetter
from typing import Any, Final, Generic, TypeAlias, TypeVar

import attrs
import msgspec

from socialmetrics.comparison.result import (
    AXES,
    Axis,
    Fault,
    Finding,
    Grounds,
    Line,
    Row,
    Summary,
    Unmatched,
)
from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Ref
from socialmetrics.reading import Reading
from socialmetrics.report.compared import Compared
from socialmetrics.report.making import made

FORMAT: Final = "socialmetrics.comparison"
VERSION: Final = 1
ROWS: Final = 100_000

Object: TypeAlias = dict[str, Any]
H = TypeVar("H", bound=Hashable)
_Case: TypeAlias = tuple[Mapping[Axis, Finding], Object]
"""The findings on all axes, and their places: many rows have the same ones."""


def document(compared: Compared, *, rows: int | None = ROWS) -> str:
    """The comparison as a JSON object; the keys stay the same within a version.

    Numbers are numbers, and null where there is no value; instants are ISO 8601 in
    UTC, days ISO dates. It has the first `rows` pairs of figures (None: all), and says
    in `rows_left_out` how many more there are. What many rows share is told once:
    `readings` and `findings` are lists, and rows have the places in them; findings
    name their rule, which is in `rules`. Raises `InvalidQuery` for a number of rows
    below zero.
    """
    if rows is not None and (not isinstance(rows, int) or rows < 0):  # pyright: ignore[reportUnnecessaryIsInstance]  # whatever somebody gives
        raise InvalidQuery(f"rows={rows!r} must be a number of rows, or None for all")
    return msgspec.json.encode(_Writer(compared).document(rows)).decode()


@attrs.frozen
class _Places(Generic[H]):
    """Things that are told once, in the order in which they are first met."""

    found: dict[H, int] = attrs.field(factory=dict[H, int])
    met: dict[int, tuple[H, int]] = attrs.field(factory=dict[int, tuple[H, int]])

    def of(self, thing: H) -> int:
        """Its place in the list."""
        known = self.met.get(id(thing))
        if known is None:
            place = self.found.setdefault(thing, len(self.found))
            known = self.met[id(thing)] = thing, place
        return known[1]


@attrs.frozen
class _Writer:
    """A document in the making, and what its parts have in common."""

    compared: Compared
    readings: _Places[Reading] = attrs.field(factory=_Places[Reading])
    findings: _Places[Finding] = attrs.field(factory=_Places[Finding])
    refs: dict[Ref, Object] = attrs.field(factory=dict[Ref, Object])
    cases: dict[int, _Case] = attrs.field(factory=dict[int, _Case])

    def document(self, most: int | None) -> Object:
        """The whole of it; the lists of what is shared come last."""
        compared = self.compared
        count = len(compared.rows)
        end = count if most is None else min(most, count)
        rows = [self._row(row) for row in made(compared.rows, 0, end)]
        content: Object = {
            "format": FORMAT,
            "version": VERSION,
            "window": compared.window and attrs.asdict(compared.window),
            "sides": compared.sides,
            "rows": rows,
            "rows_left_out": count - end,
            "summaries": [self._summary(each) for each in compared.summaries],
            "faults": [self._fault(each) for each in compared.faults],
            "coverage": compared.coverage,
            "advice": compared.advice,
            "unmatched": [self._unmatched(each) for each in compared.unmatched],
            "lines": [self._line(each) for each in compared.lines()],
            "caveats": compared.caveats,
        }
        content["readings"] = list(self.readings.found)
        content["findings"] = [_ruled(each) for each in self.findings.found]
        content["rules"] = list(self._rules().values())
        return content

    def _row(self, row: Row) -> Object:
        return _fields(row) | {
            "subject": self._ref(row.subject),
            "left_reading": self.readings.of(row.left_reading),
            "right_reading": self.readings.of(row.right_reading),
            "gap": row.gap,
            "axes": self._axes(row.axes),
        }

    def _summary(self, summary: Summary) -> Object:
        return _fields(summary) | {"axes": self._axes(summary.axes)}

    def _axes(self, axes: Mapping[Axis, Finding]) -> Object:
        known = self.cases.get(id(axes))
        if known is None:
            found: Object = {
                axis: self.findings.of(axes[axis]) for axis in AXES if axis in axes
            }
            known = self.cases[id(axes)] = axes, found
        return known[1]

    def _fault(self, fault: Fault) -> Object:
        return _ruled(fault) | {"subject": self._ref(fault.subject)}

    def _unmatched(self, each: Unmatched) -> Object:
        return _fields(each) | {"examples": [self._ref(ref) for ref in each.examples]}

    def _line(self, line: Line) -> Object:
        return _fields(line) | {
            "subject": self._ref(line.subject),
            "reading": self.readings.of(line.reading),
        }

    def _ref(self, ref: Ref) -> Object:
        if ref not in self.refs:
            self.refs[ref] = {
                "network": ref.network,
                "native_id": ref.native_id,
                "label": self.compared.label(ref),
            }
        return self.refs[ref]

    def _rules(self) -> dict[str, Grounds]:
        """Every rule that is named, by its id."""
        compared = self.compared
        found = [each.grounds for each in self.findings.found]
        found += [each.grounds for each in compared.faults]
        return {rule.id: rule for rule in (*found, *compared.rules)}


def _fields(thing: attrs.AttrsInstance) -> Object:
    """The fields of a thing, as they are."""
    names, values = _names(type(thing))
    return dict(zip(names, values(thing), strict=True))


@cache
def _names(
    kind: type[attrs.AttrsInstance],
) -> tuple[list[str], Callable[[object], tuple[object, ...]]]:
    """The fields of a kind of things, and what reads all of them at once."""
    names = [each.name for each in attrs.fields(kind)]
    return names, attrgetter(*names)


def _ruled(thing: Finding | Fault) -> Object:
    """The fields of something that names its rule."""
    content = _fields(thing)
    del content["grounds"]
    return content | {"rule": thing.grounds.id}
