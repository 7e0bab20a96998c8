"""Messages of the inbox and of listening, oldest first, restarted by time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

import attrs

from socialmetrics.decode import Answer, ask
from socialmetrics.errors import Refused, Unavailable
from socialmetrics.model import Issue, Message
from socialmetrics.typed import decoder
from socialmetrics.window import Window
from socialmetrics.wire import Flow, Page, Stream
from socialmetrics_sprout import parse, requests
from socialmetrics_sprout.heavy import halved
from socialmetrics_sprout.isolate import REFUSALS, isolate, isolate_accounts
from socialmetrics_sprout.parts import (
    Account,
    MessagesPart,
    Names,
    TopicMessagesPart,
)
from socialmetrics_sprout.payloads import MessagePayload, RowsPayload
from socialmetrics_sprout.requests import ROWS_A_PAGE
from socialmetrics_sprout.rows import Walk, complaint, looped, pages_of, rows

_MESSAGE: Final = decoder(MessagePayload)


@attrs.define
class Came:
    """What came already, by its second: a restart at a second repeats all of it."""

    latest: datetime | None = None
    _known: dict[datetime, set[object]] = attrs.field(
        factory=dict[datetime, set[object]]
    )

    def new(self, found: tuple[Message, ...]) -> tuple[Message, ...]:
        """Those that did not come before; remembers them."""
        fresh: list[Message] = []
        for message in found:
            second, key = _second(message), _key(message)
            known = self._known.setdefault(second, set())
            if key not in known:
                known.add(key)
                fresh.append(message)
                self.latest = (
                    second if self.latest is None else max(self.latest, second)
                )
        return tuple(fresh)

    def forget_before(self, second: datetime) -> None:
        """Keeps what came at that second and later."""
        self._known = {at: ids for at, ids in self._known.items() if at >= second}

    @property
    def size(self) -> int:
        """How many messages it remembers."""
        return sum(map(len, self._known.values()))


def _rest(window: Window, latest: datetime | None) -> Window | None:
    """The window from that second on; None where that is no shorter."""
    if latest is None or not window.start < latest < window.end:
        return None
    return attrs.evolve(window, start=latest)


def _key(message: Message) -> object:
    # A message with neither guid nor link is known by all that it says.
    return message.vendor_id or message


def _second(message: Message) -> datetime:
    return message.created_at.replace(microsecond=0)


# -- the inbox: an opaque cursor -------------------------------------------------------


def messages(part: MessagesPart, came: Came | None = None) -> Stream[Message]:
    """Every message of the part, oldest first."""
    came, walk = came or Came(), Walk()
    while not walk.is_over:
        request = requests.messages(part, walk.cursor)
        try:
            answer = yield from ask(request, RowsPayload, complaint)
        except REFUSALS as err:
            if walk.cursor is not None:
                raise
            part, issues = yield from _without_refused(part, err)
            yield Page((), issues)
            continue
        except Unavailable as err:
            yield from _messages_in_halves(part, came, err)
            return
        settled = walk.settled(answer)
        if settled is None:
            continue
        walk.advance(settled)
        fresh = came.new(rows(settled, _MESSAGE, parse.message))
        if came.latest is not None:
            came.forget_before(came.latest)
        yield Page(fresh, settled.issues, settled.source)


def _messages_in_halves(
    part: MessagesPart, came: Came, err: Unavailable
) -> Stream[Message]:
    """What is left, from the latest second on, in two windows."""
    if part.ids:
        raise err
    for half in halved(_rest(part.window, came.latest) or part.window, err):
        yield from messages(attrs.evolve(part, window=half), came)


def _without_refused(
    part: MessagesPart, err: Refused
) -> Flow[tuple[MessagesPart, tuple[Issue, ...]]]:
    """The part without the profiles and fields that the vendor refuses."""
    bare = attrs.evolve(part, conditions=(), fields=())

    def with_accounts(some: tuple[Account, ...]) -> Flow[object]:
        return (yield requests.messages(attrs.evolve(bare, accounts=some), None))

    profiles = yield from isolate_accounts(part.accounts, with_accounts, err)
    good = attrs.evolve(bare, accounts=profiles.among(part.accounts))

    def with_fields(names: Names) -> Flow[object]:
        return (yield requests.messages(attrs.evolve(good, fields=names), None))

    fields = yield from isolate("fields", part.fields, with_fields)
    issues = (*profiles.issues, *fields.issues)
    if not issues:
        raise err
    return attrs.evolve(good, conditions=part.conditions, fields=fields.good), issues


# -- listening: numbered pages ---------------------------------------------------------


def topic_messages(
    part: TopicMessagesPart, came: Came | None = None
) -> Stream[Message]:
    """Every listening message of the part, oldest first.

    Numbered pages shift when messages come or go between two of them. So the next
    page is the first one from the latest second on, and what that repeats is dropped.
    The number only counts up inside one second with more messages than a page holds;
    such a second is read twice, and again until it brings nothing new. Where no number
    of pages is told, the end is a page that is not full behind another one that was
    not: one alone may have lost its rows.
    """
    came, page, gained, was_short = came or Came(), 1, True, False
    restarted: datetime | None = None
    while True:
        request = requests.topic_messages(part, page)
        try:
            answer = yield from ask(request, RowsPayload, _emptied(page))
        except Unavailable as err:
            yield from _topic_in_halves(part, came, err)
            return
        found = rows(answer, _MESSAGE, parse.message)
        if restarted and any(message.created_at < restarted for message in found):
            raise looped(answer, f"page {page}")
        fresh = came.new(found)
        yield Page(fresh, answer.issues, answer.source)
        if found and not fresh and (page - 1) * ROWS_A_PAGE > came.size:
            raise looped(answer, f"page {page}")
        gained = gained or bool(fresh)
        is_last = _is_last(answer, page, fresh, was_short)
        was_short = len(found) < ROWS_A_PAGE
        rest = _rest(part.window, _second(found[-1]) if found else None)
        if is_last is None:
            continue
        if rest is None and not is_last:
            page += 1
        elif gained and page > 1:
            page, gained = 1, False
        elif rest is None or is_last:
            return
        else:
            restarted = rest.start
            came.forget_before(restarted)
            part, page, gained = attrs.evolve(part, window=rest), 1, True


def _is_last(
    answer: Answer[RowsPayload],
    page: int,
    fresh: tuple[Message, ...],
    was_short: bool,
) -> bool | None:
    """Whether nothing is behind; None where the same question again has to tell."""
    pages = pages_of(answer.payload)
    if pages is not None:
        return page >= pages
    if fresh or len(answer.payload.data) >= ROWS_A_PAGE:
        return False
    return was_short or None


def _emptied(page: int) -> Callable[[RowsPayload], str | None]:
    def doubt(payload: RowsPayload) -> str | None:
        pages = pages_of(payload)
        if pages is not None and pages > page and not payload.data:
            return f"page {page} of {pages} is empty"
        return complaint(payload)

    return doubt


def _topic_in_halves(
    part: TopicMessagesPart, came: Came, err: Unavailable
) -> Stream[Message]:
    for half in halved(part.window, err):
        yield from topic_messages(attrs.evolve(part, window=half), came)
