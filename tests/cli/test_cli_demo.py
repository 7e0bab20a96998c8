from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import attrs
import polars as pl
import pytest

import socialmetrics as sm
from socialmetrics.adapter import Adapter
from socialmetrics.cli import demo
from socialmetrics.cli.demo_hours import show_month, why
from socialmetrics.cli.demo_steps import (
    FILES,
    HOURLY_FILES,
    listing,
    opening,
    saving,
    steps_of,
)
from socialmetrics.cli.sandboxes import reach
from socialmetrics.cli.tables import console
from socialmetrics.connections import adapter_class
from socialmetrics.errors import InvalidQuery
from socialmetrics.sandbox import World
from socialmetrics_sprout import Sprout
from tests.cli.commandline import TOKEN, Cli, python

TITLES = ("Sprout Social", "X Engagement")
CAST = {
    "client": "Sprout Social",
    "hours": "X Engagement",
    "other": "Hootsuite",
}
Simulated = Callable[..., AbstractContextManager[str]]
Settings = dict[str, tuple[str, dict[str, str]]]


@pytest.fixture
def settings(
    world: World,
    address: str,
    x_settings: dict[str, str],
    hootsuite_settings: dict[str, str],
) -> Settings:
    sprout = reach(Sprout, address, {"token": TOKEN})
    clock = {"clock": world.now.isoformat()}
    return {
        "client": ("sprout", {**sprout, **clock}),
        "hours": ("x", {**x_settings, **clock}),
        "other": ("hootsuite", {**hootsuite_settings, **clock}),
    }


@pytest.fixture
def simulated(settings: Settings) -> Simulated:
    """The small sandboxes instead of those of the demo."""

    @contextmanager
    def ready(cast: dict[str, str]) -> Generator[str]:
        yield opening({role: settings[role] for role in cast})

    return ready


@pytest.fixture
def made(settings: Settings) -> dict[str, Any]:
    """What the demo's lines leave behind, in the small world."""
    steps = steps_of(Path.cwd(), CAST, has_page=False)
    return demo.perform(opening(settings), steps, console(StringIO()))


@pytest.mark.parametrize(
    ("cast", "has_page"),
    [
        (["client", "hours", "other"], True),
        (["client", "other"], False),
        (["client"], True),
    ],
)
def test_lines_that_are_printed_do_it_when_somebody_types_them(
    settings: Settings, cast: list[str], has_page: bool
) -> None:
    folder = Path("typed")
    folder.mkdir()
    files = {*FILES.values()}
    files |= {*HOURLY_FILES.values()} if "hours" in cast else set()
    files |= {"report.html"} if has_page and len(cast) > 1 else set()
    titles = {role: CAST[role] for role in cast}
    steps = steps_of(folder, titles, has_page=has_page)
    lines = listing(opening({role: settings[role] for role in cast}), steps)

    with python("-W", "error", "-c", lines) as process:
        said = process.communicate()

    assert said == ("", "")
    assert {path.name for path in folder.iterdir()} == files
    year = sm.MetricSeries.from_parquet(folder / FILES["year"])
    assert {point.metric for point in year} >= {"impressions", "engagements.public"}


def test_demo_without_any_adapter_says_so(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "adapters", tuple[()])

    outcome = cli("demo")

    assert (outcome.code, outcome.out) == (2, "")
    assert "no adapter is installed" in outcome.err


def test_demo_of_an_adapter_without_posts_says_so_at_once(cli: Cli) -> None:
    outcome = cli("demo", "x")

    assert (outcome.code, outcome.out) == (2, "")
    assert "the demo shows posts: " in outcome.err


def test_demo_pulls_shows_saves_and_ends_with_the_lines_that_did_it(cli: Cli) -> None:
    outcome = cli("demo", "--out", "deep/er")

    folder = Path("deep/er")
    assert (outcome.code, outcome.err) == (0, "")
    assert "Simulated: Sprout Social, X Engagement and Hootsuite, over" in outcome.out
    assert "Calls a minute, where they are counted: 6,000, far more" in outcome.out
    lines = [step.code for step in steps_of(folder, CAST, has_page=True)]
    assert "\n\n".join(lines) in outcome.out
    for client, name in (("client", "sprout"), ("hours", "x"), ("other", "hootsuite")):
        begin = f'{client} = sm.connect(\n    "{name}",\n    base_url="http://127'
        assert begin in outcome.out
    assert {path.name for path in folder.iterdir()} == {
        *FILES.values(),
        *HOURLY_FILES.values(),
        "posts.parquet",
        "messages.csv",
        "report.html",
    }
    posts = pl.read_parquet(folder / "posts.parquet").height
    assert posts > 10_000
    for title in (
        "17 profiles",
        "impressions: the last four weeks",
        "posts that have a rate and were seen 1,000 times or more",
        f"posts.parquet            {posts:,}  as `socialmetrics posts --out` does",
        "A listening topic: the last 8 of 28 rows",
        "No engagement rate of posts",
        "scope-mismatch",
        "A listening topic",
        "Missing",
        "x @acme: a month by day, and by the hours of 686 posts",
        "Why they differ",
        "The best hours: 2026-02-24 16:00",
        "Sprout Social and X Engagement: @acme on x, 2 Mar to 8 Mar 2026 (UTC)",
        "X Engagement and Hootsuite: @acme on x, 2 Mar to 8 Mar 2026 (UTC)",
        "Why X Engagement says 3,204 and Hootsuite says 2,716: likes",
        "as a page for the browser: deep/er/report.html\n",
    ):
        assert title in outcome.out


@pytest.mark.parametrize("columns", ["80", "100"])
def test_month_by_hour_stands_beside_the_days(
    world: World, made: dict[str, Any], monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    into = StringIO()

    show_month(made, TITLES, console(into))

    lines = into.getvalue().splitlines()
    assert max(map(len, lines)) <= int(columns)
    cells = [line.split() for line in lines if line.startswith("2026-")]
    days = [row for row in cells if len(row) == 7]
    assert len(days) == 28
    assert [*map(_numbers, days)] == [
        [*_truth(world, made, day, "impressions"), *_truth(world, made, day, "links")]
        for day in range(28)
    ]
    total = _numbers(next(line.split()[1:] for line in lines if line[:6] == "in all"))
    assert total == [sum(column) for column in zip(*map(_numbers, days), strict=True)]
    week = [line for line in lines if line.split()[:1] in ([day] for day in WEEKDAYS)]
    assert len(week) == 7
    assert all(len(line.split()[1]) == 24 for line in week)


WEEKDAYS = [f"{datetime(2026, 3, day, tzinfo=UTC):%A}" for day in range(2, 9)]


def _numbers(cells: list[str]) -> list[int]:
    return [int(cell.replace(",", "")) for cell in cells[1:]]


def _truth(world: World, made: dict[str, Any], day: int, metric: str) -> list[int]:
    """What both vendors tell of that day: the account's, and that of posts which
    everybody can see; links are organic at one and all at the other."""
    begin = datetime(2026, 2, 11, tzinfo=UTC) + timedelta(days=day)
    end = begin + timedelta(days=1)
    name = "impressions" if metric == "impressions" else "link_clicks"
    account = world.profile(made["owner"].ref)
    whole = world.profile_sum(account, name, "organic", begin, end)
    seen = sum(
        world.post_total(post, name, scope, end)
        - world.post_total(post, name, scope, begin)
        for post in map(world.post, made["refs"])
        for scope in (("organic",) if metric == "impressions" else ("total",))
        if not post.protected
        and (post.deleted_at is None or post.deleted_at > world.now)
    )
    return [whole, seen, seen - whole]


def test_why_they_differ_is_read_from_the_readings(made: dict[str, Any]) -> None:
    told = "\n".join(why(made, ("A", "B")))

    assert "impressions: organic at both (without paid distribution)" in told
    assert (
        "link_clicks, scope: organic at A (without paid distribution), total at B "
        "(organic and paid together)" in told
    )
    assert "level: profile at A (all of an account), post at B" in told


def test_day_that_one_of_them_does_not_know_is_not_subtracted(
    made: dict[str, Any],
) -> None:
    first = made["daily"][0]
    sums = {key: x for key, x in made["sums"].items() if key[1] != first.start}
    into = StringIO()

    show_month({**made, "sums": sums}, TITLES, console(into))

    lines = into.getvalue().splitlines()
    row = next(line for line in lines if line.startswith("2026-02-11")).split()
    assert row[2:4] == ["–", "–"]
    total = next(line for line in lines if line.startswith("in all")).split()
    assert total[2] != "–"
    assert total[3:5] == ["–", "–"]


def test_posts_without_figures_are_counted_by_reason(made: dict[str, Any]) -> None:
    gone = made["refs"][:2]
    lost = [
        attrs.evolve(point, value=None, status=sm.Status.UNAVAILABLE)
        for point in made["by_day"].where(subject=gone)
    ]
    by_day = sm.MetricSeries.concat(
        [
            made["by_day"].where(subject=made["refs"][2:], status="observed"),
            sm.MetricSeries.from_points(lost),
        ]
    )

    told = list(why({**made, "by_day": by_day}, TITLES))

    assert told[-1] == (
        "2 posts without all their figures at X Engagement: unavailable (the subject "
        "is deleted, protected or otherwise out of the vendor's reach)"
    )


class Coarse(Adapter):
    name = "coarse"
    title = "Coarse"


class Unsimulated(Adapter):
    name = "unsimulated"
    title = "Unsimulated"
    steps = ("hour", "day")


def test_demo_without_an_adapter_of_hours_leaves_them_out(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, simulated: Simulated
) -> None:
    def found(name: str) -> type[Adapter]:
        if name == "broken":
            raise InvalidQuery("it cannot be loaded")
        others = {"coarse": Coarse, "unsimulated": Unsimulated}
        return others.get(name) or adapter_class(name)

    known = ("sprout", "broken", "coarse", "unsimulated")
    monkeypatch.setattr(demo, "adapters", lambda: known)
    monkeypatch.setattr(demo, "adapter_class", found)
    monkeypatch.setattr(demo, "simulated", simulated)

    outcome = cli("demo", "--out", "small")

    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.startswith("Simulated: Sprout Social, over HTTP on this")
    assert "by the hours of" not in outcome.out
    assert "sm.gather" not in outcome.out
    assert "as a page" not in outcome.out
    assert "hours = sm.connect" not in outcome.out
    assert not (Path("small") / HOURLY_FILES["by_day"]).exists()


def test_demo_without_the_packages_of_the_report_says_what_to_install(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, simulated: Simulated
) -> None:
    monkeypatch.setattr(demo, "has_report", lambda: False)
    monkeypatch.setattr(demo, "simulated", simulated)

    outcome = cli("demo", "--out", "small")

    assert (outcome.code, outcome.err) == (0, "")
    assert "page for the browser: pip install 'socialmetrics[report]'" in outcome.out
    assert "to_html" not in outcome.out
    assert not (Path("small") / "report.html").exists()


def test_saved_are_only_figures_that_were_made() -> None:
    step = saving(Path("there"), ["client"], None, has_hours=False)

    assert step.results == tuple(FILES)
    assert "hours.close()" not in step.code
    assert "to_html" not in step.code
