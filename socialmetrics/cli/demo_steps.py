"""What the demo does: a few lines of Python, which are run as they are printed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import attrs

PER_MINUTE: Final = 6_000
FILES: Final = {
    "year": "profiles-by-day.parquet",
    "figures": "post-figures.parquet",
    "heard": "topic-by-day.parquet",
}
HOURLY_FILES: Final = {"by_day": "posts-by-day.parquet"}
CLIENTS: Final = ("client", "hours", "other")
"""What the lines call the first vendor, one that counts by the hour, and one more."""
FREE: Final = CLIENTS[:2]
"""Those that grant so many calls a minute."""
REPORT: Final = "report.html"
LONG: Final = 60
POSTS: Final = "posts.parquet"
INBOX: Final = "messages.csv"


@attrs.frozen
class Step:
    """Lines that leave something behind, under these names, or that save it."""

    title: str
    results: tuple[str, ...]
    code: str


STEPS: Final = (
    Step(
        "profiles",
        ("profiles",),
        "profiles = list(client.profiles())",
    ),
    Step(
        "a year of daily figures",
        ("year",),
        """\
days = sm.Window.days("2025-03-11", "2026-03-10")
metrics = ["impressions", "engagements.public", "followers", "reach"]
year = client.metrics(profiles, metrics, days, by="day")""",
    ),
    Step(
        "posts with their figures",
        ("posts",),
        """\
since = sm.Window.days("2025-01-01", "2026-03-10")
counts = ["impressions", "likes", "reactions", "comments", "reposts", "shares"]
pull = client.posts(profiles, since, metrics=counts)
posts = list(pull)""",
    ),
    Step(
        "the inbox",
        ("inbox",),
        """\
quarter = sm.Window.days("2025-12-11", "2026-03-10")
inbox = list(client.messages(profiles, quarter))""",
    ),
    Step(
        "a listening topic",
        ("heard",),
        """\
topic = next(client.topics())
month = sm.Window.days("2026-02-11", "2026-03-10")
spoken = ["mentions_volume", "likes", "comments"]
heard = client.topic_metrics(topic, spoken, month)""",
    ),
    Step(
        "engagement rates of the posts",
        ("rates",),
        """\
figures = sm.MetricSeries.from_points(
    figure for post in posts for figure in post.metrics.values()
)
rates = sm.derive(figures, "engagement_rate.impressions")""",
    ),
)


HOURLY: Final = (
    Step(
        "a month of posts by hour",
        ("by_hour",),
        """\
owners = {each.ref for each in hours.profiles()}
owner = next(each for each in profiles if each.ref in owners)

# Posts of the month, and those of 60 days before it, which still collect figures.
recent = sm.Window.days("2025-12-13", "2026-03-10")
refs = [
    post.ref
    for post in posts
    if post.profile == owner.vendor_id
    and recent.start <= post.created_at < recent.end
]
both = ["impressions", "link_clicks"]
by_hour = hours.metrics(refs, both, month, by="hour")""",
    ),
    Step(
        "its hours as days, beside days",
        ("daily", "by_day"),
        """\
daily = client.metrics([owner], both, month, by="day")
by_day = by_hour.rollup("day", tz=daily[0].reading.zone)
sums = {}
for figure in by_day:
    if figure.value is not None:
        day = figure.metric, figure.start
        sums[day] = sums.get(day, 0) + figure.value""",
    ),
)


def comparing(titles: Mapping[str, str]) -> tuple[Step, ...]:
    """One account and week at all of these vendors; `titles` are by their clients."""
    named = "".join(
        f"    {json.dumps(title)}: {client},\n" for client, title in titles.items()
    )
    return (
        Step(
            "a week of one account, all tools",
            ("found",),
            f"""\
tools = {{
{named}}}
theirs = [{{each.ref for each in tool.profiles()}} for tool in tools.values()]
account = next(
    each for each in profiles if all(each.ref in refs for refs in theirs)
)
week = sm.Window.days("2026-03-02", "2026-03-08")
found = sm.gather(tools, account, week)""",
        ),
        Step(
            "compared, and why figures differ",
            ("pairs",),
            """\
compared = found.compare()
pairs = compared.rows""",
        ),
    )


def opening(settings: Mapping[str, tuple[str, Mapping[str, str]]]) -> str:
    """The lines that connect clients of these names to adapters, with settings."""
    connected = (_connecting(name, *to) for name, to in settings.items())
    return "\n\n".join(["import socialmetrics as sm", *connected])


def _connecting(client: str, adapter: str, settings: Mapping[str, str]) -> str:
    given = "".join(
        f"    {name}={_written(value)},\n" for name, value in settings.items()
    )
    budget = f"    budget=[({PER_MINUTE}, 60.0)],\n" if client in FREE else ""
    return f"{client} = sm.connect(\n    {json.dumps(adapter)},\n{given}{budget})"


def _written(value: str) -> str:
    """A text as Python writes it; a long list in pieces, one a line."""
    if len(value) <= LONG or "," not in value:
        return json.dumps(value)
    *firsts, last = value.split(",")
    pieces = [*(f"{each}," for each in firsts), last]
    lines = "".join(f"        {json.dumps(piece)}\n" for piece in pieces)
    return f"(\n{lines}    )"


def steps_of(
    folder: Path, titles: Mapping[str, str], *, has_page: bool
) -> Sequence[Step]:
    """Every step with the vendors of these titles, by their clients. `has_page`: the
    report of the comparison can be written."""
    has_hours = "hours" in titles
    more = HOURLY if has_hours else ()
    compared = comparing(titles) if len(titles) > 1 else ()
    page = folder / REPORT if compared and has_page else None
    return (
        *STEPS,
        *more,
        *compared,
        saving(folder, [*titles], page, has_hours=has_hours),
    )


def files(names: Mapping[str, object]) -> Mapping[str, str]:
    """The files of what was made, by its name."""
    every = {**FILES, **HOURLY_FILES}
    return {name: file for name, file in every.items() if name in names}


def saving(
    folder: Path, clients: Sequence[str], page: Path | None, *, has_hours: bool
) -> Step:
    """The lines that save."""
    made = {**FILES, **HOURLY_FILES} if has_hours else FILES
    saves = [
        f"{name}.to_parquet({_path(folder / file)})" for name, file in made.items()
    ]
    pages = [] if page is None else [f"compared.to_html({_path(page)})"]
    closes = [f"{name}.close()" for name in clients]
    title = "figures and report saved" if page else "figures saved as Parquet"
    return Step(title, tuple(made), "\n".join([*saves, *pages, *closes]))


def _path(path: Path) -> str:
    return json.dumps(str(path), ensure_ascii=False)


def listing(start: str, steps: Sequence[Step]) -> str:
    """All lines, as somebody would type them."""
    return "\n\n".join([start, *(step.code for step in steps)])
