"""Streams read backwards, side by side: one call asks for the next page of each.

Memory holds a page of each stream and the keys of one second, however long it takes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from socialmetrics.errors import Refused
from socialmetrics.model import Issue, Message, Post
from socialmetrics.wire import Page, Stream
from socialmetrics_hootsuite.legacy import answers, parse
from socialmetrics_hootsuite.legacy.answers import Told
from socialmetrics_hootsuite.legacy.descent import Descent, lowest
from socialmetrics_hootsuite.legacy.parse import Item
from socialmetrics_hootsuite.legacy.parts import MessagesPart, PostsPart, Span
from socialmetrics_hootsuite.legacy.streams import VendorStream

T = TypeVar("T")
MISSING: Final = "the answer for several streams left it out; it was asked for alone"
Make = Callable[[VendorStream, Item], T]


def messages(part: MessagesPart) -> Stream[Message]:
    """The messages of the part's streams, each stream newest first."""
    return _read(part.span, parse.message)


def posts(part: PostsPart) -> Stream[Post]:
    """The posts of the part's streams, each stream newest first."""
    return _read(part.span, parse.post)


def _read(span: Span, make: Make[T]) -> Stream[T]:
    """Page by page. A stream that the vendor refuses is told of and left out.

    Raises the refusal where it concerns every stream, or comes in the middle of one.
    """
    ways = [_begun(stream, span) for stream in span.streams]
    readable = len(ways)
    while under_way := [way for way in ways if not way.is_over]:
        told = yield from answers.streams([way.ask for way in under_way])
        for way, page in zip(under_way, told, strict=True):
            if page.refusal is None:
                yield _page(way, page, span, make)
                continue
            readable -= 1
            if way.has_begun or not readable:
                raise page.refusal
            way.is_over = True
            yield Page((), (_refused(way.stream, page.refusal),))


def _begun(stream: VendorStream, span: Span) -> Descent:
    """The top of the stream, or the end of the window where something lies above it."""
    top = None if span.is_recent else lowest(stream, span.window.end)
    return Descent(
        stream,
        lambda item: item.at < span.window.start,
        before=top,
        is_guess=stream.has_ids and top is not None,
    )


def _page(way: Descent, told: Told, span: Span, make: Make[T]) -> Page[T]:
    window = span.window
    if told.was_missing:
        way.tell_once(MISSING)
    items = tuple(
        make(way.stream, each)
        for each in way.take(told.items)
        if window.start <= each.at < window.end
    )
    issues, way.issues = (*told.issues, *way.issues), []
    return Page(items, issues, told.source)


def _refused(stream: VendorStream, refusal: Refused) -> Issue:
    return Issue(path=str(stream), problem=f"it cannot be read: {refusal.message}")
