from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tests.cli.commandline import MONTH, WEEK, Cli


def test_profiles_are_listed_in_every_form(sprout: Cli) -> None:
    table, lines, rows = (
        sprout("profiles").out,
        sprout("profiles", "--json").objects,
        sprout("profiles", "--csv").rows,
    )

    assert "1067094924124872705" in table
    assert lines[0]["handle"] == "acme"
    assert lines[0]["groups"] == ["1201", "1202"]
    assert rows[0]["groups"] == "1201 1202"
    assert len(lines) == len(rows) == 17


def test_posts_come_with_value_status_and_scope(sprout: Cli) -> None:
    outcome = sprout("posts", *MONTH, "--metric", "impressions,likes", "--json")

    post = next(each for each in outcome.objects if each["network"] == "x")
    figure = post["metrics"]["impressions"]
    assert figure["status"] == "observed"
    assert figure["scope"] == "organic"
    assert isinstance(figure["value"], int)
    assert post["created_at"].endswith("+00:00")


def test_unknown_figure_is_empty_in_csv_and_null_in_parquet_never_zero(
    sprout: Cli,
) -> None:
    line = ("posts", *MONTH, "--metric", "likes")

    rows = sprout(*line, "--csv").rows
    told = sprout(*line, "--out", "posts.parquet")

    linkedin = [row for row in rows if row["network"] == "linkedin"]
    assert {row["likes"] for row in linkedin} == {""}
    table = pl.read_parquet("posts.parquet").to_dicts()
    assert {row["likes"] for row in table if row["network"] == "linkedin"} == {None}
    assert sum(row["likes"] is not None for row in table) > 0
    assert [row["native_id"] for row in table] == [row["native_id"] for row in rows]
    assert told.out == ""
    assert f"{len(rows)} rows in posts.parquet" in told.err


def test_missing_metrics_of_posts_are_told_beside_the_data(sprout: Cli) -> None:
    outcome = sprout("posts", *WEEK, "--metric", "likes", "--csv", "--strict-missing")

    assert outcome.code == 6
    assert "likes (linkedin): " in outcome.err
    assert "Instead: reactions" in outcome.err


def test_table_of_posts_names_profiles_and_says_when_there_are_more(
    sprout: Cli,
) -> None:
    line = ("posts", *MONTH, "--profile", "x:@acme", "--metric", "impressions")

    cut, whole = sprout(*line, "--limit", "3"), sprout(*line, "--limit", "1000")

    assert cut.out.count("x @acme") == 3
    assert "the first 3; more with" in cut.out
    assert whole.out.count("x @acme") > 3
    assert "the first" not in whole.out
    assert whole.err == ""
    assert max(map(len, cut.out.splitlines())) <= 120


def test_limit_holds_in_every_form(sprout: Cli) -> None:
    line = ("posts", *MONTH, "--limit", "2")

    assert len(sprout(*line, "--json").objects) == 2
    assert len(sprout(*line, "--csv").rows) == 2


def test_inbox_is_listed_and_filtered(sprout: Cli) -> None:
    everything = sprout("messages", *MONTH, "--json").objects
    tweets = sprout(
        "messages", *MONTH, "--where", "post_type=TWEET, FBCR_COMMENT", "--csv"
    ).rows

    kinds = {row["kind"] for row in tweets}
    assert kinds <= {"TWEET", "FBCR_COMMENT"}
    assert 0 < len(tweets) < len(everything)
    assert {each["sent"] for each in everything} == {True, False}
    assert "author" in sprout("messages", *MONTH).out


def test_file_holds_flags_and_instants(sprout: Cli) -> None:
    sprout("messages", *MONTH, "--out", "inbox.parquet")
    sprout("messages", *MONTH, "--out", "inbox.jsonl")

    table = pl.read_parquet("inbox.parquet")
    assert table.schema["sent"] == pl.Boolean
    assert table.schema["created_at"] == pl.Datetime("us", "UTC")
    assert table.height == len(Path("inbox.jsonl").read_text().splitlines())


def test_file_that_failed_halfway_is_not_there(
    sprout: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("posts.csv").write_text("of yesterday")

    outcome = sprout("posts", *WEEK, "--metric", "likez", "--out", "posts.csv")

    assert outcome.code == 2
    assert Path("posts.csv").read_text() == "of yesterday"
