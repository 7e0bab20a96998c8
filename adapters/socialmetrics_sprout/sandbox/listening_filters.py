"""Which messages of a topic a query means."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from operator import ge, gt, le, lt
from typing import Final

from socialmetrics.sandbox.listening import WorldMention
from socialmetrics_sprout.sandbox.filters import Filter, parse_all
from socialmetrics_sprout.sandbox.query import Body, timezone
from socialmetrics_sprout.sandbox.refusal import FORBIDDEN, NOT_FOUND, Refusal, bad
from socialmetrics_sprout.sandbox.service import Service
from socialmetrics_sprout.sandbox.vocabulary import NETWORKS

REDDIT_ENDS: Final = datetime(2026, 5, 12, tzinfo=UTC)
Test = Callable[[WorldMention], bool]

_COMPARE: Final = {"gt": gt, "gte": ge, "lt": lt, "lte": le}
_NOWHERE: Final = ("", "", "")
_EQUAL: Final = ("eq", "neq")
COUNTS: Final[dict[str, Callable[[WorldMention], int]]] = {
    "likes": lambda one: one.likes,
    "replies": lambda one: one.replies,
    "shares_count": lambda one: one.shares,
    "engagements": lambda one: one.likes + one.replies + one.shares,
    "from.followers_count": lambda one: one.author.followers,
    "impressions": lambda one: one.audience,
}
_WORDS: Final[dict[str, Callable[[WorldMention], str]]] = {
    "network": lambda one: NETWORKS[one.ref.network],
    "sentiment": lambda one: one.sentiment,
    "language": lambda one: one.language,
    "location.city": lambda one: (one.place or _NOWHERE)[0],
    "location.province": lambda one: (one.place or _NOWHERE)[1],
    "location.country": lambda one: (one.place or _NOWHERE)[2],
    "document.theme_ids": lambda one: one.theme.id if one.theme else "",
    "explicit_label": lambda one: "true" if one.explicit else "false",
}
_ALLOWED: Final = {
    "created_time": ("in",),
    "profile": ("neq",),
    "text": ("match",),
    "visual_media": ("exists",),
    **dict.fromkeys(_WORDS, _EQUAL),
    **dict.fromkeys(COUNTS, tuple(_COMPARE)),
}


def mentions(
    service: Service, customer: int, topic: str, body: Body
) -> list[WorldMention]:
    """What the topic found and every filter lets pass, oldest first."""
    found = parse_all(body.get("filters"), _ALLOWED)
    if not any(name in ("network", "profile") for name, _ in found):
        bad("A filter on network or profile is required")
    own, now = _topic(service, customer, topic), service.now()
    tests: list[Test] = [
        lambda one: one.topic.id == own,
        lambda one: one.created_at <= now,
        *(_test(one, body) for one in found.values()),
    ]
    return [one for one in service.world.mentions if all(test(one) for test in tests)]


def _topic(service: Service, customer: int, wanted: str) -> str:
    groups = {one.id: one.customer for one in service.world.groups}
    for topic in service.world.topics:
        if topic.id == wanted and groups[topic.group] == customer:
            return topic.id
        if topic.id == wanted:
            raise Refusal(FORBIDDEN, "Not permitted to access this topic")
    raise Refusal(NOT_FOUND, "Not found")


def _test(one: Filter, body: Body) -> Test:
    if one.operator == "in":
        start, end = one.instants(timezone(body))
        return lambda seen: start <= seen.created_at < end
    if one.operator == "exists":
        wanted = one.flag
        return lambda seen: (seen.media is not None) is wanted
    if one.operator == "match":
        return _match(one.arguments)
    if one.operator in _COMPARE:
        return _compare(one)
    if one.field == "profile":
        _ = one.numbers
        return lambda seen: not seen.own
    return _among(one)


def _compare(one: Filter) -> Test:
    got, holds = COUNTS[one.field], _COMPARE[one.operator]
    bound, *more = one.numbers
    if more:
        bad(f"Filter on {one.field} takes one number")
    return lambda seen: bool(holds(got(seen), bound))


def _among(one: Filter) -> Test:
    got, wanted, same = _WORDS[one.field], frozenset(one.words), one.operator == "eq"
    if one.field == "network" and not wanted <= set(NETWORKS.values()):
        bad("Invalid value in filter on network")
    return lambda seen: (got(seen) in wanted) is same


def _match(words: str) -> Test:
    """Any of the terms around OR; else all of them; quotes make one term of many."""
    if not words.strip(" ") or words.count('"') % 2:
        bad("Filter on text takes words, phrases in quotes, and OR")
    either = [_terms(part) for part in re.split(r"\bOR\b", words)]
    return lambda seen: any(
        all(term in seen.text.casefold() for term in terms) for terms in either
    )


def _terms(text: str) -> list[str]:
    pairs: list[tuple[str, str]] = re.findall(r'"([^"]*)"|([^\s"]+)', text)
    return [(phrase or word).casefold() for phrase, word in pairs]
