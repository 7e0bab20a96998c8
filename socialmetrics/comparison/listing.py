"""The posts that a tool lists: totals since publication, and when it read them."""

from __future__ import annotations

from functools import cached_property

import attrs
import numpy as np

from socialmetrics.comparison.cells import read_at
from socialmetrics.comparison.direct import Common
from socialmetrics.comparison.pool import Pool
from socialmetrics.comparison.terms import Terms
from socialmetrics.series.columns import (
    HAS_VALUE,
    NONE,
    Columns,
    Instants,
    Rows,
    Values,
)


@attrs.frozen(kw_only=True, eq=False)
class Listing:
    """The posts of one side: their figures in common terms, and when they were read."""

    pool: Pool
    columns: Columns
    common: Common

    @cached_property
    def _terms(self) -> Terms:
        return Terms(self.columns, self.columns.subject.astype(np.int64))

    @cached_property
    def _read(self) -> Instants:
        latest = np.full(len(self.columns.subjects), NONE, np.int64)
        valued = HAS_VALUE[self.columns.status]
        np.maximum.at(
            latest, self.columns.subject[valued], read_at(self.columns)[valued]
        )
        return latest

    def posts(self, owner: int, span: tuple[int, int] | None) -> Rows:
        """Posts of that owner that have figures; with `span`, published in it."""
        columns = self.columns
        mine = (self.pool.owner[columns.subject] == owner) & HAS_VALUE[columns.status]
        if span is not None:
            mine &= (columns.start >= span[0]) & (columns.start < span[1])
        return np.unique(columns.subject[mine]).astype(np.intp)

    def values(self, posts: Rows) -> Values:
        """The lifetime figures of these posts; NaN where there is none."""
        metrics = self.common.metrics or ()
        return self._terms.total(metrics, self.common.scope, posts.astype(np.int64))

    def read(self, posts: Rows) -> Instants:
        """When the figures of these posts were read."""
        found: Instants = self._read[posts]
        return found
