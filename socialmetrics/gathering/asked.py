"""One account, asked of several tools."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial

import attrs
import numpy as np

from socialmetrics.gathering.choice import common, explaining, observed
from socialmetrics.gathering.crew import Crew
from socialmetrics.gathering.gathered import Gathered
from socialmetrics.gathering.spans import Spans
from socialmetrics.gathering.tool import NOTHING, Read, Tool
from socialmetrics.model import Post, Profile, Ref
from socialmetrics.series import MetricSeries
from socialmetrics.series.columns import Mask, ints, moment


@attrs.frozen(kw_only=True, eq=False)
class Asked:
    """The account was found at every tool; nothing of its figures was asked for.

    `is_chosen`: the metrics are what the tools have in common, for nobody named any.
    """

    account: Profile
    metrics: tuple[str, ...]
    is_chosen: bool
    tools: tuple[Tool, ...]
    spans: Spans
    beside: tuple[MetricSeries, ...]

    def gather(self, crew: Crew) -> Gathered:
        """Asks the tools, side by side. Errors name their tool."""
        read = crew.run({each.name: partial(each.read, crew) for each in self.tools})
        posts = tuple(post for each in read.values() for post in each.posts)
        if not any(each.lists for each in self.tools):
            posts = tuple(posts_of(self.account, self.beside))
        read = self._with_hours(crew, read, posts)
        metrics = self._seen([*(each.series for each in read.values()), *self.beside])
        needed = explaining(metrics)
        parts = [each.parts.where(needed) for each in read.values()]
        return Gathered(
            window=self.spans.window,
            metrics=metrics,
            left_out=tuple(each for each in self.metrics if each not in metrics),
            series={
                tool.name: _with_missing(tool, read[tool.name], metrics)
                for tool in self.tools
            },
            parts=tuple(each for each in parts if len(each)),
            posts=posts,
            profiles=tuple(each.account for each in self.tools),
        )

    def _with_hours(
        self, crew: Crew, read: Mapping[str, Read], posts: Sequence[Post]
    ) -> dict[str, Read]:
        with_later = any(each.totals.names for each in self.tools)
        with_later |= any(lifetimes(each).any() for each in self.beside)
        once = [*{post.ref: post for post in posts}.values()]
        tasks = {
            each.name: partial(each.hours, crew, once, with_later=with_later)
            for each in self.tools
            if each.by_id
        }
        more = crew.run(tasks)
        return {name: each.and_(more.get(name, NOTHING)) for name, each in read.items()}

    def _seen(self, series: Sequence[MetricSeries]) -> tuple[str, ...]:
        """The metrics that two of them have values of, where nobody named any."""
        if not self.is_chosen:
            return self.metrics
        return common(self.metrics, [*map(observed, series)]) or self.metrics


def posts_of(account: Profile, beside: Iterable[MetricSeries]) -> Iterator[Post]:
    """The posts that have lifetime totals there, as posts of that account."""
    born: dict[Ref, datetime] = {}
    for columns in (each.columns.take(lifetimes(each)) for each in beside):
        codes, first = np.unique(columns.subject, return_index=True)
        starts = columns.start[first].tolist()
        for code, start in zip(ints(codes), starts, strict=True):
            born.setdefault(columns.subjects[code], moment(start))
    for ref, start in born.items():
        if ref.network == account.ref.network:
            yield Post(
                ref=ref,
                vendor_id=ref.native_id,
                created_at=start,
                profile=account.ref.native_id,
            )


def has_posts(series: MetricSeries, account: Profile) -> bool:
    """Whether it has figures of posts on the network of that account."""
    columns = series.columns
    of_posts = columns.by_reading(lambda reading: reading.level == "post")
    refs = (
        columns.subjects[code] for code in ints(np.unique(columns.subject[of_posts]))
    )
    return any(ref.network == account.ref.network for ref in refs)


def lifetimes(series: MetricSeries) -> Mask:
    """Which rows are totals of posts since their publication."""
    return series.columns.by_reading(
        lambda reading: (reading.level, reading.temporality) == ("post", "lifetime")
    )


def _with_missing(tool: Tool, read: Read, metrics: tuple[str, ...]) -> MetricSeries:
    """What of it is needed, and which of these metrics do not come, and why."""
    lacks = attrs.evolve(tool, metrics=metrics).missing(read.offers)
    told = read.series.where(explaining(metrics))
    return MetricSeries.concat([told, MetricSeries.empty(missing=lacks)])
