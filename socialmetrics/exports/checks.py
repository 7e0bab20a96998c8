"""Whether a mapping can be meant; the first thing that cannot is told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta, timezone
from io import BytesIO, TextIOWrapper
from itertools import combinations
from typing import Final

from socialmetrics.errors import InvalidQuery
from socialmetrics.exports.layout import Dates, Layout, MetricTable, Step, Subjects
from socialmetrics.exports.meaning import check_meaning
from socialmetrics.exports.whose import whose
from socialmetrics.window import Window, zone

TIMES: Final[Mapping[Step, tuple[tuple[str, ...], ...]]] = {
    "hour": (("date",),),
    "day": (("date",),),
    "week": (("date",),),
    "month": (("date",),),
    "span": (("start", "end"), ("window",)),
    "lifetime": (("published",),),
    "instant": (("date",), ()),
}
"""Which keys say when, in one way or another."""
SPELLED: Final = ("date", "start", "end", "window", "published")
BY_DAY: Final[tuple[Step, ...]] = ("day", "week", "month", "span")
SAMPLE: Final = datetime(2026, 12, 31, 22, 0, tzinfo=timezone(timedelta(hours=1)))
GROUPING: Final = ("", ",", ".", " ", "'")


def check(layout: Layout) -> Layout:
    """The same mapping. Raises `InvalidQuery`, naming the key."""
    for name in ("vendor", "endpoint"):
        if not str(getattr(layout, name)).strip():
            raise InvalidQuery(f"{name} is empty")
    _check_whose(layout)
    _check_when(layout)
    _check_zone(layout)
    _check_metrics(layout)
    _check_text(layout)
    _check_rows(layout)
    return layout


def _check_whose(layout: Layout) -> None:
    subject = layout.subject
    if isinstance(subject, Subjects):
        if (subject.by == "handle") != bool(subject.refs):
            raise InvalidQuery(
                "subject: refs goes with by = 'handle', and says for every handle who "
                "it is: refs = { '@acme' = 'x:4711' }"
            )
        if layout.network is None and subject.by != "handle":
            raise InvalidQuery(
                "network is missing; write network = 'instagram', or network = "
                "{ column = '...', names = { 'as it is written' = 'instagram' } }"
            )
    elif layout.network is not None:
        raise InvalidQuery("network goes not with a fixed subject, which names its own")
    try:
        whose(layout)
    except InvalidQuery as err:
        raise InvalidQuery(f"subject: {err.message}") from err


def _check_when(layout: Layout) -> None:
    given = [name for name in SPELLED if getattr(layout, name) is not None]
    ways = TIMES[layout.step]
    if not any(set(given) == set(way) for way in ways):
        takes = " or ".join(" and ".join(way) or "nothing" for way in ways)
        has = " and ".join(given) or "nothing"
        raise InvalidQuery(f"step = {layout.step!r} takes {takes}; given is {has}")
    for name, dates in _dates(layout):
        _check_dates(name, dates, layout.step)
    if isinstance(layout.read_at, datetime) and layout.read_at.tzinfo is None:
        raise InvalidQuery(
            f"read_at = {layout.read_at.isoformat()} has no offset from UTC; write one "
            "like 2026-03-11T06:00:00Z"
        )


def _dates(layout: Layout) -> Iterator[tuple[str, Dates]]:
    for name in ("date", "start", "end", "published", "read_at"):
        value: object = getattr(layout, name)
        if isinstance(value, Dates):
            yield name, value


def _check_dates(name: str, dates: Dates, step: Step) -> None:
    if bool(dates.column) == bool(dates.columns):
        raise InvalidQuery(f"{name} has either column or columns")
    if (name == "end") != (dates.included is not None):
        raise InvalidQuery(
            f"{name}: included belongs to end, and says there whether the last day is "
            "a part of the span: included = true or false"
        )
    if dates.format:
        _check_format(name, dates.format, step)


def _check_format(name: str, format_: str, step: Step) -> None:
    if "%Z" in format_.replace("%%", ""):
        raise InvalidQuery(
            f"{name}: format {format_!r} has %Z, names of zones, which are not read; "
            "say zone in the mapping, or %z for offsets like +0100"
        )
    parsed: datetime | None = None
    with suppress(ValueError, re.error):
        parsed = datetime.strptime(SAMPLE.strftime(format_), format_)  # noqa: DTZ007 - no zone is asked for
    needs = {"month": "%Y-%m", "hour": "%Y-%m-%d %H"}.get(step, "%Y-%m-%d")
    if name == "read_at":
        needs = "%Y-%m-%d"
    if parsed is None or parsed.strftime(needs) != SAMPLE.strftime(needs):
        raise InvalidQuery(
            f"{name}: format {format_!r} does not tell {needs}; write one like "
            "'%d/%m/%Y' or '%Y-%m-%d %H:%M'"
        )


def _check_zone(layout: Layout) -> None:
    if layout.zone is not None:
        try:
            zone(layout.zone)
        except InvalidQuery as err:
            raise InvalidQuery(f"zone: {err.message}") from err
    for name, first, last in _days(layout):
        try:
            Window.days(first, last, layout.zone or "UTC")
        except InvalidQuery as err:
            raise InvalidQuery(f"{name}: {err.message}") from err
    if layout.zone is not None:
        return
    why = "settled_through" if layout.settled_through else f"step = {layout.step!r}"
    if layout.step in BY_DAY or layout.settled_through:
        raise InvalidQuery(
            f"zone is missing: {why} needs the zone of the tool's days, like "
            "'Europe/Berlin'; the tool's settings or the report's head tell it"
        )


def _days(layout: Layout) -> Iterator[tuple[str, date, date]]:
    if layout.window is not None:
        yield "window", layout.window.first, layout.window.last
    if layout.settled_through is not None:
        yield "settled_through", layout.settled_through, layout.settled_through
    for each in layout.metric:
        first, last = each.valid_from, each.valid_to
        if (one := first or last) and (other := last or first):
            yield f"[[metric]] {each.called}: valid_from and valid_to", one, other


def _check_metrics(layout: Layout) -> None:
    if not layout.metric:
        raise InvalidQuery("there is no [[metric]]")
    if bool(layout.metric_column) != bool(layout.value_column):
        raise InvalidQuery("metric_column and value_column belong together")
    if layout.settled_through and layout.step == "lifetime":
        raise InvalidQuery("settled_through goes not with totals since publication")
    wanted, other = ("name", "column") if layout.is_long else ("column", "name")
    for number, each in enumerate(layout.metric, 1):
        where = f"[[metric]] {number}"
        if not getattr(each, wanted) or getattr(each, other):
            raise InvalidQuery(
                f"{where} needs {wanted}, and no {other}: {other} is for reports "
                f"{'without' if layout.is_long else 'with'} a metric_column"
            )
        try:
            check_meaning(each, layout.step)
        except InvalidQuery as err:
            raise InvalidQuery(f"{where} ({each.called}): {err.message}") from err
    _check_twice(layout.metric)


def _check_twice(metrics: Sequence[MetricTable]) -> None:
    for one, other in combinations(metrics, 2):
        if one.called == other.called and _overlap(one, other):
            raise InvalidQuery(
                f"two [[metric]] are of {one.called!r}; that takes valid_from and "
                "valid_to that do not overlap"
            )


def _overlap(one: MetricTable, other: MetricTable) -> bool:
    first = max(one.valid_from or date.min, other.valid_from or date.min)
    return first <= min(one.valid_to or date.max, other.valid_to or date.max)


def _check_text(layout: Layout) -> None:
    if layout.decimal not in {".", ","}:
        raise InvalidQuery(f"decimal = {layout.decimal!r} is neither '.' nor ','")
    if layout.thousands not in GROUPING or layout.thousands == layout.decimal:
        raise InvalidQuery(
            f"thousands = {layout.thousands!r} is none of {GROUPING}, or the same as "
            "decimal"
        )
    if len(layout.delimiter) > 1 or layout.delimiter in {'"', "\n", "\r"}:
        raise InvalidQuery(f"delimiter = {layout.delimiter!r} is no single character")
    try:
        TextIOWrapper(BytesIO(), layout.encoding)
    except (LookupError, ValueError) as err:
        raise InvalidQuery(f"encoding = {layout.encoding!r} is not known") from err
    texts = [
        text.strip().casefold() for each in layout.absent.values() for text in each
    ]
    for text in texts:
        if texts.count(text) > 1:
            raise InvalidQuery(f"absent has {text!r} twice")


def _check_rows(layout: Layout) -> None:
    if layout.header < 1:
        raise InvalidQuery(f"header = {layout.header} is no line; the first one is 1")
    for pattern in layout.ignore:
        try:
            re.compile(pattern)
        except re.error as err:
            raise InvalidQuery(
                f"ignore: {pattern!r} is no regular expression: {err}"
            ) from err
