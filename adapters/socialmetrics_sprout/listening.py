"""Listening figures: rows of dimensions and metrics become a series."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from socialmetrics.decode import Answer, ask
from socialmetrics.model import Issue, Point, Ref
from socialmetrics.reading import Status
from socialmetrics.series import MetricSeries
from socialmetrics.window import ONE_DAY, midnight
from socialmetrics.wire import Page, Stream
from socialmetrics_sprout import requests
from socialmetrics_sprout.entries import Entry
from socialmetrics_sprout.parse import entries_by_name, exact, utc
from socialmetrics_sprout.parts import TopicFiguresPart
from socialmetrics_sprout.payloads import SlicePayload, SlicesPayload
from socialmetrics_sprout.rows import complaint, unreadable

TIME: Final = "created_time"
MONTH: Final = "created_time.by(month)"


def figures(part: TopicFiguresPart) -> Stream[MetricSeries]:
    """The part's figures; every dimension but time goes into the breakdown."""
    answer = yield from ask(requests.topic_figures(part), SlicesPayload, complaint)
    issues = list(answer.issues)
    points = [
        point
        for number, row in enumerate(answer.payload.data)
        for point in _points(part, answer, row, number, issues)
    ]
    yield Page((MetricSeries.from_points(points),), tuple(issues), answer.source)


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
    return utc(begin), midnight(following, part.window.tz)
