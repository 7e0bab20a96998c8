"""Which metric keys the simulated service knows, on which network, and until when."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Literal

import attrs

Endpoint = Literal["profiles", "posts", "listening"]


@attrs.frozen
class Entry:
    """One key on one network. `removed` is the day it went (None: still there)."""

    endpoint: str
    network: str
    metric: str
    removed: date | None
    kind: str

    def holds_on(self, day: date) -> bool:
        """Whether the service still answers it on that day."""
        return self.removed is None or day < self.removed


def _read() -> Iterator[Entry]:
    text = (
        files("socialmetrics_sprout.sandbox").joinpath("metrics.csv").read_text("utf-8")
    )
    for row in csv.DictReader(text.splitlines()):
        gone = row["removed"]
        # Keys that left the documents without a date are gone for good.
        removed = (
            date.min if gone == "undated" else date.fromisoformat(gone or "9999-12-31")
        )
        yield Entry(
            row["endpoint"],
            row["network"],
            row["metric"],
            removed if gone else None,
            row["kind"],
        )


@lru_cache(maxsize=1)
def entries() -> dict[tuple[str, str, str], Entry]:
    """Every key by endpoint, network and name."""
    return {(one.endpoint, one.network, one.metric): one for one in _read()}


@lru_cache(maxsize=8)
def names(endpoint: Endpoint) -> frozenset[str]:
    """Every name that an endpoint has or had, on whatever network."""
    return frozenset(
        one.metric for one in entries().values() if one.endpoint == endpoint
    )


def answers(endpoint: Endpoint, network: str, metric: str, day: date) -> bool:
    """Whether that endpoint has that key on that network on that day."""
    known = entries()
    entry = known.get((endpoint, network, metric)) or known.get(
        (endpoint, "any", metric)
    )
    return entry is not None and entry.holds_on(day)
