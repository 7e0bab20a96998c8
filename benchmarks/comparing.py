"""Comparing a million figures of two tools: seconds, and the memory of a process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Final

import numpy as np

import socialmetrics as sm
from benchmarks.measure import Options, Result, peak_megabytes, show
from benchmarks.server import ROOT
from socialmetrics.comparison.comparison import Comparison
from socialmetrics.model import Ref, Source
from socialmetrics.reading import Reading
from socialmetrics.series import NONE, Columns, MetricSeries
from socialmetrics.series.columns import Values, micros
from socialmetrics.series.subjects import Refs

SECONDS: Final = 2.0
MEGABYTES: Final = 500
PAGE_SECONDS: Final = 3.0
FIRST: Final = datetime(2026, 1, 1, tzinfo=UTC)
READ: Final = FIRST + timedelta(days=100)
DAY: Final = 24 * 3_600_000_000
METRICS: Final = (
    *("likes", "comments", "reposts", "impressions", "link_clicks"),
    *("video_views", "saves", "quotes", "shares", "profile_clicks"),
)
MORE: Final = (
    *("clicks", "media_clicks", "hashtag_clicks", "detail_expands", "app_opens"),
    *("permalink_clicks", "profile_views", "poll_votes", "sends", "story_replies"),
)


def run(options: Options) -> list[Result]:
    """Each in a process of its own: with its figures, and without ours."""
    part = 10 if options.quick else 1
    return [
        *_measured("by day", "days", 10_000 // part),
        *_measured("lifetime", "lifetimes", 100_000 // part),
        *_measured(
            "lifetime, no subject of the other tool", "strangers", 100_000 // part
        ),
        *_page(30 if options.quick else 90),
    ]


def _measured(what: str, kind: str, subjects: int) -> Iterator[Result]:
    base, compared, looked_at, peak = _child(kind, str(subjects))
    count = subjects * len(METRICS) * (10 if kind == "days" else 1)
    seconds = compared + looked_at
    what = f"comparing: two times {count:,} figures {what}"
    yield Result(
        what=f"{what}: rows, faults, coverage, advice",
        measured=f"{seconds:.2f} s ({compared:.2f} s and {looked_at:.2f} s)",
        target=f"at most {SECONDS:.0f} s",
        is_met=seconds <= SECONDS,
    )
    yield Result(
        what=f"{what}: peak memory",
        measured=f"{peak:.0f} MB, of which the figures and Python {base:.0f} MB",
        target=f"at most {MEGABYTES} MB",
        is_met=peak <= MEGABYTES,
    )


def _page(days: int) -> Iterator[Result]:
    compared, written, size = _child("page", str(days))
    what = f"comparing: {days} days, 20 metrics, 3 tools"
    yield Result(what=what, measured=f"{compared:.2f} s")
    yield Result(
        what=f"{what}: as a page",
        measured=f"{written:.2f} s, {size / 1000:.0f} kB",
        target=f"at most {PAGE_SECONDS:.0f} s",
        is_met=written <= PAGE_SECONDS,
    )


def _child(kind: str, count: str) -> list[float]:
    command = [sys.executable, "-m", "benchmarks.comparing", kind, count]
    done = subprocess.run(  # noqa: S603 - our own interpreter and module
        command, cwd=ROOT, check=True, capture_output=True
    )
    return [float(each) for each in done.stdout.split()]


def _timed(do: Callable[[], Any]) -> tuple[float, Any]:
    begin = perf_counter()
    found = do()
    return perf_counter() - begin, found


def _both(kind: str, subjects: int) -> Iterator[MetricSeries]:
    days = 10 if kind == "days" else 0
    for number, vendor in enumerate(("alpha", "beta")):
        first = 10**15 + (number * subjects if kind == "strangers" else 0)
        refs = Refs("x", tuple(str(first + n) for n in range(subjects)))
        yield figures(vendor, refs, METRICS, days, level="post")


def figures(
    vendor: str,
    subjects: Refs | tuple[Ref, ...],
    metrics: tuple[str, ...],
    days: int,
    **told: Any,
) -> MetricSeries:
    """So many days of every subject and metric; without any, lifetime totals."""
    shape = len(subjects), len(metrics), days or 1
    subject, metric, day = (axis.ravel() for axis in np.indices(shape, np.int32))
    count = len(subject)
    start = micros(FIRST) + day.astype(np.int64) * DAY
    source = Source(
        vendor=vendor, endpoint="e", request_id=None, api_version=None, fetched_at=READ
    )
    return MetricSeries(
        Columns(
            subjects=subjects,
            readings=tuple(_reading(vendor, each, days, told) for each in metrics),
            sources=(source,),
            breakdowns=("",),
            subject=subject,
            reading=metric,
            source=np.zeros(count, np.int32),
            breakdown=np.zeros(count, np.int32),
            start=start,
            end=start + DAY if days else np.full(count, NONE),
            value=_values(vendor, count),
            status=np.zeros(count, np.uint8),
            settled=np.zeros(count, np.uint8),
        )
    )


def _values(vendor: str, count: int) -> Values:
    dice = np.random.default_rng(sum(vendor.encode()))
    return dice.integers(0, 1000, count).astype(np.float64)


def _reading(vendor: str, metric: str, days: int, told: dict[str, Any]) -> Reading:
    more: dict[str, Any] = {"scope": "total", **told}
    return Reading(
        vendor=vendor,
        endpoint="e",
        network="x",
        name=metric,
        metric=metric,
        temporality="period" if days else "lifetime",
        date_axis="activity" if days else "publish",
        additive=bool(days),
        zone="UTC",
        **more,
    )


def _looked_at(found: Comparison) -> int:
    return sum(map(len, (found.faults, found.coverage, found.advice, found.summaries)))


def _compare(kind: str, subjects: int) -> None:
    left, right = _both(kind, subjects)
    sm.compare(left[:1000], right[:1000])  # Rules are read once.
    base = peak_megabytes()
    compared, found = _timed(lambda: sm.compare(left, right))
    expected = 0 if kind == "strangers" else len(left)
    assert len(found.rows) == expected, f"{len(found.rows):,} rows"
    looked_at, _ = _timed(lambda: _looked_at(found))
    print(base, compared, looked_at, peak_megabytes())


def _write(days: int) -> None:
    account = (Ref("x", "100"),)
    tools = [
        figures(vendor, account, (*METRICS, *MORE), days, level="profile", scope=scope)
        for vendor, scope in zip("abc", ("total", "organic", "total"), strict=True)
    ]
    compared, found = _timed(lambda: sm.compare(*tools))
    assert len(found.rows) == len(list(product(range(3), range(20), range(days))))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "page.html"
        written, _ = _timed(lambda: found.to_html(path))
        print(compared, written, path.stat().st_size)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _, kind, count = sys.argv
        _write(int(count)) if kind == "page" else _compare(kind, int(count))
    else:
        show(run(Options()))
