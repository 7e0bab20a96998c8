"""GET messages: pages of streams, cut to the newest before the lower bound is used."""

from __future__ import annotations

from bisect import bisect_left
from heapq import merge
from operator import attrgetter

from socialmetrics.sandbox.people import Account
from socialmetrics_hootsuite.legacy.sandbox.feeds import (
    FACEBOOK,
    TWITTER,
    Entry,
    network_type,
)
from socialmetrics_hootsuite.legacy.sandbox.query import Wanted, question
from socialmetrics_hootsuite.legacy.sandbox.refusal import bad
from socialmetrics_hootsuite.legacy.sandbox.service import Service
from socialmetrics_hootsuite.legacy.sandbox.wire import Json, tweet, wall_post


def read(service: Service, text: str) -> object:
    """The answer to that query string."""
    asked = question(text)
    accounts = [service.account(one.network) for one in asked.streams]
    for account, wanted in zip(accounts, asked.streams, strict=True):
        _check(account, wanted)
    service.admit(len(asked.streams))
    pairs = zip(accounts, asked.streams, strict=True)
    pages = [_page(service, account, wanted) for account, wanted in pairs]
    if asked.is_interleaved:
        merged = merge(*pages, key=attrgetter("at"), reverse=True)
        return [_shown(service, one) for one in merged]
    if not asked.is_nested:
        return [_shown(service, one) for one in pages[0]]
    return [
        {
            "socialNetworkId": wanted.network,
            "type": wanted.kind,
            service.options.inner: [_shown(service, one) for one in page],
        }
        for wanted, page in zip(asked.streams, pages, strict=True)
        if wanted.kind not in service.options.left_out
    ]


def _check(account: Account, wanted: Wanted) -> None:
    kinds = {"x": TWITTER, "facebook": FACEBOOK}.get(account.network, ())
    if wanted.kind not in kinds:
        bad(f"{wanted.kind} is not a stream of a {network_type(account)}")
    if wanted.kind == "F_HOME_STREAM" and network_type(account) == "FACEBOOKPAGE":
        bad("a FACEBOOKPAGE has no home stream")


def _page(service: Service, account: Account, wanted: Wanted) -> list[Entry]:
    """The newest below the upper bound, cut, and only then those above the lower."""
    feed, place = service.feed(account, wanted.kind), attrgetter("position")
    end = len(feed)
    if wanted.below is not None:
        end = bisect_left(feed, wanted.below, key=place)
    page = feed[max(end - wanted.count, 0) : end][::-1]
    hidden = service.options.hidden
    above = -1 if wanted.above is None else wanted.above
    return [
        one
        for one in page
        if one.position > above and not (hidden and one.row % hidden == 0)
    ]


def _shown(service: Service, entry: Entry) -> Json:
    # A tweet's position is its id, a Facebook message's the second.
    if entry.id == str(entry.position):
        return tweet(entry)
    return wall_post(entry, service.options.id_key)
