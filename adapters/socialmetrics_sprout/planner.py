"""How Sprout's operations are cut into parts that its limits allow.

The limits: 100 profiles a request, a year a request, and 10,000 rows an answer, beyond
which analytics cut silently. So profiles x days <= 10,000; posts have the guid cursor.
(Sprout's documentation, "Paging" and "Analytics"; 365 days are surely a year.)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from math import ceil
from typing import Final, TypeVar

import attrs

from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Message, Missing, Post, Profile, Ref, Topic
from socialmetrics.plan import MessagesQuery, MetricsQuery, Plan, PostsQuery, TopicQuery
from socialmetrics.series import MetricSeries
from socialmetrics.window import Window
from socialmetrics_sprout import conditions
from socialmetrics_sprout.entries import Endpoint
from socialmetrics_sprout.parts import (
    Account,
    Asked,
    CasesPart,
    DaysPart,
    MessagesPart,
    PostFiguresPart,
    PostsPart,
    TopicFiguresPart,
    TopicMessagesPart,
    Wanted,
    spans,
    windows,
)
from socialmetrics_sprout.readings import Unknown, select
from socialmetrics_sprout.requests import DAYS_A_PAGE
from socialmetrics_sprout.vocabulary import LISTENING, NO_MESSAGES, NO_POSTS

T = TypeVar("T")

PROFILES: Final = 100
DAYS: Final = 365
ROWS: Final = 10_000
PIECE: Final = timedelta(days=31)
"""Long windows of posts and messages are cut in these, to be read side by side."""
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


@attrs.frozen
class Chosen:
    """Which of the asked metrics each network has, and which not."""

    asked: tuple[Asked, ...]
    missing: tuple[Missing, ...]

    @property
    def available(self) -> tuple[str, ...]:
        """Whether anything is left to ask."""
        return tuple(name for each in self.asked for name in each.names)


def choose(
    endpoint: Endpoint,
    networks: Iterable[str],
    metrics: Sequence[str],
    days: tuple[date, date, date],
) -> Chosen:
    """The vendor's names for the metrics; `days` are first, last and today.

    Raises `InvalidQuery` for a name that no network ever had.
    """
    first, last, today = days
    asked: list[Asked] = []
    missing: list[Missing] = []
    for network in dict.fromkeys(networks):
        names: list[str] = []
        for metric in metrics:
            found = select(
                endpoint, network, metric, first=first, last=last, today=today
            )
            if isinstance(found, Unknown):
                raise InvalidQuery(found.message)
            if isinstance(found, Missing):
                missing.append(attrs.evolve(found, metric=metric, network=network))
            else:
                names += [entry.reading.name for entry in found]
        asked.append(Asked(network, tuple(dict.fromkeys(names))))
    return Chosen(tuple(each for each in asked if each.names), tuple(missing))


def _available(metrics: Sequence[str], chosen: Chosen, networks: int) -> Iterator[str]:
    for metric in metrics:
        lost = sum(1 for each in chosen.missing if each.metric == metric)
        if lost < networks:
            yield metric


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
            for some in _chunks(accounts, min(PROFILES, ROWS // _length(begin, end)))
        ),
        available=tuple(_available(query.metrics, chosen, len(networks))),
        missing=chosen.missing,
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


def account(profile: Profile) -> Account:
    """What a part needs of a profile."""
    return Account(profile.vendor_id, profile.ref)


def _chunks(items: Sequence[T], most: int) -> Iterator[tuple[T, ...]]:
    for start in range(0, len(items), most):
        yield tuple(items[start : start + most])


def _post_totals(posts: Sequence[Post], query: MetricsQuery) -> Plan[MetricSeries]:
    networks = _networks(posts)
    if query.by is not None or query.window is not None:
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
        available=tuple(_available(query.metrics, chosen, len(networks))),
        missing=chosen.missing,
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
            for some in _chunks(accounts, PROFILES)
        ),
        asked=tuple(query.metrics),
        available=tuple(_available(query.metrics, chosen, len(networks))),
        missing=(*chosen.missing, *_without("posts", query.profiles, NO_POSTS)),
    )


def _without(
    what: str, profiles: Iterable[Profile], networks: frozenset[str]
) -> Iterator[Missing]:
    for profile in profiles:
        if profile.ref.network in networks:
            yield Missing(
                metric=what,
                subject=profile.ref,
                network=profile.ref.network,
                reason=f"Sprout serves no {what} of {profile.ref.network} profiles",
            )


# -- messages -----------------------------------------------------------------------

RANGES: Final = frozenset({"action_last_update_time"})
FILTERS: Final = frozenset(
    {"group_id", "message_id", "post_type", "tag_id", "language_code", "from.guid"}
)


def messages(query: MessagesQuery) -> Plan[Message]:
    """The inbox, a part for each group of profiles and month."""
    written = _conditions(query.where)
    ids = tuple(query.where.get("message_id", ()))
    if ids:
        return _by_ids(query, ids)
    able = [p for p in query.profiles if p.ref.network not in NO_MESSAGES]
    return Plan(
        parts=tuple(
            MessagesPart(
                accounts=some,
                group=group,
                window=piece,
                conditions=written,
                fields=tuple(query.fields),
            )
            for piece in windows(query.window, PIECE)
            for group, members in _groups(able, query.where.get("group_id", ()))
            for some in _chunks([account(each) for each in members], PROFILES)
        ),
        missing=tuple(_without("messages", query.profiles, NO_MESSAGES)),
    )


def _by_ids(query: MessagesQuery, ids: Sequence[str]) -> Plan[Message]:
    """message_id excludes every other filter, and takes 100 at most."""
    others = sorted(set(query.where) - {"message_id"})
    if others:
        raise InvalidQuery(
            f"message_id finds messages by itself; take {', '.join(others)} out"
        )
    return Plan(
        parts=tuple(
            MessagesPart(
                accounts=(),
                group=None,
                window=query.window,
                fields=tuple(query.fields),
                ids=some,
            )
            for some in _chunks(ids, PROFILES)
        )
    )


def _conditions(where: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    written: list[str] = []
    for name, values in where.items():
        if name in RANGES:
            written.append(str(conditions.field(name).within(_range(name, values))))
        elif name not in FILTERS:
            known = ", ".join(sorted(FILTERS | RANGES))
            raise InvalidQuery(f"Sprout's inbox has no filter {name!r}; it has {known}")
        elif name not in {"group_id", "message_id"}:
            written.append(str(conditions.field(name).eq(*values)))
    return tuple(written)


def _range(name: str, values: Sequence[str]) -> Window:
    try:
        start, end = (datetime.fromisoformat(value) for value in values)
    except ValueError as err:
        raise InvalidQuery(
            f"{name} takes two instants, from and to, like '2026-03-02T00:00:00+00:00'"
        ) from err
    return Window(_aware(start), _aware(end))


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _groups(
    profiles: Sequence[Profile], wanted: Sequence[str]
) -> Iterator[tuple[str | None, list[Profile]]]:
    """Every profile in one of its groups; the filter takes exactly one."""
    for group in wanted:
        yield group, [each for each in profiles if group in each.groups]
    if wanted:
        return

    def first(profile: Profile) -> str:
        return min(profile.groups, default="")

    for group, members in groupby(sorted(profiles, key=first), first):
        yield group or None, list(members)


# -- listening ----------------------------------------------------------------------


def topic_messages(query: TopicQuery) -> Plan[Message]:
    """A topic's messages, a part a month."""
    return Plan(
        parts=tuple(
            TopicMessagesPart(
                topic=query.topic.vendor_id,
                window=piece,
                conditions=_listening(query.where),
                fields=tuple(query.fields),
            )
            for piece in windows(query.window, PIECE)
        )
    )


def _listening(where: Sequence[object]) -> tuple[str, ...]:
    """The conditions; without one on network or profile the vendor refuses."""
    for each in where:
        if not isinstance(each, conditions.Condition):
            raise InvalidQuery(
                f"{each!r} is no condition; write field('sentiment').eq('positive') "
                "with field from socialmetrics_sprout"
            )
    written = tuple(map(str, where))
    if any(each.startswith(("network.", "profile.")) for each in written):
        return written
    return (*written, str(conditions.field("network").eq(*LISTENING)))


def topic_metrics(query: TopicQuery) -> Plan[MetricSeries]:
    """A topic's figures: one request; by day unless said else."""
    if not query.metrics:
        raise InvalidQuery("metrics is empty; name at least one, like 'messages_count'")
    days = (query.window.first_day, query.window.last_day, query.now.date())
    chosen = choose("topics", ["*"], query.metrics, days)
    names = tuple(name for each in chosen.asked for name in each.names)
    part = TopicFiguresPart(
        topic=query.topic.vendor_id,
        window=query.window,
        names=names,
        dimensions=tuple(query.dimensions or ("created_time.by(day)",)),
        conditions=_listening(query.where),
    )
    return Plan(
        parts=(part,) if names else (),
        asked=tuple(query.metrics),
        available=tuple(_available(query.metrics, chosen, 1)),
        missing=chosen.missing,
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


# -- cases --------------------------------------------------------------------------

WEEK: Final = timedelta(days=7)
DATES: Final = ("created_time", "updated_time", "latest_activity_time")


def cases(
    window: Window, by: str, where: Sequence[conditions.Condition]
) -> list[CasesPart]:
    """A part a week: the vendor takes no more at a time."""
    if by not in DATES:
        raise InvalidQuery(f"cases have no date {by!r}, but {', '.join(DATES)}")
    written = tuple(map(str, where))
    return [
        CasesPart(conditions=(str(conditions.field(by).within(piece)), *written))
        for piece in windows(window, WEEK)
    ]


def cases_by_id(ids: Sequence[str]) -> list[CasesPart]:
    """A part a hundred ids; they exclude every other filter."""
    if not ids:
        raise InvalidQuery("no case id is given")
    return [
        CasesPart(conditions=(str(conditions.field("case_id").eq(*some)),))
        for some in _chunks(ids, PROFILES)
    ]
