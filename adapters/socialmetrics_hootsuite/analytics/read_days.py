"""Daily figures of profiles: cursor pages into a grid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from socialmetrics.errors import Refused
from socialmetrics.model import Source
from socialmetrics.series import MetricSeries
from socialmetrics.wire import Flow, Page, Stream
from socialmetrics_hootsuite.analytics import requests
from socialmetrics_hootsuite.analytics.grid import Grid
from socialmetrics_hootsuite.analytics.parts import Account, DaysPart, halved
from socialmetrics_hootsuite.analytics.payloads import DaysPayload
from socialmetrics_hootsuite.analytics.walk import REFUSALS, Walk, asked, is_about_all

Span = tuple[date, date]


def days(part: DaysPart) -> Stream[MetricSeries]:
    """All daily figures of the part, as one block."""
    grid = Grid(part)
    source = None
    if part.span is not None:
        source = yield from _fill(grid, part.accounts, part.span)
    yield Page((grid.series(),), grid.told(), source)


def _fill(grid: Grid, accounts: Sequence[Account], span: Span) -> Flow[Source | None]:
    """Reads those profiles' days; the source is that of the last page.

    Profiles that the vendor refuses are found by halves, and noted.
    """
    walk, source = Walk(), None
    grid.begin()
    while not walk.is_over:
        request = requests.days(grid.part, accounts, span, walk.cursor)
        try:
            answer = yield from asked(request, DaysPayload)
        except REFUSALS as err:
            if walk.has_begun:
                raise
            return (yield from _fill_others(grid, accounts, span, err))
        grid.issues.extend(answer.issues)
        source = answer.source
        walk.advance(answer, grid.fill(answer.payload, source))
    if walk.is_cut and grid.lacks(accounts, span):
        source = (yield from _fill_halves(grid, accounts, span)) or source
    return source


def _fill_others(
    grid: Grid, accounts: Sequence[Account], span: Span, err: Refused
) -> Flow[Source | None]:
    if len(accounts) == 1 or is_about_all(err):
        for account in accounts:
            grid.refuse(account, err)
        return None
    source = None
    for some in halved(accounts):
        source = (yield from _fill(grid, some, span)) or source
    return source


def _fill_halves(
    grid: Grid, accounts: Sequence[Account], span: Span
) -> Flow[Source | None]:
    """The same once more in two, where a full page without a cursor left rows out."""
    source = None
    if len(accounts) > 1:
        for some in halved(accounts):
            source = yield from _fill(grid, some, span)
        return source
    first, last = span
    if first == last:  # A hundred rows for one cell: there is nothing to cut.
        return None
    middle = first + timedelta(days=(last - first).days // 2)
    yield from _fill(grid, accounts, (first, middle))
    return (yield from _fill(grid, accounts, (middle + timedelta(days=1), last)))
