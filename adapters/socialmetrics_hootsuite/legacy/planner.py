"""How messages and posts are cut into parts: up to five streams each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Message, Missing, Post, Profile
from socialmetrics.plan import MessagesQuery, Plan, PostsQuery
from socialmetrics_hootsuite.legacy.parts import MessagesPart, PostsPart, Span
from socialmetrics_hootsuite.legacy.streams import (
    BY_NETWORK,
    INBOUND,
    MOST,
    SENT,
    VendorStream,
    stream,
)

STREAMS: Final = "streams"
NO_METRICS: Final = "Hootsuite's Engagement API 2 counts nothing"
ALTERNATIVES: Final = ("hootsuite", "sprout")
_ALL: Final = tuple(kind for kinds in BY_NETWORK.values() for kind in kinds)
_NO_POSTS: Final = (
    "this API shows what was sent on X alone (its SENT stream); it lists no posts of "
    "other networks"
)


def messages(query: MessagesQuery) -> Plan[Message]:
    """The streams named by `where={"streams": [...]}`, else what people write there."""
    _no_fields(query.fields)
    kinds = _kinds(query.where)
    found: list[VendorStream] = []
    missing: list[Missing] = []
    for profile in _once(query.profiles):
        offered = BY_NETWORK.get(profile.ref.network, ())
        wanted = INBOUND.get(profile.ref.network, ()) if kinds is None else kinds
        mine = [stream(profile, kind) for kind in wanted if kind in offered]
        found += mine
        if not mine:
            missing.append(_without(profile, offered))
    if kinds and query.profiles and not found:
        raise InvalidQuery(
            f"none of these profiles has the streams {', '.join(kinds)}; {_offers()}"
        )
    return Plan(
        parts=tuple(MessagesPart(span=span) for span in _spans(found, query)),
        missing=tuple(missing),
        notes=_cost(found),
    )


def posts(query: PostsQuery) -> Plan[Post]:
    """The SENT streams of the profiles on X; the others are missing."""
    _no_fields(query.fields)
    able = [each for each in _once(query.profiles) if each.ref.network == "x"]
    found = [stream(each, SENT) for each in able]
    return Plan(
        parts=tuple(PostsPart(span=span) for span in _spans(found, query)),
        asked=tuple(query.metrics),
        missing=(
            *(
                _missing("posts", _NO_POSTS, each)
                for each in _once(query.profiles)
                if each.ref.network != "x"
            ),
            *(
                Missing(metric=name, reason=NO_METRICS, alternatives=ALTERNATIVES)
                for name in query.metrics
            ),
        ),
        notes=_cost(found),
    )


def _kinds(where: Mapping[str, Sequence[str]]) -> tuple[str, ...] | None:
    others = sorted(set(where) - {STREAMS})
    if others:
        raise InvalidQuery(
            f"this API has no filter {others[0]!r}; it has "
            f"where={{'{STREAMS}': [...]}}: {_offers()}"
        )
    if STREAMS not in where:
        return None
    kinds = tuple(dict.fromkeys(where[STREAMS]))
    unknown = [kind for kind in kinds if kind not in _ALL]
    if unknown or not kinds:
        told = (
            f"no stream is called {unknown[0]!r}" if unknown else "no stream is named"
        )
        raise InvalidQuery(f"{told}; {_offers()}")
    return kinds


def _offers() -> str:
    return "; ".join(f"{name} has {', '.join(k)}" for name, k in BY_NETWORK.items())


def _no_fields(fields: Sequence[str]) -> None:
    if fields:
        raise InvalidQuery(
            "this API takes no fields: messages come whole; what has no name "
            "of its own is in `raw`"
        )


def _once(profiles: Sequence[Profile]) -> list[Profile]:
    return list({each.vendor_id: each for each in profiles}.values())


def _without(profile: Profile, offered: Sequence[str]) -> Missing:
    name, slug = profile.name, profile.ref.network
    if offered:
        reason = f"{name} ({slug}) has none of the named streams"
        return _missing("messages", reason, profile, offered)
    reason = f"this API shows streams of X and Facebook, none of {slug} ({name})"
    return _missing("messages", reason, profile, ALTERNATIVES[1:])


def _missing(
    metric: str,
    reason: str,
    profile: Profile,
    alternatives: Sequence[str] = ALTERNATIVES,
) -> Missing:
    return Missing(
        metric=metric,
        reason=reason,
        alternatives=tuple(alternatives),
        network=profile.ref.network,
        subject=profile.ref,
    )


def _spans(
    streams: Sequence[VendorStream], query: MessagesQuery | PostsQuery
) -> Iterator[Span]:
    window, rest = query.window, iter(streams)
    while some := tuple(islice(rest, MOST)):
        yield Span(streams=some, window=window, is_recent=window.end > query.now)


def _cost(streams: Sequence[VendorStream]) -> tuple[str, ...]:
    """The vendor counts streams, so a call of five costs five."""
    count = len(streams)
    if not count:
        return ()
    told = f"a round of pages costs {count} of the 300 streams an hour"
    return (f"{told}; a page shows at most 30 messages",)
