"""One owner's month twice: by the days of one vendor, and by the hours of another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import numpy as np
from rich.console import Console
from rich.text import Text

from socialmetrics import ontology
from socialmetrics.cli.lists import label
from socialmetrics.cli.output import many
from socialmetrics.cli.series_table import when, zones_of
from socialmetrics.cli.tables import show
from socialmetrics.reading import Reading
from socialmetrics.series import MetricSeries
from socialmetrics.series.columns import ints, moment
from socialmetrics.strangers import plain
from socialmetrics.window import zone

BARS: Final = "▁▂▃▄▅▆▇█"
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
               "Sunday")  # fmt: skip
HOURS: Final = 24
BEST: Final = 4
AXES: Final = ("scope", "counting", "date_axis", "temporality")
"""Where figures of one name may differ, besides being of an account or of posts."""


def show_month(
    names: Mapping[str, Any], titles: Sequence[str], screen: Console
) -> None:
    """Both beside each other by day, why they differ, and when the best hours were."""
    show_days(names, titles, screen)
    screen.print(Text("\nWhy they differ", style="bold"))
    for line in why(names, titles):
        screen.print(Text(f"  {plain(line)}"))
    show_hours(names["by_hour"], names["both"][0], screen)


def show_days(names: Mapping[str, Any], titles: Sequence[str], screen: Console) -> None:
    """A row a day: what each vendor tells, and by how much the second is off."""
    daily: MetricSeries = names["daily"]
    sums: Mapping[tuple[str, datetime], int] = names["sums"]
    zones = zones_of(daily)
    rows: dict[str, list[int | float | None]] = {}
    for metric in names["both"]:
        for point in daily.where(metric):
            day = when(point.start, point.subject, zones)
            pair = point.value, sums.get((metric, point.start))
            rows.setdefault(day, []).extend((*pair, _off(*pair)))
    told = [(day, *cells) for day, cells in rows.items()]
    total = map(_total, zip(*rows.values(), strict=True))
    heads = [f"{metric} {title}" for metric in names["both"] for title in titles]
    for at in (2, 5):
        heads.insert(at, "off by")
    posts = many(len(names["refs"]), "post")
    title = f"{label(names['owner'])}: a month by day, and by the hours of {posts}"
    show(screen, title, ("day", *heads), [*told, ("in all", *total)])


def _off(one: float | None, other: float | None) -> int | float | None:
    return None if one is None or other is None else other - one


def _total(cells: Sequence[int | float | None]) -> int | float | None:
    known = [cell for cell in cells if cell is not None]
    return sum(known) if len(known) == len(cells) else None


def why(names: Mapping[str, Any], titles: Sequence[str]) -> Iterator[str]:
    """What the figures of both vendors mean, in words: from their readings."""
    for metric in names["both"]:
        yield from _apart(metric, *_pair(names, metric), titles)
    levels = _each("level", *_pair(names, names["both"][0]), titles)
    yield f"level: {levels}, of which {len(names['refs']):,} are put together"
    yield from _without(names["by_day"], titles[1])


def _pair(names: Mapping[str, Any], metric: str) -> tuple[Reading, Reading]:
    return _reading(names["daily"], metric), _reading(names["by_day"], metric)


def _reading(series: MetricSeries, metric: str) -> Reading:
    return series.where(metric).columns.used_readings()[0]


def _apart(
    metric: str, one: Reading, other: Reading, titles: Sequence[str]
) -> Iterator[str]:
    """Axis by axis what differs; where nothing does, which scope both have."""
    apart = [axis for axis in AXES if _word(one, axis) != _word(other, axis)]
    for axis in apart:
        told = _each(axis, one, other, titles)
        yield f"{metric}, {axis.replace('_', ' ')}: {told}"
    if not apart:
        yield f"{metric}: {one.scope} at both ({_term('scope', one.scope)})"


def _each(axis: str, one: Reading, other: Reading, titles: Sequence[str]) -> str:
    words = (_word(one, axis), _word(other, axis))
    told = (
        f"{word} at {title} ({_term(axis, word)})"
        for title, word in zip(titles, words, strict=True)
    )
    return ", ".join(told)


def _word(reading: Reading, axis: str) -> str:
    return str(getattr(reading, axis))


def _term(axis: str, word: str) -> str:
    """The meaning of a word, to be put into brackets."""
    told = ontology.term(f"{axis}.{word}").rstrip(".")
    return f"{told[0].lower()}{told[1:]}"


def _without(series: MetricSeries, title: str) -> Iterator[str]:
    """How many posts have no figures, by reason."""
    found: dict[str, set[object]] = {}
    for gap in series.gaps():
        found.setdefault(str(gap.status), set()).add(gap.subject)
    for status, subjects in found.items():
        posts, term = many(len(subjects), "post"), _term("status", status)
        yield f"{posts} without all their figures at {title}: {status} ({term})"


def show_hours(by_hour: MetricSeries, metric: str, screen: Console) -> None:
    """The hours of the week as bars, and the best hours of all."""
    tz = zones_of(by_hour).popitem()[1]
    where, counts = zone(tz), _by_hour(by_hour.where(metric))
    week = np.zeros((len(DAYS), HOURS))
    for start, count in counts.items():
        local = start.astimezone(where)
        week[local.weekday(), local.hour] += count
    rows = [
        (day, _bars(line, week.max()), int(line.sum()), f"{line.argmax():02d}:00")
        for day, line in zip(DAYS, week, strict=True)
    ]
    heads = ("weekday", f"00:00 .. 23:59 {tz}", metric, "best hour")
    show(screen, f"{metric} by hour of the week", heads, rows)
    best = sorted(counts, key=counts.__getitem__, reverse=True)[:BEST]
    told = (f"{x.astimezone(where):%Y-%m-%d %H:%M} ({counts[x]:,.0f})" for x in best)
    screen.print(Text(f"\nThe best hours: {', '.join(told)}"))


def _by_hour(series: MetricSeries) -> dict[datetime, float]:
    """The sum over all posts for every hour (UTC), as far as it was observed."""
    starts, hour = np.unique(series.columns.start, return_inverse=True)
    sums = np.bincount(hour, np.nan_to_num(series.columns.value))
    return dict(zip(map(moment, ints(starts)), map(float, sums), strict=True))


def _bars(counts: np.ndarray[tuple[int], np.dtype[np.float64]], most: float) -> str:
    steps = counts / max(most, 1) * (len(BARS) - 1)
    return "".join(BARS[round(step)] for step in steps.tolist())
