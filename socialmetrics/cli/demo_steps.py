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


def opening(adapter: str, settings: Mapping[str, str]) -> str:
    """The lines that connect."""
    given = "".join(
        f"    {name}={json.dumps(value)},\n" for name, value in settings.items()
    )
    return (
        "import socialmetrics as sm\n\n"
        f"client = sm.connect(\n    {json.dumps(adapter)},\n{given}"
        f"    budget=[({PER_MINUTE}, 60.0)],\n)"
    )


def saving(folder: Path) -> Step:
    """The lines that save."""
    saves = [
        f"{name}.to_parquet({json.dumps(str(folder / file), ensure_ascii=False)})"
        for name, file in FILES.items()
    ]
    code = "\n".join([*saves, "client.close()"])
    return Step("figures saved as Parquet", tuple(FILES), code)


def listing(start: str, steps: Sequence[Step]) -> str:
    """All lines, as somebody would type them."""
    return "\n\n".join([start, *(step.code for step in steps)])
