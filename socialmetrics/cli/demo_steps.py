"""What the demo does: a few lines of Python, which are run as they are printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import attrs

PER_MINUTE: Final = 6_000


@attrs.frozen
class Step:
    """Lines that leave something behind under the name `result`."""

    title: str
    result: str
    code: str


STEPS: Final = (
    Step(
        "profiles",
        "profiles",
        "profiles = list(client.profiles())",
    ),
    Step(
        "a year of daily figures",
        "year",
        """\
days = sm.Window.days("2025-03-11", "2026-03-10")
metrics = ["impressions", "engagements.public", "followers", "reach"]
year = client.metrics(profiles, metrics, days, by="day")""",
    ),
    Step(
        "posts with their figures",
        "posts",
        """\
since = sm.Window.days("2024-09-01", "2026-03-10")
pull = client.posts(profiles, since, metrics=["impressions", "engagements.public"])
posts = list(pull)""",
    ),
    Step(
        "the inbox",
        "inbox",
        """\
quarter = sm.Window.days("2025-12-11", "2026-03-10")
inbox = list(client.messages(profiles, quarter))""",
    ),
    Step(
        "a listening topic",
        "heard",
        """\
topic = next(client.topics())
month = sm.Window.days("2026-02-11", "2026-03-10")
heard = client.topic_metrics(topic, ["impressions", "likes"], month)""",
    ),
    Step(
        "engagement rates of the posts",
        "rates",
        """\
figures = sm.MetricSeries.from_points(
    figure for post in posts for figure in post.metrics.values()
)
rates = sm.derive(figures, "engagement_rate.impressions")""",
    ),
)


def opening(adapter: str, settings: Mapping[str, str]) -> str:
    """The lines that connect."""
    given = "".join(f"    {name}={value!r},\n" for name, value in settings.items())
    return (
        "import socialmetrics as sm\n\n"
        f"client = sm.connect(\n    {adapter!r},\n{given}"
        f"    budget=[({PER_MINUTE}, 60.0)],\n)"
    )


def saving(folder: Path) -> Step:
    """The lines that save."""
    year, posts = str(folder / "profiles-daily.parquet"), str(folder / "posts.parquet")
    code = f"year.to_parquet({year!r})\nfigures.to_parquet({posts!r})\nclient.close()"
    return Step("saved as Parquet", "figures", code)


def listing(start: str, steps: Sequence[Step]) -> str:
    """All lines, as somebody would type them."""
    return "\n\n".join([start, *(step.code for step in steps)])
