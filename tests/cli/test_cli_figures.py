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


def test_a_figure_that_did_not_come_is_missing_for_those_who_ask(x: Cli) -> None:
    line = ("metrics", "500000000000000000", "--metric", "likes")

    assert x(*line).code == 0
    assert x(*line, "--strict-missing").code == 6


def test_total_says_why_reach_is_not_added(sprout: Cli) -> None:
    line = ("metrics", *WEEK, "--profile", "linkedin:@acme", "--by", "total")

    outcome = sprout(*line, "--metric", "reach", "--metric", "impressions")

    assert "reach (linkedin): it counts different people each day" in outcome.out
    assert outcome.out.startswith("\n1 figure\n")


def test_row_is_explained_figure_by_figure(sprout: Cli) -> None:
    outcome = sprout("metrics", *WEEK, *ACME, *METRICS, "--explain", "14")

    assert "impressions of linkedin:5005001" in outcome.out
    assert "reach of linkedin:5005001" in outcome.out
    assert "2026-03-08 .. 2026-03-08" in outcome.out


def test_long_table_is_cut_and_says_so(sprout: Cli) -> None:
    outcome = sprout("metrics", *WEEK, *ACME, *METRICS, "--limit", "4")

    assert "28 figures; the first 4 of 14 rows" in outcome.out
    assert "4 of 14 rows; more with" in outcome.out
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
    assert "waiting for the budget  none" in table
    cost, *metrics = [{k: v for k, v in row.items() if v} for row in rows]
    assert cost == {"record": "plan", "parts": "1", "requests": "1", "seconds": "0.0"}
    assert metrics[0] == {
        "record": "metric",
        "metric": "impressions",
        "available": "True",
    }
    missing = [row for row in metrics if row["available"] == "False"]
    assert {(row["metric"], row["network"]) for row in missing} == {
        ("reach", "x"),
        ("likes", "linkedin"),
    }


def test_plan_names_what_is_derived(sprout: Cli) -> None:
    facebook = ("--profile", "facebook:@acme.page")

    line = ("plan", *WEEK, *facebook, "--metric", "engagements.public")

    table, (_, metric) = sprout(*line).out, sprout(*line, "--json").objects

    assert "engagements.public (facebook)" in table
    assert metric["derived_for"] == ["facebook"]


def test_plan_that_must_wait_for_its_budget_says_how_long(sprout: Cli) -> None:
    slow = ("--set", "budget=[[2,1]]")
    year = ("--from", "2020-01-01", "--to", "2026-03-08")

    outcome = sprout("plan", *year, *ACME, "--metric", "impressions", *slow)

    assert "(h:mm:ss) at least, before the last request" in outcome.out


SCOPES = ("--metric", "impressions,reach,engagements.public,likes,reactions,followers")


@pytest.mark.parametrize("columns", ["40", "80", "120"])
def test_figures_are_whole_at_any_width(
    sprout: Cli, monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    whole = sprout("metrics", *WEEK, *SCOPES, "--json").objects[:50]
    monkeypatch.setenv("COLUMNS", columns)

    outcome = sprout("metrics", *WEEK, *SCOPES)

    words = outcome.out.split()
    assert [each for each in whole if f"{each['value']:,}" not in words] == []
    assert "2026-03-02" in words
    assert "…" not in outcome.out.partition("Missing")[0]


def test_row_of_the_long_table_is_one_figure(
    sprout: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")

    outcome = sprout("metrics", *WEEK, *SCOPES, "--explain", "2", "--limit", "3")

    third = next(line for line in outcome.out.splitlines() if line.startswith("3 "))
    assert "2026-03-04" in third
    assert outcome.out.count("definition: ") == 1
    assert "span: 2026-03-03 .. 2026-03-03" in outcome.out


def test_profiles_may_be_separated_by_commas(sprout: Cli) -> None:
    line = ("metrics", *WEEK, "--metric", "impressions", "--by", "total", "--json")

    both = sprout(*line, "--profile", "x:@acme,linkedin:@acme").objects

    assert {each["network"] for each in both} == {"x", "linkedin"}


def test_file_of_some_figures_says_that_there_were_more(sprout: Cli) -> None:
    line = ("metrics", *WEEK, *ACME, *METRICS, "--limit", "2")

    assert "2 of 28 figures in f.csv" in sprout(*line, "--out", "f.csv").err
