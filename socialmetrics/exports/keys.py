"""What a report says of whole rows: of whom they are, of when, and when it was read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import attrs
import numpy as np

from socialmetrics.exports.cells import Key, Rows
from socialmetrics.exports.layout import Dates, Layout
from socialmetrics.exports.lookup import Lookup, kept
from socialmetrics.exports.problems import Problems
from socialmetrics.exports.times import Span, instants, spans
from socialmetrics.exports.whose import looks_rounded, plain, whose
from socialmetrics.model import Ref
from socialmetrics.series.columns import (
    NONE,
    Codes,
    Instants,
    Mask,
    ints,
    micros,
    moment,
)

NOTHING: Span = (NONE, NONE)


@attrs.frozen
class Keys:
    """Good rows, and for each its subject, span, time of reading and breakdown."""

    rows: Rows
    subject: Codes
    start: Instants
    end: Instants
    read_at: Instants
    breakdown: Codes


class KeyReader:
    """Reads what is said of whole rows. Codes count into `subjects`, `breakdowns`."""

    def __init__(
        self,
        layout: Layout,
        positions: Mapping[str, int],
        problems: Problems,
        read_at: datetime,
    ) -> None:
        self._layout, self._problems, self._read_at = layout, problems, micros(read_at)
        self._refs: dict[Ref, int] = {}
        self._parts: dict[str, int] = {}
        of, when = whose(layout), spans(layout)

        def subject(key: Key) -> int:
            return self._refs.setdefault(of.read(key), len(self._refs))

        def breakdown(key: Key) -> int:
            text = plain(key[0]) if key[0] != "" else ""
            return self._parts.setdefault(text, len(self._parts))

        def fixed(_: Key) -> int:
            return self._parts.setdefault("", 0)

        self._subject = Lookup(of.columns, subject, positions, problems)
        self._span = Lookup(when.columns, when.read, positions, problems)
        named = (layout.breakdown,) if layout.breakdown else ()
        part = breakdown if named else fixed
        self._breakdown = Lookup(named, part, positions, problems)
        self._fetched: Lookup[Span] | None = None
        if isinstance(layout.read_at, Dates):
            read = instants(layout.read_at, layout.zone)
            self._fetched = Lookup(read.columns, read.read, positions, problems)

    @property
    def subjects(self) -> tuple[Ref, ...]:
        """Every subject, in the order of the codes."""
        return tuple(self._refs)

    @property
    def breakdowns(self) -> tuple[str, ...]:
        """Every breakdown, in the order of the codes."""
        return tuple(self._parts)

    def read(self, rows: Rows) -> Keys:
        """The good ones of these rows, with what is said of each."""
        good: Mask = np.ones(len(rows), np.bool_)
        subject = np.array(self._subject.of(rows, good, -1), np.int32)
        start, end = _two(self._span.of(rows, good, NOTHING))
        read_at = self._times_of_reading(rows, good)
        breakdown = np.array(self._breakdown.of(rows, good, -1), np.int32)
        if self._layout.step == "instant" and self._layout.date is None:
            start, end = read_at, read_at
        self._refuse_future(rows, good, start, read_at)
        return Keys(
            rows=kept(rows, good),
            subject=subject[good],
            start=start[good],
            end=end[good],
            read_at=read_at[good],
            breakdown=breakdown[good],
        )

    def tell_rounded(self) -> None:
        """A note on ids that a spreadsheet may have rounded."""
        odd = [ref for ref in self._refs if looks_rounded(ref)]
        if odd:
            self._problems.note(
                "ids that end in zeros from the 16th digit on, as if a spreadsheet had "
                f"rounded them: {len(odd):,}",
                odd[0].native_id,
            )

    def _times_of_reading(self, rows: Rows, good: Mask) -> Instants:
        if self._fetched is None:
            return np.full(len(rows), self._read_at, np.int64)
        return _two(self._fetched.of(rows, good, NOTHING))[0]

    def _refuse_future(
        self, rows: Rows, good: Mask, start: Instants, read_at: Instants
    ) -> None:
        """What begins after it was read is no figure yet, whatever stands there."""
        wrong: Mask = good & (start > read_at)
        if self._layout.step not in {"lifetime", "instant"}:
            wrong |= good & (start == read_at)
        for row in ints(np.flatnonzero(wrong)):
            at = moment(int(read_at[row]))
            self._problems.add(
                rows.lines[row],
                f"is of a time after the report was read, {at.isoformat()}",
                (moment(int(start[row])),),
            )
        good &= ~wrong


def _two(found: list[Span]) -> tuple[Instants, Instants]:
    pairs = np.array(found, np.int64).reshape(-1, 2)
    return pairs[:, 0].copy(), pairs[:, 1].copy()
