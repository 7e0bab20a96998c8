"""What several tools say of one account and week, at the command line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import polars as pl
import pytest

import socialmetrics as sm
from socialmetrics.cli import compare as command
from socialmetrics.cli.compare_question import written
from socialmetrics.comparison.comparison import Comparison
from socialmetrics.sandbox import World
from socialmetrics.sandbox.measures import Scope
from tests.cli.commandline import WEEK, Cli, Outcome

ACME = sm.Ref("x", "1067094924124872705")
TWO = ("--left", "sprout", "--right", "x", "--profile", "x:@acme")
THREE = (*TWO, "--and", "hootsuite")
TENTH = ("--week", "2026-W10")
LIKES = ("--metric", "likes")
Compare = Callable[..., Outcome]


@pytest.fixture
def compare(three: Cli) -> Compare:
    def run(*tokens: str) -> Outcome:
        return three("compare", *tokens)

    return run


def truth(world: World, metric: str, scope: Scope = "total") -> int:
    """What the account collected in that week."""
    week = sm.Window.days("2026-03-02", "2026-03-08")
    account = world.profile(ACME)
    return world.profile_sum(account, metric, scope, week.start, week.end)


def rows(path: str) -> list[dict[str, Any]]:
    return pl.read_parquet(path).to_dicts()


def test_text_report_says_what_each_tool_has_and_why(
    compare: Compare, world: World
) -> None:
    outcome = compare(*THREE, *TENTH, "--metric", "likes,followers")

    assert outcome.code == 0
    assert outcome.err == ""
    assert outcome.out.startswith("@acme on x\n2 Mar to 8 Mar 2026 (UTC)\n")
    assert f"{truth(world, 'likes'):,}" in outcome.out
    for words in (
        "Sprout Social: read 11 Mar 2026 06:00 UTC",
        "Missing at X Engagement\n  followers (x): X's Engagement API has no followers",
        "X Engagement",
        "Hootsuite",
    ):
        assert words in outcome.out


def test_page_is_written_with_a_summary_on_the_terminal(
    compare: Compare, world: World
) -> None:
    outcome = compare(*THREE, *TENTH, "--out", "report.html")

    assert outcome.code == 0
    page = Path("report.html").read_text("utf-8")
    assert page.startswith("<!doctype html>")
    likes = f"{truth(world, 'likes'):,}"
    for text in (page, outcome.out):
        assert likes in text
        assert "Hootsuite" in text
    assert "Sprout Social and X Engagement: @acme on x, 2 Mar to 8 Mar" in outcome.out
    assert outcome.out.endswith("\nThe report is in report.html\n")
    assert "only one of the tools has figures of" in outcome.err


def test_rows_are_the_figures_of_the_world(compare: Compare, world: World) -> None:
    compare(*TWO, *TENTH, "--metric", "impressions,likes", "--out", "pairs.parquet")

    found = {row["metric"]: row for row in rows("pairs.parquet")}
    assert found["impressions"]["left"] == truth(world, "impressions", "organic")
    assert found["likes"]["left"] == truth(world, "likes")
    assert {row["left_name"] for row in found.values()} == {"Sprout Social"}
    assert {row["right_name"] for row in found.values()} == {"X Engagement"}


def test_csv_has_a_line_for_every_pair_and_day(compare: Compare) -> None:
    line = (*TWO, *WEEK, *LIKES, "--by", "day")

    printed = compare(*line, "--csv")
    written = compare(*line, "--out", "days.csv")

    assert len(printed.rows) == 7
    assert printed.rows[0]["start"] == "2026-03-02T00:00:00+00:00"
    assert float(printed.rows[0]["left"]) >= 0
    assert Path("days.csv").read_text("utf-8") == printed.out
    assert "7 pairs of figures in days.csv" in written.err
    assert written.out == ""


def test_json_is_the_whole_comparison(compare: Compare) -> None:
    printed = compare(*TWO, *TENTH, *LIKES, "--json")
    compare(*TWO, *TENTH, *LIKES, "--out", "all.json")

    told = json.loads(printed.out)
    assert told["format"] == "socialmetrics.comparison"
    assert [side["name"] for side in told["sides"]] == ["Sprout Social", "X Engagement"]
    assert json.loads(Path("all.json").read_text("utf-8"))["rows"] == told["rows"]


def test_summary_by_day_tells_the_days(compare: Compare) -> None:
    outcome = compare(*TWO, *TENTH, *LIKES, "--by", "day", "--out", "report.html")

    lines = [line for line in outcome.out.splitlines() if line[:8] == "2026-03-"]
    assert [line.split()[0] for line in lines] == [
        f"2026-03-0{day}" for day in range(2, 9)
    ]


def test_dry_run_tells_what_it_takes_and_asks_for_no_figure(compare: Compare) -> None:
    line = (*THREE, *TENTH, "--metric", "likes,followers,quotes", "--dry-run")

    outcome = compare(*line)

    assert outcome.code == 0
    for words in (
        "the account by day",
        "posts that others list",
        "posts since publication",
        "a list of posts",
        "likes[scope=paid]",
        "Good to know",
        "Hootsuite: needs the scope analytics:read",
        "Missing at X Engagement\n  followers (x)",
        "Missing at Sprout Social\n  quotes",
    ):
        assert words in outcome.out


def test_dry_run_of_files_tells_what_they_hold(compare: Compare, week: str) -> None:
    outcome = compare(
        *FILES, week, "--left", "sprout", "--dry-run", "--profile", "x:@acme", *TENTH
    )

    assert "as they are in the file" in outcome.out
    assert "impressions" in outcome.out


FILES = ("--right",)


@pytest.fixture
def week(three: Cli) -> str:
    """Figures of two accounts in a file, as `metrics --out` writes them."""
    accounts = ("--profile", "x:@acme,linkedin:@acme")
    metrics = ("--metric", "impressions,comments")
    three("metrics", "sprout", *WEEK, *accounts, *metrics, "--out", "week.parquet")
    return "week.parquet"


def test_file_of_figures_stands_beside_a_tool(compare: Compare, week: str) -> None:
    line = ("--left", "sprout", "--right", week, "--profile", "x:@acme", *TENTH)

    outcome = compare(*line, "--out", "pairs.parquet", "--metric", "impressions")

    (row,) = rows("pairs.parquet")
    assert (row["left"], row["verdict"]) == (row["right"], "comparable")
    assert row["right_name"] == "week.parquet"
    assert "week.parquet: 14 figures of other accounts are left out" in outcome.err


@pytest.mark.parametrize("left", ["sprout", "copy.parquet"])
def test_dry_run_tells_what_a_file_holds(
    compare: Compare, week: str, left: str
) -> None:
    Path("copy.parquet").write_bytes(Path(week).read_bytes())
    account = ("--profile", "x:@acme", *TENTH) if left == "sprout" else ()

    outcome = compare("--left", left, "--right", week, *account, "--dry-run")

    assert outcome.code == 0
    assert "as they are in the file" in outcome.out
    assert ("the account by day" in outcome.out) == (left == "sprout")


def test_files_alone_need_neither_account_nor_days(
    three: Cli, compare: Compare, week: str
) -> None:
    three("metrics", "sprout", *WEEK, "--metric", "comments", "--out", "again.json")

    outcome = compare("--left", week, "--right", "again.json", "--csv", "--by", "day")

    assert outcome.code == 0
    assert len(outcome.rows) == 14
    assert {row["metric"] for row in outcome.rows} == {"comments"}
    assert all(row["left"] == row["right"] for row in outcome.rows)


MAPPING = """\
vendor = "planner"
endpoint = "Post report"
level = "post"
network = "x"
subject = { column = "Post", by = "id" }
step = "lifetime"
published = { column = "Published" }
read_at = 2026-03-11T06:00:00Z
zone = "UTC"

[[metric]]
column = "Likes"
metric = "likes"
scope = "total"
"""


@pytest.fixture
def export(three: Cli) -> str:
    """The posts of that week with their likes, as another tool exports them."""
    line = ("posts", "sprout", "--profile", "x:@acme", *WEEK, *LIKES, "--json")
    lines = ["Post,Published,Likes"]
    lines += [
        f"{post['native_id']},{post['created_at']},{post['metrics']['likes']['value']}"
        for post in three(*line).objects
    ]
    Path("report.csv").write_text("\n".join(lines), "utf-8")
    Path("map.toml").write_text(MAPPING, "utf-8")
    return "report.csv"


@pytest.mark.parametrize("where", ["left", "right", "and"])
def test_export_with_its_mapping_stands_beside_tools(
    compare: Compare, export: str, where: str
) -> None:
    sides = {"left": "x", "right": "x", where: export}
    line = [text for name, side in sides.items() for text in (f"--{name}", side)]
    line += ["--set", "left.timeout=20"] * (where == "and")

    outcome = compare(
        *line, f"--{where}-mapping", "map.toml", "--profile", str(ACME), *TENTH, *LIKES,
        "--out", "pairs.parquet",
    )  # fmt: skip

    assert outcome.code == 0
    pairs = [(row["left_name"], row["right_name"]) for row in rows("pairs.parquet")]
    assert any("report.csv" in pair for pair in pairs)


def test_one_tool_with_two_settings_is_two_sides(compare: Compare) -> None:
    line = ("--left", "sprout", "--right", "sprout", "--profile", "x:@acme", *TENTH)

    outcome = compare(*line, "--set", "right.timeout=20", *LIKES, "--csv")

    (row,) = outcome.rows
    assert row["left_name"] == "Sprout Social (left)"
    assert row["right_name"] == "Sprout Social (right)"
    assert row["left"] == row["right"]


def test_settings_are_of_a_side_or_of_an_adapter(compare: Compare) -> None:
    line = (*TWO, *TENTH, *LIKES, "--set", "sprout.token=wrong")

    refused = compare(*line)
    stronger = compare(*line, "--set", "left.token=sandbox-sprout-token-7f3a9c")

    assert (refused.code, stronger.code) == (3, 0)
    assert "Sprout Social" in refused.err
    assert "wrong" not in refused.err


def test_missing_is_an_exit_code_for_those_who_ask(compare: Compare) -> None:
    strict = (*TWO, *TENTH, "--strict-missing", "--csv")

    assert compare(*strict, *LIKES).code == 0
    assert compare(*strict, "--metric", "followers").code == 6
    assert compare(*TWO, *TENTH, "--metric", "followers").code == 0


def test_nothing_in_common_is_said_and_missing_for_those_who_ask(
    compare: Compare,
) -> None:
    line = (*TWO, *TENTH, "--metric", "followers", "--out", "report.html")

    outcome = compare(*line, "--strict-missing")

    assert outcome.code == 6
    assert "Nothing can be compared" in outcome.out
    assert "X's Engagement API has no followers" in outcome.err


def faulty(severity: str) -> property:
    from socialmetrics.comparison.result import Fault, Grounds

    fault = Fault(
        grounds=Grounds(id="a-rule", text="A part is at most its whole.", source="-"),
        severity=severity,  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        subject=ACME,
        start=sm.Window.days("2026-03-02", "2026-03-02").start,
        end=None,
        lesser=2,
        lesser_metric="likes",
        lesser_name="x",
        greater=1,
        greater_metric="reactions",
        greater_name="x",
        text="2 likes are above 1 reaction",
    )
    return property(lambda _: (fault,) * 13)


@pytest.mark.parametrize(("severity", "code"), [("fault", 9), ("warning", 0)])
def test_faults_are_an_exit_code_for_those_who_ask(
    compare: Compare, monkeypatch: pytest.MonkeyPatch, severity: str, code: int
) -> None:
    monkeypatch.setattr(Comparison, "faults", faulty(severity))
    line = (*TWO, *TENTH, *LIKES, "--out", "report.html")

    asked, outcome = compare(*line, "--strict-faults"), compare(*line)

    assert (asked.code, outcome.code) == (code, 0)
    assert f"  {severity}: 2 likes are above 1 reaction" in outcome.out
    assert "  and 1 more" in outcome.out


def test_running_week_is_said_to_grow(compare: Compare) -> None:
    outcome = compare(*TWO, "--week", "2026w11", *LIKES)

    assert outcome.code == 0
    assert "2026-03-09 .. 2026-03-15 (UTC) is not over at 2026-03-11" in outcome.out


def test_long_comparison_is_summed_up_by_its_beginning(
    compare: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    from socialmetrics.cli import compare_output

    monkeypatch.setattr(compare_output, "ROWS", 3)

    outcome = compare(*TWO, *TENTH, *LIKES, "--by", "day", "--out", "report.html")

    assert "\n  and 4 more\n" in outcome.out


def test_several_accounts_are_told_apart(three: Cli, week: str) -> None:
    Path("copy.parquet").write_bytes(Path(week).read_bytes())

    outcome = three(
        "compare", "--left", week, "--right", "copy.parquet", "--out", "report.html"
    )

    assert "whose" in outcome.out
    assert "linkedin:5005001" in outcome.out


@pytest.mark.parametrize("columns", ["80", "120"])
def test_nothing_is_wider_than_the_terminal(
    compare: Compare, monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)

    text, page = compare(*THREE, *TENTH), compare(*THREE, *TENTH, "--out", "r.html")

    lines = [*text.out.splitlines(), *page.out.splitlines(), *page.err.splitlines()]
    assert max(map(len, lines)) <= int(columns)


PAIR = "--left sprout --right x"
BAD = [
    ("", "--left is missing"),
    ("--left sprout --right x --week 2026-W10", "--profile is missing"),
    ("--left sprout --right x --profile a", "days are missing"),
    ("T --week 2026-W54", "--week 2026-W54: 2026 has the weeks W01 to W53"),
    ("T --week 2025-W53", "2025 has the weeks W01 to W52"),
    ("T --week 0000-W01", "--week 0000-W01: no such year"),
    ("T --week 10", "--week 10: no week; write one like 2026-W10"),
    ("T --week 2026-W10 --from 2026-03-02", "--week stands alone"),
    ("T --from 2026-03-02", "--to is missing"),
    ("T --to 2026-03-02", "--from is missing"),
    ("T --from 2026-03-09 --to 2026-03-02", "lies after --to"),
    ("T --week 2026-W40", "lies in the future: it is 2026-03-11 06:00 UTC"),
    ("T --week 2026-W10 --tz Mars", "Mars|IANA"),
    ("T --week 2026-W10 --lookback -1", "--lookback -1 is below zero"),
    ("T --week 2026-W10 --metric likes[scope=paid]", "ask for 'likes'"),
    ("T --week 2026-W10 --metric likez", "'likez'|did you mean likes"),
    ("T --week 2026-W10 --by hour", "--by|hour"),
    ("T --week 2026-W10 --out report.pdf", "must end in .html or .json or .csv or"),
    ("T --week 2026-W10 --out nowhere/r.html", "there is no folder nowhere"),
    ("T --week 2026-W10 --json --csv", "exclude each other"),
    ("T --week 2026-W10 --dry-run --json", "--dry-run prints a table"),
    (
        "--left hootsuite --right x --week 2026-W10 --profile @acme",
        "instagram:@acme, linkedin:@acme|where accounts without a handle are: x:1067",
    ),
    (
        "T --week 2026-W10 --tz Asia/Kolkata",
        "where       X Engagement|the window's start 2026-03-01T18:30|--tz UTC",
    ),
    ("T --week 9999-W52", "the calendar ends on 9999-12-31, within that week"),
    ("T --week 9999-W53", "9999 has the weeks W01 to W52"),
    (f"{PAIR} --week 2026-W10 --profile x:@acmee", "did you mean x:@acme?"),
    (
        f"{PAIR} --week 2026-W10 --profile facebook:@acme.page",
        "X Engagement does not have @acme.page of facebook|x:1067094924124872705",
    ),
    ("--left nobody --right x", "--left nobody: no adapter is called 'nobody'|sprout"),
    ("--left x --right x", "are the same|--set right.NAME=VALUE"),
    ("--left sprout --right x --and x", "--right x and --and x are the same"),
    ("--left a.csv --right x", "--left a.csv: say what its columns|--left-mapping"),
    ("--left a.txt --right x", "a file must end in one of .csv, .xlsx, .parquet"),
    ("--left x --left-mapping m --right sprout", "--left x is none"),
    ("--left a.json --left-mapping m --right x", "--left a.json says itself"),
    ("--left x --right sprout --and-mapping m", "no export by --and for it"),
    ("--left a.csv --left-mapping no.toml --right b.json", "no.toml cannot be read"),
    ("--left a.json --right b.json", "a.json cannot be read"),
    ("--left bad.json --right b.json", "bad.json: "),
    ("--left no.parquet --right b.json", "no.parquet"),
    ("--left a.json --right a.json", "are the same; compare it with another one"),
    ("--left a.json --right b.json --profile @a", "--profile is for adapters"),
    ("--left a.json --right b.json --set left.token=s3", "is a file without settings"),
    ("T --set timeout=20", "--set takes left.NAME=VALUE"),
    ("T --set left.timeout", "--set takes NAME=VALUE"),
    ("T --set hootsuite.token=s3cr3t", "no side is called so; there are left, sprout"),
    ("T --week 2026-W10 --set left.tokn=s3cr3t", "tokn|did you mean 'token'"),
]


@pytest.mark.parametrize(("line", "words"), BAD)
def test_bad_input_is_one_block_that_says_what_to_do(
    compare: Compare, line: str, words: str
) -> None:
    Path("a.csv").write_text("Post\n1\n", "utf-8")
    Path("bad.json").write_text("{}", "utf-8")
    tokens = line.replace("T ", f"{' '.join(TWO)} ").split()

    outcome = compare(*tokens)

    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("Error: ")
    assert [word for word in words.split("|") if word not in outcome.err] == []
    assert "s3cr3t" not in outcome.err


def test_page_without_its_packages_is_refused_before_anything_is_asked(
    compare: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "has_report", lambda: False)

    outcome = compare(*TWO, *TENTH, "--out", "report.html")

    assert outcome.code == 2
    assert "pip install 'socialmetrics[report]'" in outcome.err


def test_help_has_examples_and_every_ending(cli: Cli) -> None:
    told = " ".join(cli("compare", "--help").out.split())

    assert told.count("Example: socialmetrics compare --left") == 2
    assert "--left-mapping mapping.toml" in told
    for ending in (".html", ".json", ".csv", ".parquet"):
        assert ending in told.rpartition("--out")[2]


def test_handle_means_the_account_that_all_tools_have(compare: Compare) -> None:
    line = ("--left", "sprout", "--right", "x", "--profile", "@acme", *TENTH, *LIKES)

    outcome = compare(*line, "--out", "report.html")

    assert outcome.code == 0
    assert "Sprout Social and X Engagement: @acme on x, 2 Mar" in outcome.out
    assert "<title>@acme on x" in Path("report.html").read_text("utf-8")
    told = " ".join(outcome.err.split())
    assert "@acme fits instagram:@acme, linkedin:@acme" in told
    assert "as well, which not all of the tools have: left out" in told


BOTH = ("--left", "sprout", "--right", "hootsuite", "--profile", "@acme", *TENTH)


def test_handle_means_all_accounts_that_all_tools_have(compare: Compare) -> None:
    line = (*BOTH, "--metric", "followers")

    outcome, plan = compare(*line, "--out", "report.html"), compare(*line, "--dry-run")

    assert outcome.code == 0
    for network in ("x", "instagram", "youtube", "tiktok"):
        assert f"@acme on {network} " in outcome.out
        assert f"{network}:@acme " in plan.out
    assert "fits" not in outcome.err


def test_account_without_a_handle_is_written_by_its_id() -> None:
    acme = sm.Profile(ref=ACME, vendor_id="7", name="Acme", handle="acme")

    assert written(acme) == "x:@acme"
    assert written(attrs.evolve(acme, handle=None)) == str(ACME)


EXPORTED = ("--right-mapping", "map.toml", *TENTH, *LIKES)


def test_posts_of_an_export_are_those_of_the_account(
    compare: Compare, export: str
) -> None:
    line = ("--left", "sprout", "--right", export, "--profile", "x:@acme", *EXPORTED)

    outcome = compare(*line, "--csv")

    (row,) = outcome.rows
    assert (row["metric"], row["right_name"]) == ("likes", "report.csv")
    assert float(row["right"]) > 0


def test_why_nothing_can_be_compared_is_told_in_words_of_the_command_line(
    compare: Compare, export: str
) -> None:
    account = ("--profile", "instagram:@acme")
    line = ("--left", "sprout", "--right", export, *account, *EXPORTED)

    text, page = compare(*line), compare(*line, "--out", "report.html")

    assert "Nothing can be compared" in page.out
    for outcome in (text, page):
        told = " ".join(outcome.out.split())
        assert "report.csv has likes only of posts" in told
        assert "an adapter on one more side that lists the account's posts" in told
        assert "posts=" not in told
    assert "posts=" not in Path("report.html").read_text("utf-8")


def test_tool_that_cannot_count_in_that_zone_is_missing_with_the_advice(
    compare: Compare,
) -> None:
    line = (*THREE, *TENTH, "--tz", "Asia/Kolkata", *LIKES)

    outcome, plan = compare(*line, "--out", "report.html"), compare(*line, "--dry-run")

    assert outcome.code == 0
    assert "Sprout Social and Hootsuite: @acme on x" in outcome.out
    for told in (outcome.err, plan.out):
        assert "Missing at X Engagement\n  likes (x): the window's start" in told
        assert "--tz UTC" in told
    assert "posts that others list" not in plan.out


def test_days_left_out_are_told_beside_every_form(three: Cli, compare: Compare) -> None:
    days = ("--profile", "x:@acme", "--metric", "likes")
    for first, last, file in (("02", "06", "a.parquet"), ("04", "08", "b.parquet")):
        span = ("--from", f"2026-03-{first}", "--to", f"2026-03-{last}")
        three("metrics", "sprout", *span, *days, "--out", file)
    line = ("--left", "a.parquet", "--right", "b.parquet")

    page, text = compare(*line, "--out", "report.html"), compare(*line)
    lines = compare(*line, "--csv")

    cut = r"likes: cut to the days that both have; \d days are left out\n"
    assert re.search(rf"─\n.*comparable.*\n  {cut}", page.out) is not None
    for told in (text.out, lines.err):
        found = re.search(rf"Good to know\n  a.parquet and b.parquet: {cut}", told)
        assert found is not None
