"""The pieces that X's operations are cut into. Plain values: they pickle.

`owners` are those who may be asked, by the keys of the client's credentials; several
where nobody knows yet whose the posts are.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import attrs

from socialmetrics.plan import Part
from socialmetrics.reading import Status
from socialmetrics.series import MetricSeries
from socialmetrics.window import Window
from socialmetrics_x.entries import Endpoint

Step = Literal["hour", "day"]
Names = tuple[str, ...]


@attrs.frozen(kw_only=True)
class PostsPart(Part[MetricSeries]):
    """Figures of posts, by the vendor's names of metrics.

    `owners` empty: the app asks for itself. `window` None: totals since publication,
    or the last 28 hours. `at` is when it was planned. `zone` is that of the days which
    hours are put together to; None leaves the figures as they come.
    """

    operation = "metrics"
    endpoint: Endpoint
    ids: tuple[str, ...]
    names: Names
    at: datetime
    owners: Names = ()
    window: Window | None = None
    step: Step = "hour"
    zone: str | None = None


@attrs.frozen(kw_only=True)
class GapPart(PostsPart):
    """Figures that are not asked for: the vendor is sure not to have them."""

    status: Status
