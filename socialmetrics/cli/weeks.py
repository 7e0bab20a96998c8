"""Which days: an ISO week, or from one day to another; and in which steps."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Annotated, Final, Literal, TypeAlias

import attrs
from cyclopts import Parameter

from socialmetrics.cli.exits import Usage
from socialmetrics.cli.options import Zone, days

if TYPE_CHECKING:
    from socialmetrics.window import Window

Steps: TypeAlias = Literal["total", "day"]
_WEEK: Final = re.compile(r"(\d{4})-?W(\d{1,2})", re.ASCII | re.IGNORECASE)
_SUNDAY: Final = 7


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class Days:
    """A week, or any days."""

    week: Annotated[
        str | None,
        Parameter(
            name="--week",
            show_default=False,
            help="An ISO week, from Monday to Sunday: 2026-W10.",
        ),
    ] = None
    first: Annotated[
        date | None,
        Parameter(
            name="--from",
            show_default=False,
            help="The first day, instead of a week: 2026-03-02.",
        ),
    ] = None
    last: Annotated[
        date | None,
        Parameter(name="--to", show_default=False, help="The last day, included."),
    ] = None
    tz: Zone = "UTC"

    def window(self) -> Window | None:
        """The days as a window; None where none are given."""
        if self.week is not None:
            if self.first or self.last:
                raise Usage("--week stands alone; leave --from and --to out")
            return days(*_week(self.week), self.tz)
        if self.first is None and self.last is None:
            return None
        if self.first is None or self.last is None:
            option = "--from" if self.first is None else "--to"
            raise Usage(f"{option} is missing; --from and --to belong together")
        return days(self.first, self.last, self.tz)


DAYS: Final = Days()


def _week(text: str) -> tuple[date, date]:
    """Its Monday and its Sunday."""
    found = _WEEK.fullmatch(text)
    if found is None:
        raise Usage(f"--week {text}: no week; write one like 2026-W10")
    year, number = int(found[1]), int(found[2])
    try:
        monday = date.fromisocalendar(year, number, 1)
        return monday, date.fromisocalendar(year, number, _SUNDAY)
    except ValueError as err:
        raise Usage(f"--week {text}: {_wrong(year, number)}") from err


def _wrong(year: int, number: int) -> str:
    """Why it is no week of the calendar."""
    if not year:
        return "no such year"
    if 1 <= number <= _last(year):
        return f"the calendar ends on {date.max}, within that week"
    return f"{year} has the weeks W01 to W{_last(year)}"


def _last(year: int) -> int:
    """The number of its last week, in which 28 December always is."""
    return date(year, 12, 28).isocalendar().week
