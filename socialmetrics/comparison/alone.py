"""What two sides have in common, and why the rest of their figures is alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeAlias

import attrs
import numpy as np

from socialmetrics.comparison.evidence import Evidence
from socialmetrics.comparison.matching import Matcher
from socialmetrics.comparison.meeting import Meeting, Wish, meetings
from socialmetrics.comparison.pool import Kind, Pool, kind_of
from socialmetrics.comparison.rules import rules
from socialmetrics.comparison.table import Batch
from socialmetrics.ontology import needed
from socialmetrics.reading import Reading
from socialmetrics.series.build import join
from socialmetrics.series.columns import Columns, Rows

Refused: TypeAlias = tuple[str, str]
"""Why something cannot be compared, and what would help."""
Place: TypeAlias = tuple[int, Kind, str]
"""A side, a kind of figures and a metric."""
SAME: Final = "the same posts or accounts, and the same days, at both"
BOTH: Final = "a metric that both have, or its parts"
LIKE: Final = "the same level at both; posts= and profiles= say whose posts they are"


@attrs.frozen(kw_only=True, eq=False)
class Lonely:
    """Figures of one side and metric that found no partner among two sides: rows of
    `columns`; why not, and what would help."""

    pair: tuple[int, int]
    place: Place
    columns: Columns
    rows: Rows
    reason: str
    instead: str

    @property
    def side(self) -> int:
        """The side of which they are."""
        return self.place[0]

    @property
    def metric(self) -> str:
        """Their metric."""
        return self.place[2]


@attrs.frozen(kw_only=True, eq=False)
class Acquaintance:
    """Two sides of a pool, and everything that they have in common."""

    pool: Pool
    pair: tuple[int, int]
    wish: Wish
    proof: Evidence
    batches: list[Batch] = attrs.field(factory=list[Batch])
    lonely: list[Lonely] = attrs.field(factory=list[Lonely])
    _refused: dict[Place, Refused] = attrs.field(factory=dict[Place, Refused])

    def meet(self) -> None:
        """Fills `batches` and `lonely`."""
        alone: list[Lonely] = []
        for meeting in meetings(self.pool, self.pair, self.wish):
            alone += self._meet(meeting)
        met = {each for batch in self.batches for each in _places(batch)}
        known = dict[Place, Lonely]()
        for each in alone:
            known.setdefault(each.place, each)
        self.lonely.extend(e for e in known.values() if e.place not in met)
        self.lonely.extend(self._never_met(met | set(known)))
        self.lonely.extend(self._without_figures())

    def _meet(self, meeting: Meeting) -> Iterator[Lonely]:
        """What is alone in this meeting, though perhaps not in another one."""
        matcher = Matcher(
            pool=self.pool,
            meeting=meeting,
            sides=self.pair,
            proof=self.proof,
            rules=rules(),
        )
        for side, kind, cells in zip(
            self.pair, meeting.kinds, matcher.cells, strict=True
        ):
            for metric, why in cells.refused.items():
                self._refused.setdefault((side, kind, metric), why)
        for metric in _metrics(matcher):
            if self._is_wanted(metric):
                found = matcher.batches(metric)
                self.batches.extend(found)
                rest = self._rest(matcher, metric, found)
                if found:
                    self.lonely.extend(rest)
                    self.lonely.extend(self._strayed(meeting, metric))
                else:
                    yield from rest

    def _is_wanted(self, metric: str) -> bool:
        return not self.wish.metrics or metric in self.wish.metrics

    def _strayed(self, meeting: Meeting, metric: str) -> Iterator[Lonely]:
        """What was left out when figures were brought to a shape."""
        metrics = {metric, *needed(metric)}
        both = zip(self.pair, meeting.kinds, meeting.strays, strict=True)
        for side, kind, strays in both:
            for stray in strays:
                rows = stray.rows(metrics)
                if len(rows):
                    yield Lonely(
                        pair=self.pair,
                        place=(side, kind, metric),
                        columns=stray.columns,
                        rows=rows,
                        reason=stray.reason,
                        instead=stray.instead,
                    )

    def _rest(
        self, matcher: Matcher, metric: str, batches: Sequence[Batch]
    ) -> Iterator[Lonely]:
        """The figures of that metric that are in none of the batches."""
        for at, (side, cells) in enumerate(zip(self.pair, matcher.cells, strict=True)):
            rows = matcher.rows(at, metric)
            halves = [(each.left, each.right)[at] for each in batches]
            if sum(len(half.rows) for half in halves) == len(rows):
                continue
            if halves:  # Another scope of what has met is not alone.
                met = np.concatenate([matcher.keys[at][half.rows] for half in halves])
                rows = rows[~np.isin(matcher.keys[at][rows], met)]
            if len(rows):
                place = side, matcher.meeting.kinds[at], metric
                yield self._alone(place, cells.columns, rows)

    def _never_met(self, told: set[Place]) -> Iterator[Lonely]:
        """Figures that could not even be brought to a shape with others."""
        for side in self.pair:
            places = [
                place
                for place in _places_of(side, self.pool.readings(side))
                if place not in told and self._is_wanted(place[2])
            ]
            if places:
                columns = self.pool.told(side, self.wish.window, ())
                for place in places:
                    rows = _of_place(columns, place)
                    if len(rows):
                        yield self._alone(place, columns, rows)

    def _without_figures(self) -> Iterator[Lonely]:
        """The metrics that were asked for, and that neither side has."""
        told = {each.metric for each in self.batches}
        told |= {each.metric for each in self.lonely}
        for metric in self.wish.metrics:
            if metric not in told:
                for side in self.pair:
                    yield self._absent(side, metric)

    def _absent(self, side: int, metric: str) -> Lonely:
        absent = f"{self.pool.names[side]} has no {metric}", BOTH
        reason, instead = (*self._reasons(side, metric), absent)[0]
        return Lonely(
            pair=self.pair,
            place=(side, ("profile", "period"), metric),
            columns=join([]),
            rows=np.empty(0, np.intp),
            reason=reason,
            instead=instead,
        )

    def _alone(self, place: Place, columns: Columns, rows: Rows) -> Lonely:
        reason, instead = self._why(place)
        return Lonely(
            pair=self.pair,
            place=place,
            columns=columns,
            rows=rows,
            reason=reason,
            instead=instead,
        )

    def _why(self, place: Place) -> Refused:
        """The reason of this side first, then that of the other one."""
        side, kind, metric = place
        other = self.pair[self.pair[0] == side]
        reasons = (*self._reasons(side, metric, kind), *self._reasons(other, metric))
        if reasons:
            return reasons[0]
        name, kinds = self.pool.names[other], self.pool.kinds(other, metric)
        if not kinds:
            return f"{name} has no {metric}", BOTH
        if kind in kinds:
            return f"{name} has no {metric} of these subjects and windows", SAME
        told = " and ".join(f"{level}s ({words})" for level, words in kinds)
        return f"{name} has {metric} only of {told}", LIKE

    def _reasons(
        self, side: int, metric: str, kind: Kind | None = None
    ) -> tuple[Refused, ...]:
        """Why that side's metric cannot be brought to a shape."""
        return tuple(
            (f"{self.pool.names[side]}: {why}", instead)
            for (whose, its, name), (why, instead) in self._refused.items()
            if (whose, name) == (side, metric) and kind in (None, its)
        )


def _metrics(matcher: Matcher) -> tuple[str, ...]:
    """The metrics of either side, those of the left first."""
    used = (each.columns.used_readings() for each in matcher.cells)
    return tuple(dict.fromkeys(r.metric for readings in used for r in readings))


def _of_place(columns: Columns, place: Place) -> Rows:
    _, kind, metric = place
    return np.flatnonzero(
        columns.by_reading(lambda r: (kind_of(r), r.metric) == (kind, metric))
    )


def _places_of(side: int, readings: Iterable[Reading]) -> Iterable[Place]:
    return dict.fromkeys((side, kind_of(each), each.metric) for each in readings)


def _places(batch: Batch) -> Iterator[Place]:
    for side, kind in zip(batch.sides, batch.meeting.kinds, strict=True):
        yield side, kind, batch.metric
