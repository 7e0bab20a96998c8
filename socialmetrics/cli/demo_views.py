"""What the demo pulled, as tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from socialmetrics.cli.demo_steps import INBOX, POSTS, files
from socialmetrics.cli.lists import label
from socialmetrics.cli.output import many
from socialmetrics.cli.series_table import SeriesTable, tell_gaps, when, zones_of
from socialmetrics.cli.tables import show, tell_issues, tell_missing
from socialmetrics.model import Message, Post, Profile, Ref
from socialmetrics.series import MetricSeries
from socialmetrics.window import Window

FOUR_WEEKS: Final = ("2026-02-09", "2026-03-08")  # from a Monday to a Sunday
WEEKLY: Final = ("impressions", "engagements.public")
BEST: Final = 8
SEEN: Final = 1_000  # a rate of a post that few saw is an accident


def show_all(names: Mapping[str, Any], screen: Console) -> None:
    """Every table, in the order of the steps."""
    profiles, year, posts = names["profiles"], names["year"], names["posts"]
    labels = {profile.ref: label(profile) for profile in profiles}
    show_profiles(profiles, year, screen)
    for metric in WEEKLY:
        show_weeks(year, metric, labels, screen)
    show_best(posts, names["rates"], screen)
    tell_missing(names["rates"].missing, screen, "No engagement rate of posts")
    show_inbox(names["inbox"], screen)
    show_topic(names["heard"], {names["topic"].ref: names["topic"].name}, screen)
    tell_missing([*year.missing, *names["heard"].missing], screen, most=BEST)
    tell_gaps(year.gaps(), screen)
    tell_issues(names["pull"].issues, screen)


def show_profiles(
    profiles: Iterable[Profile], year: MetricSeries, screen: Console
) -> None:
    """Who there is, and how many followed at the end."""
    latest = year.where("followers").latest()
    followers = {point.subject: point.value for point in latest}
    rows = [
        (
            one.ref.network,
            one.handle,
            one.name,
            one.ref.native_id,
            followers.get(one.ref),
        )
        for one in profiles
    ]
    heads = ("network", "handle", "name", "native id", "followers")
    show(screen, many(len(rows), "profile"), heads, rows, wrap=("name",))


def show_weeks(
    year: MetricSeries, metric: str, labels: Mapping[Ref, str], screen: Console
) -> None:
    """The last four weeks of a metric, as each network counts its days."""
    cells: dict[Ref, dict[str, object]] = {}
    for point in weekly(year.where(metric)):
        week = when(point.start, point.subject, zones_of(year))
        cells.setdefault(point.subject, {})[week] = point.value
    weeks = sorted({week for row in cells.values() for week in row})
    rows = [(labels[subject], *map(row.get, weeks)) for subject, row in cells.items()]
    show(
        screen,
        f"{metric}: the last four weeks",
        ("profile", *weeks),
        rows,
        wrap=("profile",),
    )


def weekly(series: MetricSeries) -> MetricSeries:
    """Sums of the last four weeks; a week begins when the network's Monday does."""
    zones = zones_of(series)
    pieces: list[MetricSeries] = []
    for network in dict.fromkeys(ref.network for ref in series.columns.subjects):
        tz = zones.get(network, "UTC")
        days = series.where(network=network, window=Window.days(*FOUR_WEEKS, tz))
        pieces.append(days.rollup("week", tz))
    return MetricSeries.concat(pieces)


def show_best(posts: Sequence[Post], rates: MetricSeries, screen: Console) -> None:
    """The posts with the highest rate among those that were seen often enough."""
    known = {post.ref: post for post in posts}
    ranked = sorted(
        (point.value, point.subject)
        for point in rates
        if point.value is not None and _seen(known[point.subject]) >= SEEN
    )
    rows = [
        (rate, _seen(known[ref]), ref.network, known[ref].created_at, known[ref].text)
        for rate, ref in ranked[: -BEST - 1 : -1]
    ]
    heads = ("engagement rate", "impressions", "network", "created (UTC)", "text")
    title = (
        f"The best {len(rows)} of {many(len(ranked), 'post')} that have a rate and "
        f"were seen {SEEN:,} times or more"
    )
    show(screen, title, heads, rows, cut=("text",))


def _seen(post: Post) -> int | float:
    point = post.metrics.get("impressions")
    return 0 if point is None else point.value or 0


def show_inbox(inbox: Sequence[Message], screen: Console) -> None:
    """The last messages."""
    rows = [
        (one.created_at, one.ref and one.ref.network, one.kind, one.sent, one.text)
        for one in sorted(inbox, key=lambda one: one.created_at)[-BEST:]
    ]
    heads = ("created (UTC)", "network", "kind", "sent", "text")
    title = f"The last {len(rows)} of {many(len(inbox), 'message')}"
    show(screen, title, heads, rows, cut=("text",))


def show_topic(heard: MetricSeries, labels: Mapping[Ref, str], screen: Console) -> None:
    """The last days of a listening topic."""
    made = SeriesTable.of(heard, labels, width=screen.width, most=len(heard))
    last = min(BEST, made.count)
    title = f"A listening topic: the last {last} of {many(made.count, 'row')}"
    made.show(title, screen, slice(-BEST, None))


def show_files(folder: Path, names: Mapping[str, Any], screen: Console) -> None:
    """Every file, how many rows it has, and what wrote it."""
    by_lines = [
        (file, len(names[name]), "the lines above")
        for name, file in files(names).items()
    ]
    by_commands = [
        (POSTS, len(names["posts"]), "as `socialmetrics posts --out` does"),
        (INBOX, len(names["inbox"]), "as `socialmetrics messages --out` does"),
    ]
    rows = [*by_lines, *by_commands]
    heads = ("file", "rows", "written by")
    show(screen, f"{many(len(rows), 'file')} in {folder}/", heads, rows)
