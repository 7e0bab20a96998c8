"""How far two figures of a company must be apart, cause by cause: from its world alone.

What the causes mean stands here in words of the world: which posts, from when to when.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal, TypeAlias

import attrs
import numpy as np

from socialmetrics.comparison.result import Name, Number
from socialmetrics.sandbox.measures import Scope
from tests.comparison.worlds import Company, Ints, Span

Causes: TypeAlias = dict[Name, list[Number]]
Kind = Literal["account", "hours", "list"]
NOTHING: Ints = np.empty(0, np.int64)


@attrs.frozen(kw_only=True)
class Side:
    """One of two figures: what an account's posts did in a window, as the account or
    as the sum of `rows`; or a list of totals of posts that were published in it.

    `read` tells when that side read a post. `scope` is what it counts.
    """

    kind: Kind
    rows: Ints
    read: Callable[[int], datetime]
    scope: Scope = "total"

    @property
    def oldest(self) -> datetime:
        """When the post was read that was read first."""
        return min(map(self.read, self.rows.tolist() or [0]))

    def has(self, rows: Ints) -> Ints:
        """Those of the posts that are in it."""
        return np.intersect1d(rows, self.rows)


@attrs.frozen(kw_only=True)
class Truth:
    """Two figures of one metric and window. `window` is cut by the account's days,
    `published` are the posts that lists of that window have, `known` all posts."""

    its: Company
    metric: str
    window: Span
    published: Ints
    known: Ints
    left: Side
    right: Side

    @property
    def scope(self) -> Scope:
        """What both can be brought to: all, where they do not count alike."""
        alike = self.left.scope == self.right.scope
        return self.left.scope if alike else "total"

    def causes(self) -> Causes:
        """Every cause, in the order in which they are told, without empty ones."""
        found: Causes = {
            "scope": [self._scope(self.right, 1), self._scope(self.left, -1)]
        }
        lists = self.left.kind == "list", self.right.kind == "list"
        if lists == (True, True):
            found |= self._between_lists()
        elif lists == (False, True):
            found |= self._to_list()
        elif lists == (True, False):
            found |= self._from_list()
        else:
            found |= self._between_windows()
        told: Causes = {name: [e for e in many if e] for name, many in found.items()}
        return {name: many for name, many in told.items() if many}

    def _scope(self, side: Side, sign: int) -> int:
        """What is paid, where a side leaves that out."""
        if side.scope == self.scope:
            return 0
        paid = sum(self._did([row], None, side.read(row), "paid") for row in side.rows)
        return -sign * paid

    def _did(
        self,
        rows: Sequence[int] | Ints,
        start: datetime | None,
        end: datetime,
        scope: Scope | None = None,
    ) -> int:
        some = np.array(rows, np.int64)
        return self.its.did(some, self.metric, scope or self.scope, start, end)

    def _lives(self, rows: Ints, side: Side) -> int:
        """What became of posts until that side read each of them."""
        return sum(self._did([row], None, side.read(row)) for row in rows.tolist())

    def _to_list(self) -> Causes:
        read = self.left.oldest
        start, end = self.window[0], min(self.window[1], read)
        mine = self.left.has(np.intersect1d(self.known, self.published))
        older = self.left.has(np.setdiff1d(self.known, self.published))
        gone = np.setdiff1d(mine, self.right.rows)
        new = np.setdiff1d(self.right.rows, mine)
        return {
            "date_axis": [
                -self._did(older, start, end),
                self._did(mine, None, read) - self._did(mine, start, end),
            ],
            "population": [-self._did(gone, None, read), self._lives(new, self.right)],
            "freshness": self._later(np.intersect1d(mine, self.right.rows)),
        }

    def _from_list(self) -> Causes:
        read, (start, end) = self.left.oldest, self.window
        mine = self.right.has(self.known)
        both = np.intersect1d(mine, self.left.rows)
        new = np.setdiff1d(np.intersect1d(mine, self.published), both)
        older = np.setdiff1d(mine, self.published)
        inside = sum(
            self._did([row], start, min(end, self.left.read(row)))
            for row in both.tolist()
        )
        lost = np.setdiff1d(self.left.rows, mine)
        ends = {row: min(end, read) for row in mine.tolist()}
        ends |= {row: min(end, self.left.read(row)) for row in both.tolist()}
        last = min(end, self.right.oldest)
        return {
            "date_axis": [
                inside - self._lives(both, self.left),
                self._did(older, start, min(end, read)),
            ],
            "population": [
                -self._lives(lost, self.left),
                self._did(new, start, min(end, read)),
            ],
            "freshness": self._apart([(row, ends[row], last) for row in ends]),
        }

    def _between_lists(self) -> Causes:
        both = np.intersect1d(self.left.rows, self.right.rows)
        return {
            "population": [
                -self._lives(np.setdiff1d(self.left.rows, both), self.left),
                self._lives(np.setdiff1d(self.right.rows, both), self.right),
            ],
            "freshness": self._later(both),
        }

    def _between_windows(self) -> Causes:
        start, end = self.window
        one, other = (min(end, side.oldest) for side in (self.left, self.right))
        both = self.right.has(self.left.has(self.known))
        gone = np.setdiff1d(self.left.has(self.known), both)
        new = np.setdiff1d(self.right.has(self.known), both)
        return {
            "population": [-self._did(gone, start, one), self._did(new, start, other)],
            "freshness": self._apart([(row, one, other) for row in both.tolist()]),
        }

    def _later(self, rows: Ints) -> list[Number]:
        reads = self.left.read, self.right.read
        return self._apart(
            [(row, reads[0](row), reads[1](row)) for row in rows.tolist()]
        )

    def _apart(self, reads: Sequence[tuple[int, datetime, datetime]]) -> list[Number]:
        """What posts did between two readings, where the right one came later, and
        where it came earlier."""
        later = [self._did([row], a, b) for row, a, b in reads if a < b]
        earlier = [self._did([row], b, a) for row, a, b in reads if b < a]
        return [sum(later), -sum(earlier)]
