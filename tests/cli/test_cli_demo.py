from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

import socialmetrics as sm
from socialmetrics.cli import demo
from socialmetrics.cli.demo_steps import FILES, STEPS, listing, opening, saving
from socialmetrics.cli.sandboxes import reach
from socialmetrics_sprout import Sprout
from tests.cli.commandline import TOKEN, Cli, python


@pytest.fixture
def start(address: str) -> str:
    return opening("sprout", reach(Sprout, address, {"token": TOKEN}))


def test_lines_that_are_printed_do_it_when_somebody_types_them(start: str) -> None:
    folder = Path("typed")
    folder.mkdir()
    lines = listing(start, (*STEPS, saving(folder)))

    with python("-W", "error", "-c", lines) as process:
        said = process.communicate()

    assert said == ("", "")
    assert {path.name for path in folder.iterdir()} == set(FILES.values())
    year = sm.MetricSeries.from_parquet(folder / FILES["year"])
    assert {point.metric for point in year} >= {"impressions", "engagements.public"}


def test_demo_without_any_adapter_says_so(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "adapters", tuple[()])

    outcome = cli("demo")

    assert (outcome.code, outcome.out) == (2, "")
    assert "no adapter is installed" in outcome.err


def test_demo_pulls_shows_saves_and_ends_with_the_lines_that_did_it(cli: Cli) -> None:
    outcome = cli("demo", "--out", "deep/er")

    folder = Path("deep/er")
    assert (outcome.code, outcome.err) == (0, "")
    assert "6,000 calls a minute, far more than the vendor" in outcome.out
    lines = [step.code for step in (*STEPS, saving(folder))]
    assert "\n\n".join(lines) in outcome.out
    assert (
        'client = sm.connect(\n    "sprout",\n    base_url="http://127' in outcome.out
    )
    assert {path.name for path in folder.iterdir()} == {
        *FILES.values(),
        "posts.parquet",
        "messages.csv",
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
    ):
        assert title in outcome.out
