"""Daily figures of profiles: numbered pages into a grid."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import Final

import attrs

from socialmetrics.decode import ask
from socialmetrics.errors import Incomplete, Refused, Unavailable
from socialmetrics.model import Source
from socialmetrics.retry import TOO_HEAVY
from socialmetrics.series import MetricSeries
from socialmetrics.wire import Flow, Page, Response, Stream
from socialmetrics_sprout import requests
from socialmetrics_sprout.grid import Grid
from socialmetrics_sprout.isolate import REFUSALS, isolate, isolate_accounts
from socialmetrics_sprout.parts import Account, Asked, DaysPart, Names, asking
from socialmetrics_sprout.payloads import Envelope
from socialmetrics_sprout.requests import DAYS_A_PAGE
from socialmetrics_sprout.rows import complaint, pages_of

PLAIN: Final = (Asked("*", ("impressions",)),)
"""A metric that is no news to anybody, to find out which profiles are refused."""


def days(part: DaysPart) -> Stream[MetricSeries]:
    """All daily figures of the part, as one block."""
    grid = Grid(part)
    source = yield from _fill(grid, part)
    yield Page((grid.series(source),), tuple(grid.issues), source)


def _fill(grid: Grid, part: DaysPart) -> Flow[Source]:
    """Reads the part's pages into the grid.

    A page that is shorter than the limit and not the last one that was told is asked
    for twice, and both are taken: a row that is missing from one may be in the other.
    """
    most = ceil(len(part.accounts) * part.days / DAYS_A_PAGE)
    page, is_confirmed, told = 1, False, None
    while True:
        try:
            request = requests.days(part, page)
            doubt = _another(page)
            answer = yield from ask(request, grid.payload, doubt, grid.plain)
        except Unavailable as err:
            return (yield from _fill_halves(grid, part, err))
        except REFUSALS as err:
            if page > 1:
                raise
            return (yield from _fill_accepted(grid, part, err))
        told = pages_of(answer.payload) or told
        is_short = len(answer.payload.data) < DAYS_A_PAGE
        grid.issues.extend(answer.issues)
        grid.fill(answer.payload, answer.source)
        if page >= (told or most) or (told is None and is_short and is_confirmed):
            return answer.source
        if is_short and not is_confirmed:
            is_confirmed = True
            continue
        page, is_confirmed = page + 1, False
        if page > most + 1:
            raise _endless(answer.response, told, most)


def _another(page: int) -> Callable[[Envelope], str | None]:
    def doubt(payload: Envelope) -> str | None:
        shown = payload.paging.current_page if payload.paging else None
        if shown not in (None, page):
            return f"it is page {shown}, where page {page} was asked for"
        return complaint(payload)

    return doubt


def _endless(response: Response, pages: int | None, most: int) -> Incomplete:
    return Incomplete(
        f"it says that there are {pages} pages, where {most} can hold every day of "
        "every profile",
        vendor=response.vendor,
        operation=response.request.operation,
        status=response.status,
        request_id=response.request_id,
    )


def _fill_halves(grid: Grid, part: DaysPart, err: Unavailable) -> Flow[Source]:
    halves = part.halves() if err.status == TOO_HEAVY else None
    if halves is None:
        raise err
    yield from _fill(grid, halves[0])
    return (yield from _fill(grid, halves[1]))


def _fill_accepted(grid: Grid, part: DaysPart, err: Refused) -> Flow[Source]:
    """The part without the profiles and metrics that the vendor refuses."""

    def with_accounts(some: tuple[Account, ...]) -> Flow[object]:
        plain = attrs.evolve(part, accounts=some, asked=PLAIN)
        return (yield requests.days(plain, 1))

    profiles = yield from isolate_accounts(part.accounts, with_accounts, err)
    good = attrs.evolve(part, accounts=profiles.among(part.accounts))

    def with_metrics(names: Names) -> Flow[object]:
        some = attrs.evolve(good, asked=asking(part.asked, names))
        return (yield requests.days(some, 1))

    metrics = yield from isolate("metrics", part.names, with_metrics)
    if not metrics.good or not (profiles.issues or metrics.issues):
        raise err
    grid.issues.extend((*profiles.issues, *metrics.issues))
    grid.deny(profiles.denied)
    better = attrs.evolve(good, asked=asking(part.asked, metrics.good))
    return (yield from _fill(grid, better))
