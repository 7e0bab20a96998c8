"""Listening figures: rows of dimensions and metrics become a series."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

import attrs

from socialmetrics.decode import Answer, ask
from socialmetrics.errors import Incomplete, Refused
from socialmetrics.model import Issue, Point, Ref
from socialmetrics.reading import Status
from socialmetrics.series import MetricSeries
from socialmetrics.window import ONE_DAY, midnight
from socialmetrics.wire import Flow, Page, Stream
from socialmetrics_sprout import requests
from socialmetrics_sprout.entries import Entry
from socialmetrics_sprout.isolate import REFUSALS, explained, isolate
from socialmetrics_sprout.parse import entries_by_name, exact, utc
from socialmetrics_sprout.parts import Names, TopicFiguresPart
from socialmetrics_sprout.payloads import SlicePayload, SlicesPayload
from socialmetrics_sprout.requests import SLICES_A_PAGE
from socialmetrics_sprout.rows import complaint, unreadable

TIME: Final = "created_time"
DAY: Final = "created_time.by(day)"
MONTH: Final = "created_time.by(month)"


def figures(part: TopicFiguresPart) -> Stream[MetricSeries]:
    """The part's figures; every dimension but time goes into the breakdown.

    The endpoint has no paging: as many rows as the limit are asked for again by
    halves of the window. A metric that the vendor refuses is named and left out.
    """
    try:
        answer = yield from ask(requests.topic_figures(part), SlicesPayload, complaint)
    except REFUSALS as err:
        part, refused = yield from _without_refused(part, err)
        yield Page((), refused)
        yield from figures(part)
        return
    if len(answer.payload.data) >= SLICES_A_PAGE:
        for half in _halves(part, answer):
            yield from figures(half)
        return
    issues = list(answer.issues)
    points = [
        point
        for number, row in enumerate(answer.payload.data)
        for point in _points(part, answer, row, number, issues)
    ]
    yield Page((MetricSeries.from_points(points),), tuple(issues), answer.source)


def _without_refused(
    part: TopicFiguresPart, err: Refused
) -> Flow[tuple[TopicFiguresPart, tuple[Issue, ...]]]:
    def attempt(names: Names) -> Flow[object]:
        return (yield requests.topic_figures(attrs.evolve(part, names=names)))

    found = explained((yield from isolate("metrics", part.names, attempt)), err)
    return attrs.evolve(part, names=found.good), found.issues


def _halves(
    part: TopicFiguresPart, answer: Answer[SlicesPayload]
) -> Iterator[TopicFiguresPart]:
    """The part cut between two days. Raises `Incomplete` where that cannot be."""
    first, last = part.window.first_day, part.window.last_day
    if first == last or DAY not in part.dimensions:
        raise Incomplete(
            f"the answer is cut at {SLICES_A_PAGE} rows; ask for a shorter window, "
            "fewer dimensions, or by day",
            vendor=answer.response.vendor,
            operation=answer.response.request.operation,
            request_id=answer.response.request_id,
        )
    cut = midnight(first + (last - first + ONE_DAY) // 2, part.window.tz)
    yield attrs.evolve(part, window=attrs.evolve(part.window, end=cut))
    yield attrs.evolve(part, window=attrs.evolve(part.window, start=cut))


def _points(
    part: TopicFiguresPart,
    answer: Answer[SlicesPayload],
    row: SlicePayload,
    number: int,
    issues: list[Issue],
) -> Iterator[Point]:
    start, end = _span(part, answer, row, number)
    known = entries_by_name("topics", "*")
    for name in part.names:
        told = row.metrics.get(name)
        value, problem = exact(told)
        if problem is not None:
            where = f"$.data[{number}].metrics[{name!r}]"
            issues.append(Issue(path=where, problem=problem, seen=str(told)[:80]))
        for entry in known[name]:
            yield Point(
                subject=Ref("topic", part.topic),
                metric=entry.reading.metric,
                start=start,
                end=end,
                value=value,
                status=Status.NOT_REPORTED if value is None else Status.OBSERVED,
                reading=entry.reading,
                source=answer.source,
                breakdown=_breakdown(row, entry),
            )


def _breakdown(row: SlicePayload, entry: Entry) -> str:
    """The dimensions but time, in their order. Sentiments come in two cases."""
    parts = [
        f"{name}={str(value).lower() if name == 'sentiment' else value}"
        for name, value in row.dimensions.items()
        if name != TIME
    ]
    return ",".join([*([entry.breakdown] if entry.breakdown else []), *parts])


def _span(
    part: TopicFiguresPart,
    answer: Answer[SlicesPayload],
    row: SlicePayload,
    number: int,
) -> tuple[datetime, datetime]:
    """The bucket in UTC; its offset is that of the requested zone."""
    told = row.dimensions.get(TIME)
    if told is None and not any(d.startswith(TIME) for d in part.dimensions):
        return part.window.start, part.window.end
    try:
        return _bucket(str(told), part)
    except (ValueError, OverflowError) as err:
        path = f"$.data[{number}].dimensions"
        no_time = ValueError(f"{told!r} is no bucket of time")
        raise unreadable(answer, path, no_time) from err


def _bucket(told: str, part: TopicFiguresPart) -> tuple[datetime, datetime]:
    begin = datetime.fromisoformat(told)
    day = begin.date()
    following = day + ONE_DAY
    if MONTH in part.dimensions:
        following = (day.replace(day=1) + 32 * ONE_DAY).replace(day=1)
    # The first and the last bucket count only what lies in the window.
    start = max(utc(begin), part.window.start)
    end = min(midnight(following, part.window.tz), part.window.end)
    if start >= end:
        raise ValueError(f"{told} lies outside of the window")
    return start, end
