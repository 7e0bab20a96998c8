"""Sprout's paged reads as streams: what comes after what, and when it is the end.

Every kind of paging here has a way to lose rows without a word; each is met where it
can happen, with the rule beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import attrs
import msgspec

from socialmetrics.decode import Answer, ask
from socialmetrics.errors import Incomplete, Rejected, Unavailable
from socialmetrics.model import Issue, Message, Point, Post, Source
from socialmetrics.reading import Status
from socialmetrics.retry import TOO_HEAVY
from socialmetrics.series import MetricSeries
from socialmetrics.wire import Flow, Page, Request, Stream, collect
from socialmetrics_sprout import parse, requests
from socialmetrics_sprout.conditions import GRAIN
from socialmetrics_sprout.grid import NUMBERS, Grid
from socialmetrics_sprout.isolate import isolate
from socialmetrics_sprout.models import Case
from socialmetrics_sprout.parts import (
    CasesPart,
    DaysPart,
    MessagesPart,
    PostFiguresPart,
    PostsPart,
    TopicMessagesPart,
    Wanted,
)
from socialmetrics_sprout.payloads import (
    CasePayload,
    DaysPayload,
    MessagePayload,
    PostPayload,
    RowsPayload,
)
from socialmetrics_sprout.requests import DAYS_A_PAGE, ROWS_A_PAGE
from socialmetrics_sprout.rows import complaint, last_page, repeated, rows

_POST: Final = msgspec.json.Decoder(PostPayload)
_MESSAGE: Final = msgspec.json.Decoder(MessagePayload)
_CASE: Final = msgspec.json.Decoder(CasePayload)


def _looped(answer: Answer[RowsPayload], mark: str) -> Incomplete:
    response = answer.response
    return Incomplete(
        f"the cursor {mark!r} came a second time: the vendor's paging runs in a ring",
        vendor=response.vendor,
        operation=response.request.operation,
        status=response.status,
        request_id=response.request_id,
    )


# -- posts: the guid cursor ------------------------------------------------------------


def posts(part: PostsPart, after: str | None = None) -> Stream[Post]:
    """Every post of the part, in the server's order of guids.

    Guids are compared by the server alone. The answer tells how many pages remain, or
    has no paging at all; then only an empty page, confirmed once, is the end.
    """
    seen: set[str] = set()
    is_confirmed = False
    while True:
        try:
            answer = yield from ask(
                requests.posts(part, after), RowsPayload, _contradicts
            )
        except Rejected as err:
            if after is not None:
                raise
            part, issues = yield from _without_bad_names(part, err)
            yield Page((), issues)
            continue
        except Unavailable as err:
            yield from _posts_in_halves(part, after, err)
            return
        count = len(answer.payload.data)
        if not count:
            if is_confirmed or _pages(answer) == 0:
                return
            is_confirmed = True
            continue
        page = _post_page(part, answer)
        if repeated(seen, page.items[-1].vendor_id):
            raise _looped(answer, page.items[-1].vendor_id)
        yield page
        if _pages(answer) == 1 and count < ROWS_A_PAGE:
            return
        after, is_confirmed = page.items[-1].vendor_id, False


def _pages(answer: Answer[RowsPayload]) -> int | None:
    paging = answer.payload.paging
    return paging.total_pages if paging else None


def _contradicts(payload: RowsPayload) -> str | None:
    pages = payload.paging.total_pages if payload.paging else None
    if pages is not None and pages > 1 and not payload.data:
        return f"it is empty, but says that {pages} pages remain"
    return complaint(payload)


def _post_page(part: PostsPart, answer: Answer[RowsPayload]) -> Page[Post]:
    reader = parse.PostReader.of(part.asked, part.accounts, answer.source)
    odd: list[Issue] = list(answer.issues)

    def make(payload: PostPayload, raw: msgspec.Raw) -> Post:
        if not set(map(type, payload.metrics.values())) <= NUMBERS:
            odd.extend(parse.checked(payload.metrics, f"post {payload.guid}"))
        return reader.post(payload, raw)

    items = rows(answer, _POST, make)
    return Page(items, tuple(odd), answer.source)


def _posts_in_halves(
    part: PostsPart, after: str | None, err: Unavailable
) -> Stream[Post]:
    """The rest of the part in two, where the vendor finds the whole too heavy.

    The cursor holds for both halves: it is an order over all guids.
    """
    halves = part.window.halves(GRAIN) if err.status == TOO_HEAVY else None
    if halves is None:
        raise err
    for half in halves:
        yield from posts(attrs.evolve(part, window=half), after)


def _without_bad_names(
    part: PostsPart, err: Rejected
) -> Flow[tuple[PostsPart, tuple[Issue, ...]]]:
    """The part without the metrics, else the fields, that the vendor refuses."""

    def with_metrics(names: tuple[str, ...]) -> Flow[object]:
        asked = tuple(
            attrs.evolve(each, names=tuple(n for n in each.names if n in names))
            for each in part.asked
        )
        return _try(requests.posts(attrs.evolve(part, asked=asked, fields=()), None))

    def with_fields(fields: tuple[str, ...]) -> Flow[object]:
        return _try(requests.posts(attrs.evolve(part, asked=(), fields=fields), None))

    metrics = yield from isolate("metrics", part.names, with_metrics)
    fields = yield from isolate("fields", part.fields, with_fields)
    if not metrics.issues and not fields.issues:
        raise err
    asked = tuple(
        attrs.evolve(each, names=tuple(n for n in each.names if n in metrics.good))
        for each in part.asked
    )
    better = attrs.evolve(part, asked=asked, fields=fields.good)
    return better, (*metrics.issues, *fields.issues)


def _try(request: Request) -> Flow[object]:
    return (yield request)


# -- daily figures: numbered pages -----------------------------------------------------


def days(part: DaysPart) -> Stream[MetricSeries]:
    """All daily figures of the part, as one block."""
    grid = Grid(part)
    source = yield from _fill(grid, part)
    yield Page((grid.series(source),), tuple(grid.issues), source)


def _fill(grid: Grid, part: DaysPart) -> Flow[Source]:
    """Reads the part's pages into the grid.

    A page that is shorter than the limit and not the last one is asked for twice, and
    both are taken: a row that is missing from one may be in the other.
    """
    page, is_confirmed = 1, False
    while True:
        try:
            answer = yield from ask(requests.days(part, page), DaysPayload, complaint)
        except Unavailable as err:
            return (yield from _fill_halves(grid, part, err))
        except Rejected as err:
            return (yield from _fill_accounts(grid, part, err))
        grid.issues.extend(answer.issues)
        paging, count = answer.payload.paging, len(answer.payload.data)
        grid.fill(answer.payload.data, answer.source)
        pages = paging.total_pages if paging else None
        if last_page(pages, page, count, DAYS_A_PAGE):
            return answer.source
        if count < DAYS_A_PAGE and not is_confirmed:
            is_confirmed = True
            continue
        page, is_confirmed = page + 1, False
        if page > part.requests + 1:
            raise Incomplete(
                f"it says that there are {pages} pages, where {part.requests} can hold "
                "every day of every profile",
                vendor=answer.response.vendor,
                operation=answer.response.request.operation,
                request_id=answer.response.request_id,
            )


def _fill_halves(grid: Grid, part: DaysPart, err: Unavailable) -> Flow[Source]:
    halves = part.halves() if err.status == TOO_HEAVY else None
    if halves is None:
        raise err
    yield from _fill(grid, halves[0])
    return (yield from _fill(grid, halves[1]))


def _fill_accounts(grid: Grid, part: DaysPart, err: Rejected) -> Flow[Source]:
    """The part without the profiles that make the vendor refuse it."""

    def attempt(ids: tuple[str, ...]) -> Flow[object]:
        some = tuple(each for each in part.accounts if each.vendor_id in ids)
        return _try(requests.days(attrs.evolve(part, accounts=some), 1))

    ids = tuple(each.vendor_id for each in part.accounts)
    found = yield from isolate("profiles", ids, attempt)
    if not found.issues or not found.good:
        raise err
    grid.issues.extend(found.issues)
    good = tuple(each for each in part.accounts if each.vendor_id in found.good)
    return (yield from _fill(grid, attrs.evolve(part, accounts=good)))


# -- messages: an opaque cursor --------------------------------------------------------


@attrs.define
class _Ties:
    """The messages of the latest second: what a new start at that second repeats."""

    message: Message | None = None
    ids: set[str] = attrs.field(factory=set[str])

    def new(self, found: tuple[Message, ...]) -> tuple[Message, ...]:
        """Those that did not come before; remembers them."""
        fresh = tuple(m for m in found if m.vendor_id not in self.ids)
        for message in fresh:
            if self.message is None or message.created_at > self.message.created_at:
                self.message = message
                self.ids = set()
            self.ids.add(message.vendor_id)
        return fresh


def messages(part: MessagesPart, ties: _Ties | None = None) -> Stream[Message]:
    """Every message of the part, oldest first.

    Only the absence of `paging` is the end, and where it is absent behind a full page
    the page is asked for once more. An empty page with a cursor is not the end.
    """
    ties = ties or _Ties()
    seen: set[str] = set()
    cursor: str | None = None
    is_confirmed = False
    while True:
        try:
            answer = yield from ask(
                requests.messages(part, cursor), RowsPayload, complaint
            )
        except Rejected as err:
            if cursor is not None:
                raise
            part, issues = yield from _without_refused(part, err)
            yield Page((), issues)
            continue
        except Unavailable as err:
            yield from _messages_in_halves(part, ties, err)
            return
        following = answer.payload.paging.next_cursor if answer.payload.paging else None
        if following is None and not is_confirmed:
            is_confirmed = len(answer.payload.data) >= ROWS_A_PAGE
            if is_confirmed:
                continue
        if following is not None and repeated(seen, following):
            raise _looped(answer, following)
        found = rows(answer, _MESSAGE, parse.message)
        yield Page(ties.new(found), answer.issues, answer.source)
        if following is None:
            return
        cursor, is_confirmed = following, False


def _messages_in_halves(
    part: MessagesPart, ties: _Ties, err: Unavailable
) -> Stream[Message]:
    """What is left, from the latest message on, in two windows."""
    window = part.window
    if ties.message is not None:
        window = attrs.evolve(window, start=max(window.start, ties.message.created_at))
    halves = window.halves(GRAIN) if err.status == TOO_HEAVY and not part.ids else None
    if halves is None:
        raise err
    for half in halves:
        yield from messages(attrs.evolve(part, window=half), ties)


def _without_refused(
    part: MessagesPart, err: Rejected
) -> Flow[tuple[MessagesPart, tuple[Issue, ...]]]:
    """The part without the fields, else the profiles, that the vendor refuses."""

    def with_fields(fields: tuple[str, ...]) -> Flow[object]:
        return _try(requests.messages(attrs.evolve(part, fields=fields), None))

    def with_accounts(ids: tuple[str, ...]) -> Flow[object]:
        some = tuple(each for each in part.accounts if each.vendor_id in ids)
        better = attrs.evolve(part, accounts=some, fields=())
        return _try(requests.messages(better, None))

    ids = tuple(each.vendor_id for each in part.accounts)
    profiles = yield from isolate("profiles", ids, with_accounts)
    good = tuple(each for each in part.accounts if each.vendor_id in profiles.good)
    if not good and not part.ids:
        raise err
    part = attrs.evolve(part, accounts=good)
    fields = yield from isolate("fields", part.fields, with_fields)
    if not profiles.issues and not fields.issues:
        raise err
    better = attrs.evolve(part, fields=fields.good)
    return better, (*profiles.issues, *fields.issues)


# -- listening: numbered pages, restarted by time --------------------------------------


def topic_messages(part: TopicMessagesPart) -> Stream[Message]:
    """Every listening message of the part, oldest first.

    Numbered pages shift when messages come or go between two of them. So the next
    page is the first one from the latest second on, and what that repeats is dropped;
    the number only counts up inside one crowded second.
    """
    ties, page, stale = _Ties(), 1, 0
    while True:
        try:
            answer = yield from ask(
                requests.topic_messages(part, page), RowsPayload, _emptied(page)
            )
        except Unavailable as err:
            yield from _topic_in_halves(part, err)
            return
        found = rows(answer, _MESSAGE, parse.message)
        fresh = ties.new(found)
        yield Page(fresh, answer.issues, answer.source)
        pages = _pages(answer)
        if page >= pages if pages is not None else not fresh:
            return
        stale = 0 if fresh else stale + 1
        if stale > len(ties.ids) // ROWS_A_PAGE + 1:
            raise _looped(answer, f"page {page}")
        latest = found[-1].created_at
        if latest > part.window.start:
            window = attrs.evolve(part.window, start=latest)
            part, page = attrs.evolve(part, window=window), 1
        else:
            page += 1


def _emptied(page: int) -> Callable[[RowsPayload], str | None]:
    def doubt(payload: RowsPayload) -> str | None:
        pages = payload.paging.total_pages if payload.paging else None
        if pages is not None and pages > page and not payload.data:
            return f"page {page} of {pages} is empty"
        return complaint(payload)

    return doubt


def _topic_in_halves(part: TopicMessagesPart, err: Unavailable) -> Stream[Message]:
    halves = part.window.halves(GRAIN) if err.status == TOO_HEAVY else None
    if halves is None:
        raise err
    for half in halves:
        yield from topic_messages(attrs.evolve(part, window=half))


# -- cases: an opaque cursor -----------------------------------------------------------


def cases(part: CasesPart) -> Stream[Case]:
    """Every case of the part; the absence of `paging` is the end."""
    seen: set[str] = set()
    cursor: str | None = None
    while True:
        answer = yield from ask(requests.cases(part, cursor), RowsPayload, complaint)
        cursor = answer.payload.paging.next_cursor if answer.payload.paging else None
        if cursor is not None and repeated(seen, cursor):
            raise _looped(answer, cursor)
        yield Page(rows(answer, _CASE, parse.case), answer.issues, answer.source)
        if cursor is None:
            return


# -- figures of known posts ------------------------------------------------------------


def post_figures(part: PostFiguresPart) -> Stream[MetricSeries]:
    """Lifetime figures of the wanted posts; one that no longer comes is unavailable."""
    page = yield from collect(posts(part.posts))
    wanted = {each.vendor_id for each in part.wanted}
    found = {post.vendor_id: post for post in page.items if post.vendor_id in wanted}
    points = [point for post in found.values() for point in post.metrics.values()]
    gone = [each for each in part.wanted if each.vendor_id not in found]
    points += [point for each in gone for point in _unavailable(part, each, page)]
    yield Page((MetricSeries.from_points(points),), page.issues, page.source)


def _unavailable(
    part: PostFiguresPart, wanted: Wanted, page: Page[Post]
) -> Iterator[Point]:
    asked = (each for each in part.posts.asked if each.network == wanted.ref.network)
    for menu in map(parse.menu, asked):
        for name in menu.names:
            reading = menu.reading(name, wanted.created)
            if reading is not None and page.source is not None:
                yield Point(
                    subject=wanted.ref,
                    metric=reading.metric,
                    start=wanted.created,
                    end=None,
                    value=None,
                    status=Status.UNAVAILABLE,
                    reading=reading,
                    source=page.source,
                )
