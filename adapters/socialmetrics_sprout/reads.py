"""Sprout's paged reads as streams: what comes after what, and when it is the end.

Every kind of paging has a way to lose rows without a word; each is met where it can
happen, with the rule beside it. Posts, their figures and cases are here, daily figures
in `read_days`, messages in `read_messages`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import count, repeat
from typing import Final

import attrs
import msgspec

from socialmetrics.decode import Answer, ask, decode
from socialmetrics.errors import Incomplete, InvalidQuery, Refused, Unavailable
from socialmetrics.lazy import Figures, LazyJson, LazyRow, LazyRows
from socialmetrics.model import Issue, Point, Post
from socialmetrics.reading import Status
from socialmetrics.series import MetricSeries
from socialmetrics.typed import decoder
from socialmetrics.wire import Flow, Page, Request, Stream, collect
from socialmetrics_sprout import parse, requests
from socialmetrics_sprout.heavy import halved
from socialmetrics_sprout.isolate import REFUSALS, isolate, isolate_accounts
from socialmetrics_sprout.models import Case
from socialmetrics_sprout.parts import (
    Account,
    CasesPart,
    Names,
    PostFiguresPart,
    PostsPart,
    Wanted,
    asking,
)
from socialmetrics_sprout.payloads import (
    CasePayload,
    ListPayload,
    PostPayload,
    RowsPayload,
)
from socialmetrics_sprout.plain import PlainPostsPayload, posts_payload
from socialmetrics_sprout.requests import ROWS_A_PAGE
from socialmetrics_sprout.rows import (
    Walk,
    complaint,
    cut,
    looped,
    pages_of,
    repeated,
    rows,
)

_POST: Final = decoder(PostPayload)
_ROWS: Final[type[ListPayload]] = RowsPayload
_CASE: Final = decoder(CasePayload)


# -- posts: the guid cursor ------------------------------------------------------------


def posts(part: PostsPart, after: str | None = None) -> Stream[Post]:
    """Every post of the part, in the server's order of guids.

    Guids are compared by the server alone. The answer tells how many pages remain, or
    has no paging at all; then only an empty page, confirmed once, is the end.
    """
    first, quick = requests.posts(part), posts_payload(part.names)
    reader = parse.PostReader.of(part.asked, part.accounts)
    seen: set[str] = set()
    is_confirmed = False
    while True:
        request = first if after is None else _behind(first, after)
        try:
            answer = yield from ask(request, _ROWS, _contradicts, quick)
        except REFUSALS as err:
            if after is not None:
                raise
            part, issues = yield from _without_refused(part, err)
            yield Page((), issues)
            yield from posts(part)
            return
        except Unavailable as err:
            yield from _posts_in_halves(part, after, err)
            return
        page, pages = _distinct(_post_page(reader, answer)), pages_of(answer.payload)
        last = page.items[-1].vendor_id if page.items else None
        if last is None and not is_confirmed and pages != 0:
            is_confirmed = True
            continue
        if last is not None and repeated(seen, last):
            raise looped(answer, last)
        yield page
        if last is None or (pages == 1 and len(page.items) < ROWS_A_PAGE):
            return
        after, is_confirmed = last, False


def _behind(first: Request, guid: str) -> Request:
    try:
        return requests.behind(first, guid)
    except InvalidQuery as err:
        raise Incomplete(
            f"what comes after the post {guid!r} cannot be asked for: {err.message}; "
            "ask for it in shorter windows",
            vendor="sprout",
            operation=first.operation,
        ) from err


def _distinct(page: Page[Post]) -> Page[Post]:
    """The page with every post once."""
    posts = {post.vendor_id: post for post in page.items}
    if len(posts) == len(page.items):
        return page
    return attrs.evolve(page, items=tuple(posts.values()))


def _contradicts(payload: ListPayload) -> str | None:
    pages = pages_of(payload)
    if pages is not None and pages > 1 and not payload.data:
        return f"it is empty, but says that {pages} pages remain"
    return complaint(payload)


def _post_page(reader: parse.PostReader, answer: Answer[ListPayload]) -> Page[Post]:
    source = answer.source
    if isinstance(answer.payload, PlainPostsPayload):
        raws = map(LazyRow, repeat(LazyRows(answer.response.body, cut)), count())
        with suppress(InvalidQuery, OverflowError):  # The slow road tells which row.
            data = answer.payload.data
            items = tuple(map(reader.post, data, raws, repeat(source)))
            return Page(items, answer.issues, source)
    return _odd_page(reader, decode(RowsPayload, answer.response))


def _odd_page(reader: parse.PostReader, answer: Answer[RowsPayload]) -> Page[Post]:
    """A page on which something is odd, row by row: it takes several times as long."""
    odd: list[Issue] = []
    source = answer.source

    def make(payload: PostPayload, raw: msgspec.Raw) -> Post:
        odd.extend(parse.checked(payload.metrics, f"post {payload.guid}"))
        return reader.post(payload, LazyJson(raw), source)

    items = rows(answer, _POST, make)
    return Page(items, (*answer.issues, *odd), source)


def _posts_in_halves(
    part: PostsPart, after: str | None, err: Unavailable
) -> Stream[Post]:
    """The rest of the part in two, where the vendor finds the whole too heavy.

    The cursor holds for both halves: it is an order over all guids.
    """
    for half in halved(part.window, err):
        yield from posts(attrs.evolve(part, window=half), after)


def _without_refused(
    part: PostsPart, err: Refused
) -> Flow[tuple[PostsPart, tuple[Issue, ...]]]:
    """The part without the profiles, metrics and fields that the vendor refuses."""
    bare = attrs.evolve(part, asked=(), fields=())

    def with_accounts(some: tuple[Account, ...]) -> Flow[object]:
        return (yield requests.posts(attrs.evolve(bare, accounts=some)))

    profiles = yield from isolate_accounts(part.accounts, with_accounts, err)
    good = attrs.evolve(bare, accounts=profiles.among(part.accounts))

    def with_metrics(names: Names) -> Flow[object]:
        some = attrs.evolve(good, asked=asking(part.asked, names))
        return (yield requests.posts(some))

    def with_fields(names: Names) -> Flow[object]:
        return (yield requests.posts(attrs.evolve(good, fields=names)))

    metrics = yield from isolate("metrics", part.names, with_metrics)
    fields = yield from isolate("fields", part.fields, with_fields)
    issues = (*profiles.issues, *metrics.issues, *fields.issues)
    if not issues:
        raise err
    asked = asking(part.asked, metrics.good)
    return attrs.evolve(good, asked=asked, fields=fields.good), issues


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
    assert page.source is not None  # noqa: S101 - posts() ends with an answer's page
    asked = (each for each in part.posts.asked if each.network == wanted.ref.network)
    for menu in map(parse.menu, asked):
        figures = Figures(wanted.ref, wanted.created, page.source, {}, menu)
        for point in figures.values():
            yield attrs.evolve(point, status=Status.UNAVAILABLE)


# -- cases: an opaque cursor -----------------------------------------------------------


def cases(part: CasesPart) -> Stream[Case]:
    """Every case of the part."""
    walk = Walk()
    while not walk.is_over:
        request = requests.cases(part, walk.cursor)
        answer = yield from ask(request, RowsPayload, complaint)
        settled = walk.settled(answer)
        if settled is not None:
            walk.advance(settled)
            items = rows(settled, _CASE, parse.case)
            yield Page(items, settled.issues, settled.source)
