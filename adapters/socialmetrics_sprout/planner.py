"""How Sprout's operations are cut into parts that its limits allow.

The limits: 100 profiles a request, a year a request, and 10,000 rows an answer, beyond
which analytics cut silently. So profiles x days <= 10,000; posts have the guid cursor.
(Sprout's documentation, "Paging" and "Analytics"; 365 days are surely a year.)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from math import ceil
from typing import Final

from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Missing, Post, Profile, Ref, Topic
from socialmetrics.plan import MetricsQuery, Plan, PostsQuery, TopicQuery
from socialmetrics.series import MetricSeries
from socialmetrics.window import Window
from socialmetrics_sprout.choice import (
    PIECE,
    PROFILES,
    account,
    available_of,
    choose,
    chunks,
    too_old,
    without,
)
from socialmetrics_sprout.parts import (
    Account,
    Asked,
    DaysPart,
    PostFiguresPart,
    PostsPart,
    TopicFiguresPart,
    Wanted,
    spans,
    windows,
)
from socialmetrics_sprout.planner_messages import listening
from socialmetrics_sprout.requests import DAYS_A_PAGE
from socialmetrics_sprout.vocabulary import NO_POSTS

DAYS: Final = 365
ROWS: Final = 10_000
NEAR: Final = timedelta(days=2)
"""Posts whose figures are asked for are looked up together when they lie this near."""


def metrics(query: MetricsQuery) -> Plan[MetricSeries]:
    """Daily figures of profiles, lifetime figures of posts, figures of topics."""
    profiles = [each for each in query.subjects if isinstance(each, Profile)]
    posts = [each for each in query.subjects if isinstance(each, Post)]
    topics = [each for each in query.subjects if isinstance(each, Topic)]
    unknown = [each for each in query.subjects if isinstance(each, Ref)]
    plans = [
        *([_profile_days(profiles, query)] if profiles else []),
        *([_post_totals(posts, query)] if posts else []),
        *(_topic_days(topic, query) for topic in topics),
    ]
    missing = [each for plan in plans for each in plan.missing]
    missing += [_unresolved(ref, metric) for ref in unknown for metric in query.metrics]
    available = {metric for plan in plans for metric in plan.available}
    return Plan(
        parts=tuple(part for plan in plans for part in plan.parts),
        available=tuple(metric for metric in query.metrics if metric in available),
        missing=tuple(missing),
        resolved=tuple(each for plan in plans for each in plan.resolved),
    )


def _unresolved(ref: Ref, metric: str) -> Missing:
    return Missing(
        metric=metric,
        subject=ref,
        network=ref.network,
        reason=f"{ref} is no profile of this account, and Sprout finds posts only by "
        "profile and time",
        alternatives=("give the Post that posts() returned",),
    )


def _networks(subjects: Iterable[Profile | Post]) -> list[str]:
    return list(dict.fromkeys(each.ref.network for each in subjects))


def _profile_days(
    profiles: Sequence[Profile], query: MetricsQuery
) -> Plan[MetricSeries]:
    networks = _networks(profiles)
    if query.by == "hour":
        return _lacking(query, networks, "Sprout counts profiles by day, not by hour")
    window = _whole_days(query.window)
    first, last = window.first_day, window.last_day
    days = (first, last, query.now.date())
    chosen = choose("profiles", networks, query.metrics, days)
    having = {each.network for each in chosen.asked}
    accounts = [account(each) for each in profiles if each.ref.network in having]
    return Plan(
        parts=tuple(
            DaysPart(
                accounts=some,
                first=begin,
                last=end,
                asked=_asked_of(some, chosen.asked),
                requests=ceil(len(some) * ((end - begin).days + 1) / DAYS_A_PAGE),
            )
            for begin, end in spans(first, last, DAYS)
            for some in chunks(accounts, min(PROFILES, ROWS // _length(begin, end)))
        ),
        available=tuple(available_of(query.metrics, chosen, len(networks))),
        missing=chosen.missing,
        resolved=chosen.resolved,
    )


def _length(first: date, last: date) -> int:
    return (last - first).days + 1


def _asked_of(accounts: Sequence[Account], asked: Sequence[Asked]) -> tuple[Asked, ...]:
    """What concerns the networks of these accounts."""
    networks = {each.ref.network for each in accounts}
    return tuple(each for each in asked if each.network in networks)


def _whole_days(window: Window | None) -> Window:
    if window is None:
        raise InvalidQuery(
            "figures of profiles need a window: Window.days('2026-03-02', '2026-03-08')"
        )
    if not window.is_whole_days:
        raise InvalidQuery(
            f"Sprout counts profiles by whole days, and {window} cuts one; write "
            f"Window.days('{window.first_day}', '{window.last_day}', tz={window.tz!r})"
        )
    return window


def _lacking(
    query: MetricsQuery, networks: Iterable[str], reason: str, *instead: str
) -> Plan[MetricSeries]:
    return Plan(
        parts=(),
        missing=tuple(
            Missing(metric=metric, network=network, reason=reason, alternatives=instead)
            for network in networks
            for metric in query.metrics
        ),
    )


def _post_totals(posts: Sequence[Post], query: MetricsQuery) -> Plan[MetricSeries]:
    networks = _networks(posts)
    if query.by not in (None, "total") or query.window is not None:
        reason = "Sprout counts posts only from publication to now"
        return _lacking(query, networks, reason, "no window and no by=")
    posts = sorted(posts, key=lambda post: post.created_at)
    ends = (posts[0].created_at.date(), posts[-1].created_at.date(), query.now.date())
    chosen = choose("posts", networks, query.metrics, ends)
    having = {each.network for each in chosen.asked}
    known = [post for post in posts if post.ref.network in having]
    parts = [_figures_of(group, chosen.asked) for group in _clusters(known)]
    return Plan(
        parts=tuple(parts),
        available=tuple(available_of(query.metrics, chosen, len(networks))),
        missing=chosen.missing,
        resolved=chosen.resolved,
    )


def _clusters(posts: Sequence[Post]) -> Iterator[list[Post]]:
    """Posts, oldest first, in groups without a long pause or too many profiles."""
    group: list[Post] = []
    owners: set[str | None] = set()
    for post in posts:
        far = bool(group) and post.created_at - group[-1].created_at > NEAR
        full = post.profile not in owners and len(owners) == PROFILES
        if far or full:
            yield group
            group, owners = [], set()
        group.append(post)
        owners.add(post.profile)
    if group:
        yield group


def _figures_of(posts: Sequence[Post], asked: Sequence[Asked]) -> PostFiguresPart:
    accounts: dict[str, Account] = {}
    for post in posts:
        if post.profile is None:
            raise InvalidQuery(
                f"the post {post.ref} does not say its profile, and Sprout finds posts "
                "only by profile and time; give a Post that posts() returned"
            )
        accounts[post.profile] = Account(post.profile, post.ref)
    found = tuple(accounts.values())
    end = posts[-1].created_at + timedelta(seconds=1)
    return PostFiguresPart(
        posts=PostsPart(
            accounts=found,
            window=Window(posts[0].created_at, end),
            asked=_asked_of(found, asked),
        ),
        wanted=tuple(
            Wanted(vendor_id=post.vendor_id, ref=post.ref, created=post.created_at)
            for post in posts
        ),
    )


def posts(query: PostsQuery) -> Plan[Post]:
    """Posts by at most 100 profiles and a month."""
    networks = _networks(query.profiles)
    days = (query.window.first_day, query.window.last_day, query.now.date())
    chosen = choose("posts", networks, query.metrics, days)
    accounts = [account(p) for p in query.profiles if p.ref.network not in NO_POSTS]
    return Plan(
        parts=tuple(
            PostsPart(
                accounts=some,
                window=piece,
                asked=_asked_of(some, chosen.asked),
                fields=tuple(query.fields),
            )
            for piece in windows(query.window, PIECE)
            for some in chunks(accounts, PROFILES)
        ),
        asked=tuple(query.metrics),
        available=tuple(available_of(query.metrics, chosen, len(networks))),
        missing=(
            *chosen.missing,
            *without("posts", query.profiles, NO_POSTS),
            *too_old("posts", query.profiles, query.window, query.now),
        ),
    )


# -- topics --------------------------------------------------------------------------


def topic_metrics(query: TopicQuery) -> Plan[MetricSeries]:
    """A topic's figures: one request; by day unless said else."""
    if not query.metrics:
        raise InvalidQuery("metrics is empty; name at least one, like 'messages_count'")
    if sum(each.startswith("created_time") for each in query.dimensions) > 1:
        raise InvalidQuery("dimensions holds two of time; buckets would overlap")
    days = (query.window.first_day, query.window.last_day, query.now.date())
    chosen = choose("topics", ["*"], query.metrics, days)
    names = tuple(name for each in chosen.asked for name in each.names)
    part = TopicFiguresPart(
        topic=query.topic.vendor_id,
        window=query.window,
        names=names,
        dimensions=tuple(query.dimensions or ("created_time.by(day)",)),
        conditions=listening(query.where),
    )
    return Plan(
        parts=(part,) if names else (),
        asked=tuple(query.metrics),
        available=tuple(available_of(query.metrics, chosen, 1)),
        missing=chosen.missing,
        resolved=chosen.resolved,
    )


def _topic_days(topic: Topic, query: MetricsQuery) -> Plan[MetricSeries]:
    if query.by == "hour":
        reason = "Sprout counts listening by day or month, not by hour"
        return _lacking(query, [topic.ref.network], reason, "by='day'")
    return topic_metrics(
        TopicQuery(
            topic=topic,
            window=_whole_days(query.window),
            metrics=query.metrics,
            now=query.now,
        )
    )
