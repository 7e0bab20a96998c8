"""The Analytics API: lifetime figures of posts, daily figures of profiles."""

from __future__ import annotations

from socialmetrics.series import MetricSeries
from socialmetrics.wire import Stream
from socialmetrics_hootsuite.analytics.capabilities import (
    all_readings,
    metric_capabilities,
    readings,
)
from socialmetrics_hootsuite.analytics.parts import DaysPart, PostFiguresPart
from socialmetrics_hootsuite.analytics.planner import plan_metrics
from socialmetrics_hootsuite.analytics.read_days import days
from socialmetrics_hootsuite.analytics.read_posts import post_figures

__all__ = [
    "DaysPart",
    "PostFiguresPart",
    "all_readings",
    "metric_capabilities",
    "metrics",
    "plan_metrics",
    "readings",
]


def metrics(part: DaysPart | PostFiguresPart) -> Stream[MetricSeries]:
    """The figures of one part."""
    if isinstance(part, DaysPart):
        return days(part)
    return post_figures(part)
