"""Figures that cannot be brought to the shape in which two sides meet."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

import attrs
import numpy as np

from socialmetrics.comparison.buckets import Scheme
from socialmetrics.comparison.cells import NOWHERE
from socialmetrics.comparison.pool import NOBODY, Kind, Pool
from socialmetrics.series.columns import HAS_VALUE, Columns, Rows
from socialmetrics.series.select import inside

ELSEWHERE: Final = (
    "these lie in no step of the other side, or in two of them",
    "figures in the same steps at both",
)
UNOWNED: Final = (
    "whose posts these are is not known",
    "posts= and profiles= say whose they are",
)


@attrs.frozen(kw_only=True, eq=False)
class Stray:
    """Figures that are left out, why, and what would help."""

    columns: Columns
    reason: str
    instead: str

    @property
    def is_unowned(self) -> bool:
        """Whether they may belong to any account."""
        return self.reason == UNOWNED[0]

    def rows(self, metrics: Collection[str], network: str | None = None) -> Rows:
        """The rows of these metrics, and of that network."""
        mine = self.columns.by_reading(
            lambda r: r.metric in metrics and network in (None, r.network)
        )
        return np.flatnonzero(mine)


def strays(
    pool: Pool, columns: Columns, kind: Kind, scheme: Scheme, *, raised: bool
) -> Iterator[Stray]:
    """What of these figures is left out when they are put into the steps of a scheme,
    and `raised` to accounts."""
    if scheme.window is not None:
        columns = columns.take(inside(columns, scheme.shown(columns)))
    left_out = scheme.labels(columns) == NOWHERE
    if left_out.any():
        yield _stray(columns.take(left_out), ELSEWHERE)
    if raised and kind[0] == "post":
        nobodys = pool.owner[columns.subject] == NOBODY
        nobodys &= HAS_VALUE[columns.status] & ~left_out
        if nobodys.any():
            yield _stray(columns.take(nobodys), UNOWNED)


def _stray(columns: Columns, why: tuple[str, str]) -> Stray:
    return Stray(columns=columns, reason=why[0], instead=why[1])
