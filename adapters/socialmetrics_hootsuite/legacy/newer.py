"""Polling: what came to a stream since it was last looked at, and nothing left out."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Issue, Message
from socialmetrics.wire import Flow
from socialmetrics_hootsuite.legacy import answers, parse
from socialmetrics_hootsuite.legacy.descent import Descent
from socialmetrics_hootsuite.legacy.parse import Item
from socialmetrics_hootsuite.legacy.requests import Ask
from socialmetrics_hootsuite.legacy.streams import COUNT, VendorStream


@attrs.frozen
class Seen:
    """How far a stream was seen: an id on X, a second (POSIX) on Facebook.

    `keys` are the messages of that second that were seen: more may come within it.
    """

    position: int
    keys: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        if isinstance(self.position, bool) or not isinstance(self.position, int):  # pyright: ignore[reportUnnecessaryIsInstance]  # whatever somebody gives
            raise InvalidQuery(f"position={self.position!r} is no whole number")


@attrs.frozen(kw_only=True)
class Newer:
    """What is new, newest first, and the mark for the next time.

    `last_seen` is None while the stream never had a message.
    """

    messages: tuple[Message, ...]
    last_seen: Seen | None
    issues: tuple[Issue, ...] = ()


def newer(stream: VendorStream, last_seen: Seen | None = None) -> Flow[Newer]:
    """Every message of the stream since then; without a mark its newest page.

    The vendor cuts to 30 before it looks for the mark. So behind a full page it is
    paged down to the mark by the upper bound alone: both in one call are refused.
    The mark moves only when all of that has come.
    """
    after = _after(stream, last_seen)
    told = yield from answers.page(
        Ask(stream, None if after is None else _low(stream, after))
    )
    way = Descent(stream, lambda item: after is None or item.position <= after)
    found, issues = way.take(told.items), [*told.issues]
    is_cut = after is not None and len(told.items) >= COUNT
    while is_cut and not way.is_over:
        told = yield from answers.page(way.ask)
        found += way.take(told.items)
        issues += told.issues
    known = set(last_seen.keys) if last_seen else set[str]()
    new = [each for each in found if _is_new(each, after, known)]
    return Newer(
        messages=tuple(parse.message(stream, each) for each in new),
        last_seen=_seen(stream, last_seen, new),
        issues=(*issues, *way.issues),
    )


def _after(stream: VendorStream, seen: Seen | None) -> int | None:
    """The exclusive lower bound; the last second is looked at again."""
    if seen is None:
        return None
    return seen.position if stream.has_ids else seen.position - 1


def _low(stream: VendorStream, after: int) -> tuple[str, int]:
    return "minId" if stream.has_ids else "minTimestamp", after


def _is_new(item: Item, after: int | None, known: Iterable[str]) -> bool:
    return (after is None or item.position > after) and item.key not in known


def _seen(stream: VendorStream, before: Seen | None, new: list[Item]) -> Seen | None:
    if not new:
        return before
    top = max(each.position for each in new)
    if stream.has_ids:
        return Seen(top)
    keys = [each.key for each in new if each.position == top]
    old = before.keys if before and before.position == top else ()
    return Seen(top, tuple(dict.fromkeys((*old, *keys))))
