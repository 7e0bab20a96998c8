"""The posts that a tool lists: totals since publication, and when it read them."""

from __future__ import annotations

from functools import cached_property, partial

import attrs
import numpy as np

from socialmetrics.comparison.cells import plain, read_at, variant
from socialmetrics.comparison.composition import is_derived, origin, parts
from socialmetrics.comparison.direct import Common
from socialmetrics.comparison.pool import Kind, Pool
from socialmetrics.comparison.terms import Terms
from socialmetrics.ontology import needed
from socialmetrics.reading import Reading
from socialmetrics.series.columns import (
    HAS_VALUE,
    NONE,
    Columns,
    Instants,
    Mask,
    Rows,
    Values,
)


@attrs.frozen(kw_only=True, eq=False)
class Listing:
    """The posts of one side: those that are in its figures of that reading, when they
    were read, and what became of them in common terms."""

    pool: Pool
    side: int
    kind: Kind
    common: Common
    reading: Reading

    @cached_property
    def _terms(self) -> Terms:
        columns = self.pool.figures(self.side, self.kind, parts=True)
        columns = columns.take(_is_whole(columns) & _lasts(columns))
        cells = plain(columns, np.zeros(len(columns), np.int64))
        return Terms(cells, cells.columns.subject.astype(np.int64))

    @cached_property
    def _own(self) -> tuple[Columns, Instants]:
        """The figures that are compared, with a value, and when they were read."""
        columns = self.pool.figures(self.side, self.kind)
        own = columns.by_reading(partial(_is_in, self.reading))
        own = own & _is_whole(columns) & HAS_VALUE[columns.status]
        columns = columns.take(own)
        return columns, read_at(columns)

    @property
    def every(self) -> Rows:
        """All posts of which there are rows, with or without a figure."""
        columns = self.pool.figures(self.side, self.kind)
        return np.unique(columns.subject).astype(np.intp)

    @cached_property
    def _read(self) -> Instants:
        columns, read = self._own
        latest = np.full(len(columns.subjects), NONE, np.int64)
        np.maximum.at(latest, columns.subject, read)
        return latest

    def posts(self, owner: int, span: tuple[int, int] | None) -> Rows:
        """Posts of that owner that have figures; with `span`, published in it."""
        columns, _ = self._own
        mine = self.pool.owner[columns.subject] == owner
        if span is not None:
            mine &= (columns.start >= span[0]) & (columns.start < span[1])
        return np.unique(columns.subject[mine]).astype(np.intp)

    def values(self, posts: Rows) -> Values:
        """The lifetime figures of these posts; NaN where there is none."""
        metrics = self.common.metrics
        if metrics is None:
            return np.full(len(posts), np.nan)
        return self._terms.total(metrics, self.common.scope, posts.astype(np.int64))

    def read(self, posts: Rows) -> Instants:
        """When the figures of these posts were read."""
        found: Instants = self._read[posts]
        return found


def _is_whole(columns: Columns) -> Mask:
    whole = [not each for each in columns.breakdowns]
    found: Mask = np.array(whole, np.bool_)[columns.breakdown]
    return found


def _lasts(columns: Columns) -> Mask:
    return columns.by_reading(lambda reading: reading.temporality == "lifetime")


def _is_in(whole: Reading, reading: Reading) -> bool:
    """Whether its figures are in those of the other one."""
    if not is_derived(whole) or is_derived(reading):
        return variant(reading) == variant(whole)
    is_alike = (reading.vendor, reading.scope) == (origin(whole), whole.scope)
    return is_alike and reading.metric in (parts(whole) or needed(whole.metric))
