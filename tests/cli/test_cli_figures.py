from __future__ import annotations

from pathlib import Path

import pytest

from socialmetrics import MetricSeries
from tests.cli.commandline import WEEK, Cli

ACME = ("--profile", "x:@acme", "--profile", "linkedin:@acme")
METRICS = ("--metric", "impressions", "--metric", "reach,likes")


def test_table_is_by_profile_and_day_with_what_is_missing_under_it(
    sprout: Cli,
) -> None:
    outcome = sprout("metrics", *WEEK, *ACME, *METRICS)

    assert outcome.code == 0
    lines = outcome.out.splitlines()
    days = [line for line in lines if " 2026-03-0" in line]
    assert len(days) == 14
    assert "x @acme" in days[0]
    assert "–" in days[0]
    assert "Missing" in lines
    assert any(line.startswith("  reach (x): ") for line in lines)
    assert any("Instead: reactions" in line for line in lines)


def test_csv_is_the_csv_of_the_series(sprout: Cli) -> None:
    line = ("metrics", *WEEK, *ACME, *METRICS)

    printed = sprout(*line, "--csv")
    written = sprout(*line, "--out", "figures.csv")

    def known(text: str) -> list[list[str]]:
        return [row.split(",")[:-1] for row in text.splitlines()]

    assert known(printed.out) == known(Path("figures.csv").read_text("utf-8"))
    assert "28 figures in figures.csv" in written.err
    assert "reach (x)" in printed.err


@pytest.mark.parametrize("name", ["figures.parquet", "figures.json"])
def test_files_are_read_back_without_loss(sprout: Cli, name: str) -> None:
    sprout("metrics", *WEEK, *ACME, *METRICS, "--out", name)

    series = (
        MetricSeries.from_parquet(name)
        if name.endswith("parquet")
        else MetricSeries.from_json(Path(name).read_text("utf-8"))
    )
    assert len(series) == 28
    assert {each.metric for each in series.missing} == {"reach", "likes"}


def test_lines_say_status_and_stay_numbers(sprout: Cli) -> None:
    line = ("metrics", *WEEK, *ACME, *METRICS)

    outcome = sprout(*line, "--json", "--limit", "3")
    sprout(*line, "--out", "figures.jsonl")

    assert len(outcome.objects) == 3
    assert outcome.objects[0]["status"] == "observed"
    assert isinstance(outcome.objects[0]["value"], int)
    assert len(Path("figures.jsonl").read_text().splitlines()) == 28


def test_missing_is_an_exit_code_for_those_who_ask(sprout: Cli) -> None:
    line = ("metrics", *WEEK, *ACME, "--strict-missing")

    assert sprout(*line, "--metric", "impressions").code == 0
    assert sprout(*line, "--metric", "reach").code == 6
    assert sprout("plan", *WEEK, "--metric", "reach", "--strict-missing").code == 6


def test_total_says_why_reach_is_not_added(sprout: Cli) -> None:
    line = ("metrics", *WEEK, "--profile", "linkedin:@acme", "--by", "total")

    outcome = sprout(*line, "--metric", "reach", "--metric", "impressions")

    assert "reach (linkedin): it counts different people each day" in outcome.out
    assert "1 figures" in outcome.out


def test_row_is_explained_figure_by_figure(sprout: Cli) -> None:
    outcome = sprout("metrics", *WEEK, *ACME, *METRICS, "--explain", "14")

    assert "impressions of linkedin:5005001" in outcome.out
    assert "reach of linkedin:5005001" in outcome.out
    assert "2026-03-08 .. 2026-03-08" in outcome.out


def test_long_table_is_cut_and_says_so(sprout: Cli) -> None:
    outcome = sprout("metrics", *WEEK, *ACME, *METRICS, "--limit", "4")

    assert "the first 4 of 14 rows" in outcome.out
    assert outcome.out.count(" 2026-03-0") == 4


def test_figures_that_were_not_observed_are_told_with_the_reason(sprout: Cli) -> None:
    future = ("--from", "2026-03-08", "--to", "2026-03-20")

    outcome = sprout("metrics", *future, "--profile", "x:@acme", *METRICS)

    assert outcome.code == 0
    assert "Not observed" in outcome.out or "of x" in outcome.out


def test_plan_tells_cost_and_what_is_missing(sprout: Cli) -> None:
    line = ("plan", *WEEK, *ACME, *METRICS)

    table, rows = sprout(*line).out, sprout(*line, "--csv").rows

    assert "requests, at least" in table
    assert "likes (linkedin)" in table
    assert rows[0] == {
        "metric": "impressions",
        "network": "",
        "subject": "",
        "available": "True",
        "reason": "",
        "alternatives": "",
    }
    assert {(row["metric"], row["network"]) for row in rows[3:]} == {
        ("reach", "x"),
        ("likes", "linkedin"),
    }


def test_plan_names_what_is_derived(sprout: Cli) -> None:
    facebook = ("--profile", "facebook:@acme.page")

    outcome = sprout("plan", *WEEK, *facebook, "--metric", "engagements.public")

    assert "engagements.public (facebook)" in outcome.out
