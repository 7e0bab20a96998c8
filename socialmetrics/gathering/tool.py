"""One tool: what it can tell of an account, and reading it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import cached_property

import attrs

from socialmetrics import ontology
from socialmetrics.client import Client
from socialmetrics.gathering.accounts import counted, counts_by_id
from socialmetrics.gathering.choice import explaining
from socialmetrics.gathering.crew import Crew
from socialmetrics.gathering.offers import NO_PLAN, Offer, Planner, offer
from socialmetrics.gathering.refusals import refusal
from socialmetrics.gathering.spans import Spans
from socialmetrics.model import Missing, Post, Profile
from socialmetrics.plan import By, Plan
from socialmetrics.series import MetricSeries
from socialmetrics.window import Window


@attrs.frozen(kw_only=True, eq=False)
class Read:
    """What was read of a tool. `offers` are those that were taken up."""

    series: MetricSeries
    parts: MetricSeries
    posts: tuple[Post, ...] = ()
    offers: tuple[Offer, ...] = ()

    def and_(self, other: Read) -> Read:
        """Both, one after the other."""
        return Read(
            series=MetricSeries.concat([self.series, other.series]),
            parts=MetricSeries.concat([self.parts, other.parts]),
            posts=(*self.posts, *other.posts),
            offers=(*self.offers, *other.offers),
        )


NOTHING = Read(series=MetricSeries.empty(), parts=MetricSeries.empty())


@attrs.frozen(kw_only=True, eq=False)
class Tool:
    """A client, the account as it knows it, and the metrics that are asked for.

    Each metric comes in the first way that has it: by day of the account, by hour of
    its posts where they are counted by their ids, as lifetime totals of the posts that
    were published in the window. `with_posts`: another tool needs a list of its posts.
    """

    name: str
    client: Client = attrs.field(repr=False)
    account: Profile
    spans: Spans
    metrics: tuple[str, ...] = ()
    with_posts: bool = False

    @property
    def wanted(self) -> tuple[str, ...]:
        """The metrics, and what explains them."""
        return explaining(self.metrics)

    @property
    def by_id(self) -> bool:
        """Whether it counts posts by the hour that others list."""
        if self.refusal:
            return False
        return counts_by_id(self.client.adapter, self.account.ref.network)

    @cached_property
    def refusal(self) -> str:
        """Why it could count posts by the hour, but not in this window; else ""."""
        return refusal(self.client, self.account, self.spans)

    @property
    def refused(self) -> frozenset[str]:
        """The metrics that it does not tell for that reason."""
        if not self.refusal:
            return frozenset()
        return counted(self.client.adapter, self.account.ref.network)

    @property
    def lists(self) -> bool:
        """Whether it lists posts."""
        return self.client.adapter.declared("posts").supported

    @cached_property
    def days(self) -> Offer:
        """What it tells of the account by day."""
        if not self.client.adapter.declared("metrics").supported:
            return Offer()
        planner = self._planner([self.account], "day", self.spans.window)
        return offer(planner, self.wanted)

    @cached_property
    def totals(self) -> Offer:
        """What it tells of posts since publication, and not of the account."""
        if not self.lists:
            return Offer()
        return offer(self._plan_posts, self._without(self.days))

    @cached_property
    def known(self) -> frozenset[str]:
        """Every metric of which it knows anything."""
        by_hour = (
            counted(self.client.adapter, self.account.ref.network)
            if self.by_id
            else frozenset[str]()
        )
        return by_hour.union(self.days.names, self.totals.names)

    @property
    def posts_plan(self) -> Plan[Post]:
        """What the posts take that it lists."""
        if not self.lists or not (self.totals.names or self.with_posts):
            return NO_PLAN
        return self._plan_posts(self.totals.labels)

    def read(self, crew: Crew) -> Read:
        """What it tells by itself, and its posts."""
        series: list[MetricSeries] = []
        if self.days.names:
            series.append(
                self.client.metrics(
                    [self.account],
                    self.days.labels,
                    self.spans.window,
                    by="day",
                    progress=crew.watch(),
                )
            )
        days, extra = self.days.split(MetricSeries.concat(series))
        read = Read(series=days, parts=extra, offers=(self.days,))
        return read.and_(self._listed(crew)) if self.posts_plan.parts else read

    def hours(self, crew: Crew, posts: Sequence[Post], *, with_later: bool) -> Read:
        """What it tells by the hour of posts that others list; of what it does not
        tell so, lifetime totals. `with_later`: those of the window also after it."""
        if not posts:
            return NOTHING
        mine = [self._own(post) for post in posts]
        fresh = [each for each in mine if self.spans.holds(each.created_at)]
        near, later = self.spans.hours(self.client.now())
        found = offer(self._planner(mine[:1], "hour", near), self._without(self.days))
        read = NOTHING
        if found.names:
            read = self._hours(crew, found, mine, near)
            if with_later and later and fresh:
                read = read.and_(self._hours(crew, found, fresh, later))
        if self.lists or not fresh:
            return read
        given = {*self.days.names, *found.names}
        rest = [each for each in self.metrics if each not in given]
        return read.and_(self._since(crew, fresh, rest))

    def missing(
        self, offers: Sequence[Offer], more: Collection[str] = ()
    ) -> Iterator[Missing]:
        """The metrics that come in no way, each with one reason. `more` come in
        another way."""
        given = {*more, *(name for each in offers for name in each.names)}
        reasons = [*self._refusals(), *(m for each in offers for m in each.missing)]
        for metric in self.metrics:
            if metric not in given and ontology.needed(metric).isdisjoint(given):
                yield from [each for each in reasons if each.metric == metric][:1]

    def _refusals(self) -> Iterator[Missing]:
        network = self.account.ref.network
        for metric in self.metrics:
            if self.refused & {metric, *ontology.needed(metric)}:
                yield Missing(metric=metric, reason=self.refusal, network=network)

    def _hours(
        self, crew: Crew, found: Offer, posts: Sequence[Post], window: Window
    ) -> Read:
        series = self.client.metrics(
            posts, found.labels, window, by="hour", progress=crew.watch()
        )
        main, extra = found.split(series)
        return Read(series=main, parts=extra, offers=(found,))

    def _since(self, crew: Crew, posts: Sequence[Post], rest: Sequence[str]) -> Read:
        """Totals since publication of posts that are named by their ids."""
        found = offer(self._planner(posts[:1], None, None), rest)
        if not found.names:
            return attrs.evolve(NOTHING, offers=(found,))
        series = self.client.metrics(posts, found.labels, progress=crew.watch())
        main, extra = found.split(series)
        return Read(series=main, parts=extra, offers=(found,))

    def _listed(self, crew: Crew) -> Read:
        pull = self.client.posts(
            [self.account],
            self._published,
            metrics=self.totals.labels,
            progress=crew.watch(),
        )
        posts = tuple(pull)
        series = MetricSeries.from_points(
            (
                point
                for post in posts
                if self.spans.holds(post.created_at)
                for point in post.metrics.values()
            ),
            missing=pull.missing,
            issues=pull.issues,
        )
        main, extra = self.totals.split(series)
        return Read(series=main, parts=extra, posts=posts, offers=(self.totals,))

    def _planner(
        self, subjects: Sequence[Profile | Post], by: By | None, window: Window | None
    ) -> Planner:
        return lambda names: self.client.plan(subjects, names, window, by=by)

    def _plan_posts(self, names: Sequence[str]) -> Plan[Post]:
        published = self._published
        return self.client.posts([self.account], published, metrics=names).plan

    @property
    def _published(self) -> Window:
        """When the posts were published that it lists."""
        return self.spans.listing if self.with_posts else self.spans.window

    def _own(self, post: Post) -> Post:
        """A post of the account that another tool lists, as one of this tool."""
        return attrs.evolve(post, profile=self.account.vendor_id, metrics={}, raw={})

    def _without(self, offer: Offer) -> list[str]:
        return [each for each in self.wanted if each not in offer.names]
