"""How the figures of known posts are asked for.

There is no way to ask by the id of a post: its profile and the day on which it came out
are asked about, and it is picked from what comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from socialmetrics.model import Missing, Post
from socialmetrics.plan import MetricsQuery, Plan
from socialmetrics.series import MetricSeries
from socialmetrics.window import zone
from socialmetrics_hootsuite.analytics.choice import Lane, choose
from socialmetrics_hootsuite.analytics.entries import network_of, zone_of
from socialmetrics_hootsuite.analytics.gaps import why_no
from socialmetrics_hootsuite.analytics.parts import (
    ONE_DAY,
    PROFILES,
    Account,
    PostFiguresPart,
    PostQuery,
    Wanted,
)
from socialmetrics_hootsuite.analytics.plans import (
    earliest,
    lacking,
    networks_of,
    planned,
)

NEAR: Final = timedelta(days=2)
"""Posts whose figures are asked for are looked up together when they lie this near."""


def post_totals(posts: Sequence[Post], query: MetricsQuery) -> Plan[MetricSeries]:
    """Lifetime figures of posts."""
    if query.by not in (None, "total") or query.window is not None:
        reason = "Hootsuite counts posts only from publication to now"
        return lacking(posts, query, reason, "no window and no by=")
    having = [each for each in posts if network_of(each.ref.network)]
    chosen = choose("posts", networks_of(having), query.metrics)
    parts = [part for lane in chosen.lanes for part in _parts(having, lane, query.now)]
    return planned(parts, chosen, query, _unfindable(posts, query.metrics))


def since_of(moment: datetime, network: str) -> date:
    """The day from which on to ask for posts of that instant.

    Whether days of creation are the network's or UTC is not documented. No network's
    are ahead of UTC, so its own day is the earlier one.
    """
    return moment.astimezone(zone(zone_of(network))).date()


def until_of(moment: datetime) -> date:
    """The day until which to ask: posts of that day itself do not come."""
    return moment.date() + ONE_DAY


def _unfindable(posts: Iterable[Post], names: Sequence[str]) -> Iterator[Missing]:
    for post in posts:
        found = _why(post)
        for name in names if found else ():
            reason, *instead = found
            yield Missing(
                metric=name,
                subject=post.ref,
                network=post.ref.network,
                reason=reason,
                alternatives=tuple(instead),
            )


def _why(post: Post) -> tuple[str, ...]:
    """Why its figures cannot be asked for, and what to give instead; or nothing."""
    if network_of(post.ref.network) is None:
        return (why_no(post.ref.network),)
    if post.profile is not None:
        return ()
    reason = (
        f"the post {post.ref} does not say its profile, and Hootsuite finds posts only "
        "by profile and time"
    )
    return reason, "give the Post that posts() returned"


def _parts(
    posts: Sequence[Post], lane: Lane, now: datetime
) -> Iterator[PostFiguresPart]:
    wanted = [
        Wanted(ref=post.ref, profile=post.profile, created=post.created_at)
        for post in posts
        if post.ref.network == lane.network and post.profile is not None
    ]
    wanted.sort(key=lambda each: each.created)
    oldest = earliest(now)
    old = tuple(each for each in wanted if each.created.date() < oldest)
    if old:
        yield _part(lane, old, None, now)
    for group in _clusters(wanted[len(old) :]):
        until = until_of(min(group[-1].created, now))
        since = max(oldest, since_of(group[0].created, lane.network))
        query = PostQuery(
            network=lane.network,
            datatype=lane.datatype,
            accounts=_owners(group),
            since=min(since, until - ONE_DAY),
            until=until,
        )
        yield _part(lane, group, query, now)


def _part(
    lane: Lane, wanted: tuple[Wanted, ...], query: PostQuery | None, now: datetime
) -> PostFiguresPart:
    return PostFiguresPart(
        network=lane.network,
        query=query,
        wanted=wanted,
        asked=lane.asked,
        now=now,
        requests=0 if query is None else 1,
    )


def _clusters(wanted: Sequence[Wanted]) -> Iterator[tuple[Wanted, ...]]:
    """Posts, oldest first, in groups without a long pause or too many profiles."""
    group: list[Wanted] = []
    owners: set[str] = set()
    for each in wanted:
        far = bool(group) and each.created - group[-1].created > NEAR
        full = each.profile not in owners and len(owners) == PROFILES
        if far or full:
            yield tuple(group)
            group, owners = [], set()
        group.append(each)
        owners.add(each.profile)
    if group:
        yield tuple(group)


def _owners(wanted: Iterable[Wanted]) -> tuple[Account, ...]:
    owners = {each.profile: each.ref for each in wanted}
    return tuple(Account(profile, ref) for profile, ref in owners.items())
