"""MetricSeries: many figures in columns, each with its meaning, status and source."""

from socialmetrics.series.columns import NONE, SETTLED_CODE, STATUS_CODE, Columns
from socialmetrics.series.gaps import Gap
from socialmetrics.series.pivot import Pivot
from socialmetrics.series.series import MetricSeries

__all__ = [
    "NONE",
    "SETTLED_CODE",
    "STATUS_CODE",
    "Columns",
    "Gap",
    "MetricSeries",
    "Pivot",
]
