"""analytics/profiles: one row a profile and day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from socialmetrics.sandbox.people import Account
from socialmetrics_sprout.sandbox.filters import parse_all
from socialmetrics_sprout.sandbox.lens import Figure
from socialmetrics_sprout.sandbox.paging import CAP, page_of
from socialmetrics_sprout.sandbox.query import Body, number, texts
from socialmetrics_sprout.sandbox.refusal import bad
from socialmetrics_sprout.sandbox.service import Service
from socialmetrics_sprout.sandbox.vocabulary import profile_id

MOST_ROWS: Final = 1000
MOST_DAYS: Final = 366
_ALLOWED: Final = {"customer_profile_id": ("eq",), "reporting_period": ("in",)}
_DAY: Final = "reporting_period.by(day)"
_PAGES: Final = 1 << 31

_Columns = list[tuple[str, Sequence[Figure | None]]]


def profiles(service: Service, customer: int, body: Body) -> object:
    """Daily figures. Keys that a network lacks are absent, unknown ones too."""
    found = parse_all(body.get("filters"), _ALLOWED)
    if len(found) < len(_ALLOWED):
        bad("Filters customer_profile_id.eq and reporting_period.in are required")
    chosen = service.chosen(customer, found["customer_profile_id", "eq"].numbers)
    first, last = found["reporting_period", "in"].days()
    if (last - first).days >= MOST_DAYS:
        bad("Reporting period must not exceed one year")
    metrics = texts(body, "metrics")
    limit = number(body, "limit", MOST_ROWS, MOST_ROWS)
    page = number(body, "page", 1, _PAGES)
    now = service.now()
    cells, pages = page_of(_cells(service, chosen, (first, last), now), page, limit)
    rows = _rows(service, cells, metrics, now)
    return {"data": rows, "paging": {"current_page": page, "total_pages": pages}}


def _cells(
    service: Service, chosen: list[Account], days: tuple[date, date], now: datetime
) -> list[tuple[int, Account]]:
    """Which rows there are, oldest first: day (as an ordinal) and profile."""
    spans: list[tuple[int, int, Account]] = []
    for one in chosen:
        begin = service.lens.first_day(one).toordinal()
        end = begin + service.lens.day_count(one, now)
        spans.append((begin, end, one))
    cells: list[tuple[int, Account]] = []
    for day in range(days[0].toordinal(), days[1].toordinal() + 1):
        cells.extend((day, one) for begin, end, one in spans if begin <= day < end)
        if len(cells) > CAP:
            break
    return cells


def _rows(
    service: Service, cells: Sequence[tuple[int, Account]], metrics: Sequence[str],
    now: datetime,
) -> list[object]:  # fmt: skip
    columns: dict[int, tuple[int, _Columns]] = {}
    for _, one in cells:
        if one.index not in columns:
            columns[one.index] = _columns(service, one, metrics, now)
    names = _names(cells)
    rows: list[object] = []
    for day, one in cells:
        begin, kept = columns[one.index]
        at = day - begin
        rows.append(
            {
                "dimensions": {
                    _DAY: names[day],
                    "customer_profile_id": profile_id(one),
                },
                "metrics": {name: column[at] for name, column in kept},
            }
        )
    return rows


def _columns(
    service: Service, one: Account, metrics: Sequence[str], now: datetime
) -> tuple[int, _Columns]:
    lens = service.lens
    columns = [(name, lens.day_column(one, name, now)) for name in metrics]
    # Before a key exists on a network it is None on every day, so one day tells.
    kept = [(name, column) for name, column in columns if column[-1] is not None]
    return lens.first_day(one).toordinal(), kept


def _names(cells: Sequence[tuple[int, Account]]) -> dict[int, str]:
    if not cells:
        return {}
    first, last = cells[0][0], cells[-1][0]
    start = date.fromordinal(first)
    return {
        first + step: (start + timedelta(days=step)).isoformat()
        for step in range(last - first + 1)
    }
