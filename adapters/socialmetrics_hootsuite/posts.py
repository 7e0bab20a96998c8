"""Posts: what was sent with Hootsuite, joined with what its analytics counted.

A message is listed by the time that it was planned for, and counted by the time that it
came out, which may be later. So both lists are read a day wider than the window, and a
post belongs to the part in whose window it came out. One that came out more than a day
late may come twice, once by each list, where two parts meet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

import attrs

from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Missing, Post, Profile, Source
from socialmetrics.plan import Part, Plan, PostsQuery
from socialmetrics.window import Window
from socialmetrics.wire import Flow, Page, Stream, collect
from socialmetrics_hootsuite.analytics.choice import Chosen, choose
from socialmetrics_hootsuite.analytics.entries import Datatype
from socialmetrics_hootsuite.analytics.gaps import why_without
from socialmetrics_hootsuite.analytics.joined import Join, Terms, points
from socialmetrics_hootsuite.analytics.notes import notes
from socialmetrics_hootsuite.analytics.parts import (
    ONE_DAY,
    PROFILES,
    Account,
    Asked,
    PostQuery,
    halved,
)
from socialmetrics_hootsuite.analytics.planner_posts import since_of, until_of
from socialmetrics_hootsuite.analytics.plans import (
    account,
    earliest,
    even,
    networks_of,
    without,
)
from socialmetrics_hootsuite.analytics.read_posts import Shelf, shelf
from socialmetrics_hootsuite.analytics.walk import REFUSALS, refused
from socialmetrics_hootsuite.messages import FIRST, outbound
from socialmetrics_hootsuite.models import Outbound

PIECE: Final = timedelta(days=25)
"""With the day on both sides it is less than the four weeks that the list takes."""
SENT: Final = "SENT"


@attrs.frozen(kw_only=True)
class PostsPart(Part[Post]):
    """Posts of at most ten profiles of one network, published in the window.

    Without queries the network has no analytics: the outbound list alone is read.
    """

    operation = "posts"
    network: str
    accounts: tuple[Account, ...]
    window: Window
    queries: tuple[PostQuery, ...]
    asked: tuple[Asked, ...]
    earliest: date
    now: datetime


# -- planning --------------------------------------------------------------------------


def plan_posts(query: PostsQuery) -> Plan[Post]:
    """By network, at most ten profiles, and 25 days."""
    if query.fields:
        raise InvalidQuery(
            "Hootsuite has no choice of fields: everything it says of a post is in raw"
        )
    having = [each for each in query.profiles if why_without(each) is None]
    chosen = choose("posts", networks_of(having), query.metrics)
    parts = tuple(_parts(query, chosen))
    return Plan(
        parts=parts,
        asked=tuple(query.metrics),
        available=chosen.available(query.metrics),
        missing=(
            *chosen.missing,
            *without(query.profiles, query.metrics),
            *_too_old(query, having),
        ),
        resolved=chosen.resolved,
        notes=tuple(notes(parts if having else (), chosen)),
    )


def _parts(query: PostsQuery, chosen: Chosen) -> Iterator[PostsPart]:
    lanes: dict[tuple[str, bool], dict[str, Account]] = {}
    for profile in query.profiles:
        key = profile.ref.network, why_without(profile) is None
        lanes.setdefault(key, {})[profile.vendor_id] = account(profile)
    for (network, is_counted), accounts in lanes.items():
        asked = chosen.of(network) if is_counted else ()
        for window in _pieces(query.window, query.now):
            for some in even(list(accounts.values()), PROFILES):
                part = PostsPart(
                    network=network,
                    accounts=some,
                    window=window,
                    queries=(),
                    asked=asked,
                    earliest=earliest(query.now),
                    now=query.now,
                )
                yield _with_queries(part) if is_counted else part


def _pieces(window: Window, now: datetime) -> Iterator[Window]:
    """The window in pieces; nothing was sent before the vendor began, or after now."""
    start, last = max(window.start, FIRST), min(window.end, now + ONE_DAY)
    while start < last:
        end = min(last, start + PIECE)
        yield Window(start, end, window.tz)
        start = end


def _with_queries(part: PostsPart) -> PostsPart:
    """The part with what is asked of analytics: organic data always."""
    window = part.window
    since = max(part.earliest, since_of(window.start - ONE_DAY, part.network))
    until = min(until_of(window.end + ONE_DAY), until_of(part.now))
    queries = tuple(
        PostQuery(
            network=part.network,
            datatype=datatype,
            accounts=part.accounts,
            since=since,
            until=until,
        )
        for datatype in datatypes_of(part.asked)
        if since < until
    )
    return attrs.evolve(part, queries=queries, requests=1 + len(queries))


def _too_old(query: PostsQuery, having: Sequence[Profile]) -> Iterator[Missing]:
    oldest = earliest(query.now)
    if query.window.start.date() >= oldest:
        return
    for profile in having:
        yield Missing(
            metric="posts",
            subject=profile.ref,
            network=profile.ref.network,
            reason=f"Hootsuite's analytics begin on {oldest}; of older posts only "
            "those come that were sent with it, without figures",
        )


def datatypes_of(asked: Sequence[Asked]) -> list[Datatype]:
    """The data to read for these metrics: organic ones always, for the posts."""
    found: list[Datatype] = ["ORGANIC", *(each.datatype for each in asked)]
    return list(dict.fromkeys(found))


# -- reading ---------------------------------------------------------------------------


def posts(part: PostsPart) -> Stream[Post]:
    """The posts of one part, oldest first."""
    wide = Window(part.window.start - ONE_DAY, part.window.end + ONE_DAY)
    sent = yield from _sent(part.accounts, wide)
    shelves: dict[Datatype, Shelf] = {each.datatype: Shelf() for each in part.asked}
    for query in part.queries:
        shelves[query.datatype] = yield from shelf(query)
    yield _page(part, sent, shelves)


def _sent(accounts: tuple[Account, ...], window: Window) -> Flow[Page[Outbound]]:
    """What was sent; profiles that the vendor refuses are found by halves, and told."""
    ids = [account.vendor_id for account in accounts]
    try:
        return (yield from collect(outbound(window, profiles=ids, state=SENT)))
    except REFUSALS as err:
        if len(accounts) == 1:
            return Page((), (refused(accounts[0], err),))
    left, right = halved(accounts)
    first = yield from _sent(left, window)
    second = yield from _sent(right, window)
    return Page(
        (*first.items, *second.items),
        (*first.issues, *second.issues),
        second.source or first.source,
    )


def _page(
    part: PostsPart, sent: Page[Outbound], shelves: Mapping[Datatype, Shelf]
) -> Page[Post]:
    terms = Terms(
        network=part.network, asked=part.asked, earliest=part.earliest, now=part.now
    )
    join = Join(part.network, sent.items, shelves)
    found = [
        pair.post(points(terms, pair, shelves))
        for pair in join.pairs()
        if part.window.start <= pair.created < part.window.end
    ]
    found.sort(key=lambda post: (post.created_at, post.ref))
    odd = [issue for each in shelves.values() for issue in each.issues]
    return Page(
        tuple(found),
        (*sent.issues, *join.issues, *odd),
        _source(sent, shelves),
    )


def _source(sent: Page[Outbound], shelves: Mapping[Datatype, Shelf]) -> Source | None:
    sources = [each.source for each in shelves.values() if each.source]
    return sources[-1] if sources else sent.source


# -- what changed ----------------------------------------------------------------------


def changed_posts(
    profiles: Sequence[Profile], since: date, metrics: Sequence[str] = ()
) -> Stream[Post]:
    """Posts that changed from that day on, as the Analytics API alone has them.

    The vendor looks back 30 days at most. Raises `InvalidQuery` for profiles that have
    no analytics.
    """
    for profile in profiles:
        reason = why_without(profile)
        if reason is not None:
            raise InvalidQuery(f"{profile.ref}: {reason}")
    chosen = choose("posts", networks_of(profiles), metrics)
    return _changes(profiles, since, chosen)


def _changes(profiles: Sequence[Profile], since: date, chosen: Chosen) -> Stream[Post]:
    for network in networks_of(profiles):
        asked = chosen.of(network)
        accounts = {
            p.vendor_id: account(p) for p in profiles if p.ref.network == network
        }
        for some in even(list(accounts.values()), PROFILES):
            shelves: dict[Datatype, Shelf] = {}
            for datatype in datatypes_of(asked):
                query = PostQuery(
                    network=network,
                    datatype=datatype,
                    accounts=some,
                    since=since,
                    until=None,
                    is_changes=True,
                )
                shelves[datatype] = yield from shelf(query)
            yield _changed(network, asked, shelves)


def _changed(
    network: str, asked: tuple[Asked, ...], shelves: Mapping[Datatype, Shelf]
) -> Page[Post]:
    sources = [each.source for each in shelves.values() if each.source]
    now = max((each.fetched_at for each in sources), default=FIRST)
    terms = Terms(network=network, asked=asked, earliest=date.min, now=now)
    found = [
        pair.post(points(terms, pair, shelves))
        for pair in Join(network, (), shelves).pairs()
    ]
    found.sort(key=lambda post: (post.created_at, post.ref))
    odd = [issue for each in shelves.values() for issue in each.issues]
    return Page(tuple(found), tuple(odd), sources[-1] if sources else None)
