"""Listening figures: rows of dimensions and metrics become a series."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from socialmetrics.decode import Answer, ask, figure
from socialmetrics.model import Issue, Point, Ref
from socialmetrics.reading import Status
from socialmetrics.series import MetricSeries
from socialmetrics.window import midnight
from socialmetrics.wire import Page, Stream
from socialmetrics_sprout import requests
from socialmetrics_sprout.entries import Entry
from socialmetrics_sprout.parse import entries_by_name, moment
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
        for entry in known[name]:
            value, problem = figure(row.metrics.get(name))
            if problem is not None:
                where = f"$.data[{number}].metrics[{name!r}]"
                issues.append(Issue(path=where, problem=problem))
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
    start = moment(told) if isinstance(told, str) else None
    if start is None or not isinstance(told, str):
        path = f"$.data[{number}].dimensions"
        raise unreadable(answer, path, ValueError(f"{told!r} is no bucket of time"))
    day = datetime.fromisoformat(told).date()
    following = day + timedelta(days=1)
    if MONTH in part.dimensions:
        following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return start, midnight(following, part.window.tz)
