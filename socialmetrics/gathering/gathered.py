"""What was gathered of one account, ready to be compared."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from socialmetrics.comparison.buckets import By
from socialmetrics.comparison.comparing import compare
from socialmetrics.comparison.comparison import Comparison
from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Post, Profile
from socialmetrics.series import MetricSeries
from socialmetrics.window import Window


@attrs.frozen(kw_only=True, eq=False)
class Gathered:
    """The figures of every tool, by its name, and what explains how they differ.

    `series` are to be compared; their `missing` says which of `metrics` a tool does not
    have. `left_out` are metrics that nobody named and that less than two tools have a
    value of. `parts` are figures that only explain: other scopes. `posts` are the
    account's, as each tool lists them, `profiles` the account as each tool knows it.
    """

    window: Window
    metrics: tuple[str, ...]
    left_out: tuple[str, ...]
    series: Mapping[str, MetricSeries]
    parts: tuple[MetricSeries, ...] = attrs.field(repr=False)
    posts: tuple[Post, ...] = attrs.field(repr=False)
    profiles: tuple[Profile, ...] = attrs.field(repr=False)

    def __len__(self) -> int:
        """How many figures there are."""
        every = (*self.series.values(), *self.parts)
        return sum(len(each) for each in every)

    def compare(self, *, by: By = "total", tz: str | None = None) -> Comparison:
        """What the tools say of the account in the window, pair by pair.

        `by` and `tz` are as in `socialmetrics.compare`. Raises `InvalidQuery` for less
        than two series.
        """
        try:
            left, right, *more = self.series.values()
        except ValueError as err:
            raise InvalidQuery(
                f"there are figures of {len(self.series)} tool; a comparison takes two"
            ) from err
        return compare(
            left,
            right,
            *more,
            window=self.window,
            by=by,
            level="profile",
            tz=tz,
            metrics=self.metrics,
            posts=self.posts,
            profiles=self.profiles,
            parts=self.parts,
            names=tuple(self.series),
        )
