"""Analytics posts: cursor pages onto a shelf, and the figures of known posts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

import attrs
import msgspec

from socialmetrics.decode import Answer
from socialmetrics.errors import Refused
from socialmetrics.lazy import LazyJson
from socialmetrics.model import Issue, Json, Point, Ref, Source
from socialmetrics.reading import Status
from socialmetrics.series import MetricSeries
from socialmetrics.wire import Flow, Page, Stream
from socialmetrics_hootsuite import envelopes
from socialmetrics_hootsuite.analytics import requests
from socialmetrics_hootsuite.analytics.entries import VENDOR, provisional
from socialmetrics_hootsuite.analytics.parts import (
    PostFiguresPart,
    PostQuery,
    Wanted,
)
from socialmetrics_hootsuite.analytics.payloads import PostPayload, RowsPayload
from socialmetrics_hootsuite.analytics.points import Subject, absent, observed
from socialmetrics_hootsuite.analytics.walk import (
    REFUSALS,
    Walk,
    asked,
    is_about_all,
    refused,
)

Key: TypeAlias = tuple[str, str]
"""Hootsuite's id of the profile, and the network's of the post."""


@attrs.frozen(kw_only=True)
class Counted:
    """A post as the Analytics API has it. `source` says when it was last refreshed."""

    ref: Ref
    profile: str
    created: datetime
    source: Source
    text: str | None
    url: str | None
    kind: str | None
    metrics: Mapping[str, object]
    raw: Json

    @property
    def key(self) -> Key:
        """Whose it is, and which."""
        return key_of(self.profile, self.ref)


def key_of(profile: str, ref: Ref) -> Key:
    """What a post is found by. Facebook's ids have the page in front, or have not."""
    native = ref.native_id
    return profile, native.rpartition("_")[2] if ref.network == "facebook" else native


@attrs.define
class Shelf:
    """What came of queries: posts by key, refused profiles, what was odd."""

    posts: dict[Key, Counted] = attrs.field(factory=dict[Key, Counted])
    denied: set[str] = attrs.field(factory=set[str])
    issues: list[Issue] = attrs.field(factory=list[Issue])
    source: Source | None = None
    _chain: set[Key] = attrs.field(factory=set[Key])

    def begin(self) -> None:
        """From here on rows belong to another chain of pages, and may come again."""
        self._chain.clear()

    def put(self, answer: Answer[RowsPayload], query: PostQuery) -> int:
        """Takes the rows of a page; tells how many were new."""
        page: Answer[Any] = answer
        self.source = source = answer.source
        mine = {account.vendor_id for account in query.accounts}
        before = len(self._chain)
        for number, raw in enumerate(answer.payload.data or ()):
            post = envelopes.row(
                page,
                raw,
                PostPayload,
                lambda payload, raw: _counted(payload, raw, query.network, source),
                f"$.data[{number}]",
            )
            if post.profile in mine:
                self._keep(post)
            else:
                self._odd(post, "a post of a profile nobody asked for")
        self.issues.extend(answer.issues)
        return len(self._chain) - before

    def _keep(self, post: Counted) -> None:
        if post.key in self._chain:
            self._odd(post, "a post that came before; the later row is kept")
        self._chain.add(post.key)
        self.posts[post.key] = post

    def _odd(self, post: Counted, problem: str) -> None:
        seen = f"{post.ref} of {post.profile}"
        self.issues.append(Issue(path="$.data", problem=problem, seen=seen[:80]))


def shelf(query: PostQuery) -> Flow[Shelf]:
    """Every post that fits the query. Profiles that the vendor refuses are noted."""
    found = Shelf()
    yield from _fill(found, query)
    return found


def _fill(found: Shelf, query: PostQuery) -> Flow[None]:
    walk = Walk()
    found.begin()
    while not walk.is_over:
        request = requests.posts(query, walk.cursor)
        try:
            answer = yield from asked(request, RowsPayload)
        except REFUSALS as err:
            if walk.has_begun:
                raise
            yield from _fill_others(found, query, err)
            return
        walk.advance(answer, found.put(answer, query))
    if walk.is_cut:
        yield from _fill_halves(found, query)


def _fill_others(found: Shelf, query: PostQuery, err: Refused) -> Flow[None]:
    if len(query.accounts) == 1 or is_about_all(err):
        found.denied.update(account.vendor_id for account in query.accounts)
        found.issues += [refused(account, err) for account in query.accounts]
        return
    for half in query.halves():
        yield from _fill(found, half)


def _fill_halves(found: Shelf, query: PostQuery) -> Flow[None]:
    """The same once more in two: a full page without a cursor is an end or a cut."""
    halves = query.halves()
    if not halves:
        problem = "a full page without a cursor; there may be more posts"
        seen = f"{query.accounts[0].vendor_id} {query.since}"
        found.issues.append(Issue(path="$.metadata", problem=problem, seen=seen))
    for half in halves:
        yield from _fill(found, half)


def _counted(
    payload: PostPayload, raw: msgspec.Raw, network: str, source: Source
) -> Counted:
    refreshed = payload.last_refreshed and _utc(payload.last_refreshed)
    if refreshed is not None and refreshed < source.fetched_at:
        source = attrs.evolve(source, fetched_at=refreshed)
    return Counted(
        ref=Ref(network, str(payload.external_id)),
        profile=str(payload.profile_id),
        created=_utc(payload.created_at),
        source=source,
        text=payload.title if payload.content is None else payload.content,
        url=payload.source_link,
        kind=payload.post_type,
        metrics=payload.metrics or {},
        raw=LazyJson(raw),
    )


def _utc(found: datetime) -> datetime:
    """The same instant in UTC, which is meant where no zone is named."""
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


# -- figures of known posts ------------------------------------------------------------


def post_figures(part: PostFiguresPart) -> Stream[MetricSeries]:
    """Lifetime figures of the wanted posts: every one has a figure or the reason."""
    found = Shelf() if part.query is None else (yield from shelf(part.query))
    points: list[Point] = []
    for wanted in part.wanted:
        points += _points(part, wanted, found)
    yield Page((MetricSeries.from_points(points),), tuple(found.issues), found.source)


def _points(part: PostFiguresPart, wanted: Wanted, found: Shelf) -> Iterator[Point]:
    post = found.posts.get(key_of(wanted.profile, wanted.ref))
    source = found.source or unasked(part.now)
    subject = Subject(
        ref=wanted.ref,
        created=wanted.created,
        source=source if post is None else post.source,
    )
    for each in part.asked:
        if post is None:
            yield absent(subject, each, _why(part, wanted, found))
            continue
        point, problems = observed(subject, each, post.metrics)
        found.issues += issues(post, problems)
        yield point


def issues(post: Counted, problems: tuple[str, ...]) -> list[Issue]:
    """What is wrong with the figures of a post."""
    return [Issue(path=f"post {post.ref}", problem=problem) for problem in problems]


def _why(part: PostFiguresPart, wanted: Wanted, found: Shelf) -> Status:
    if part.query is None:
        return Status.TOO_OLD
    is_denied = wanted.profile in found.denied
    return why_absent(wanted.created, part.network, part.now, is_denied=is_denied)


def why_absent(
    created: datetime, network: str, now: datetime, *, is_denied: bool
) -> Status:
    """Why a post did not come; one that is young may not have been collected yet."""
    if is_denied:
        return Status.NOT_PERMITTED
    is_young = created > now - provisional(network)
    return Status.NOT_COLLECTED if is_young else Status.UNAVAILABLE


def unasked(now: datetime) -> Source:
    """The source of figures about which nothing was asked."""
    return Source(
        vendor=VENDOR,
        endpoint="analytics/posts",
        request_id=None,
        api_version=None,
        fetched_at=now,
    )
