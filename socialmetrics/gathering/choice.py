"""Which metrics are compared, and which more it takes to explain them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final

import numpy as np

from socialmetrics import ontology
from socialmetrics.comparison.composition import OPEN
from socialmetrics.errors import InvalidQuery
from socialmetrics.reading import unlabelled
from socialmetrics.series import MetricSeries
from socialmetrics.series.columns import ints
from socialmetrics.session import names

DEFAULTS: Final = (
    "impressions",
    "views",
    "reach",
    "video_views",
    "engagements.public",
    "engagements.vendor",
    "likes",
    "reactions",
    "comments",
    "reposts",
    "shares",
    "saves",
    "clicks",
    "link_clicks",
    "followers",
)
"""What is compared unless somebody says otherwise, as far as two tools have it."""
PAIR: Final = 2


def checked(metrics: Sequence[str]) -> tuple[str, ...]:
    """The metrics asked for, each once. Raises `InvalidQuery` for one with a scope."""
    asked = names("metrics", metrics)
    for name in asked:
        bare, scope = unlabelled(name)
        if scope is not None:
            raise InvalidQuery(
                f"{name}: scopes are told apart anyway; ask for {bare!r}"
            )
    return asked


def common(metrics: Sequence[str], known: Sequence[Collection[str]]) -> tuple[str, ...]:
    """Those that two of them have, or can be worked out; without any, what one has."""
    counts = {name: sum(_has(name, each) for each in known) for name in metrics}
    shared = tuple(name for name, count in counts.items() if count >= PAIR)
    return shared or tuple(name for name, count in counts.items() if count)


def explaining(metrics: Iterable[str]) -> tuple[str, ...]:
    """The metrics, then the parts of derived ones, and of those that hold whatever a
    vendor puts into them."""
    asked = tuple(metrics)
    parts: set[str] = set()
    for name in asked:
        parts |= ontology.needed(name)
        if name in OPEN and ontology.is_canonical(name):
            parts |= {*ontology.metric(name).contains}
    return tuple(dict.fromkeys((*asked, *sorted(parts))))


def observed(series: MetricSeries) -> frozenset[str]:
    """The metrics that have a value in it."""
    columns = series.columns
    used = ints(np.unique(columns.reading[~np.isnan(columns.value)]))
    return frozenset(columns.readings[code].metric for code in used)


def _has(name: str, known: Collection[str]) -> bool:
    return name in known or not ontology.needed(name).isdisjoint(known)
