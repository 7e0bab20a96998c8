"""Figures of posts: which posts are meant, and how their figures are shown."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO, TextIOWrapper
from itertools import pairwise
from pathlib import Path

import pytest

from socialmetrics import MetricSeries
from socialmetrics.sandbox import World
from socialmetrics.sandbox.posts import WorldPost
from tests.cli.commandline import WEEK, Cli

LIKES = ("--metric", "likes")
DAY = ("--from", "2026-03-02", "--to", "2026-03-02")
BEGIN = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture(scope="session")
def posts(world: World) -> list[WorldPost]:
    """Posts of one account that everybody can see, the busiest first."""
    found = [
        post
        for post in world.posts
        if post.account == world.profiles[0]
        and not post.protected
        and post.deleted_at is None
        and BEGIN - timedelta(days=14) < post.created_at < BEGIN
    ]
    return sorted(found, key=lambda post: -world.post_total(post, "impressions"))[:4]


@pytest.fixture(scope="session")
def ids(posts: list[WorldPost]) -> list[str]:
    return [post.ref.native_id for post in posts]


def test_posts_without_days_have_totals_and_no_column_of_dates(
    x: Cli, world: World, posts: list[WorldPost], ids: list[str]
) -> None:
    outcome = x("metrics", *ids, "--metric", "likes,reposts")

    assert (outcome.code, outcome.err) == (0, "")
    _, title, _, head, _, *rows = outcome.out.splitlines()
    assert title == "8 figures"
    assert head.split() == ["#", "post", "likes", "reposts"]
    assert [row.split() for row in rows[: len(ids)]] == [
        [
            str(number),
            post.ref.native_id,
            *(f"{world.post_total(post, name):,}" for name in ("likes", "reposts")),
        ]
        for number, post in enumerate(posts, 1)
    ]


def test_posts_of_a_span_are_by_day(
    x: Cli, world: World, posts: list[WorldPost], ids: list[str]
) -> None:
    outcome = x("metrics", ids[0], *LIKES, *WEEK, "--json")

    post, day = posts[0], timedelta(days=1)
    marks = [BEGIN + number * day for number in range(8)]
    totals = [world.post_total(post, "likes", as_of=mark) for mark in marks]
    counts = [after - before for before, after in pairwise(totals)]
    assert [each["value"] for each in outcome.objects] == counts


@pytest.mark.parametrize("columns", ["80", "120"])
def test_hours_are_told_with_their_zone_at_any_width(
    x: Cli, monkeypatch: pytest.MonkeyPatch, ids: list[str], columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    asked = ("--metric", "likes,impressions,link_clicks", "--by", "hour")

    outcome = x("metrics", ids[0], *asked, *DAY)

    lines = outcome.out.splitlines()
    assert max(map(len, lines)) <= int(columns)
    assert "72 figures" in lines
    head = next(line for line in lines if line.startswith("#"))
    assert head.split() == [
        *("#", "post", "from", "(UTC)"),
        *("likes", "impressions", "link_clicks"),
    ]
    rows = [line.split() for line in lines if " 2026-03-02 " in line]
    assert [row[1:4] for row in rows] == [
        [ids[0], "2026-03-02", f"{hour:02d}:00"] for hour in range(24)
    ]


def test_dates_are_those_of_the_zone_that_was_asked_for(x: Cli, ids: list[str]) -> None:
    berlin = ("--tz", "Europe/Berlin")

    days = x("metrics", ids[0], *LIKES, *DAY, *berlin).out
    hours = x("metrics", ids[0], *LIKES, *DAY, *berlin, "--by", "hour").out

    assert "(Europe/Berlin)" in days
    assert f"1  {ids[0]}  2026-03-02 " in days
    assert "2026-03-01" not in days
    assert f"1   {ids[0]}  2026-03-02 00:00 " in hours
    assert f"24  {ids[0]}  2026-03-02 23:00 " in hours


def test_hours_of_a_zone_that_is_half_an_hour_off_keep_their_minutes(
    x: Cli, ids: list[str]
) -> None:
    outcome = x("metrics", ids[0], *LIKES, "--by", "hour", "--tz", "Asia/Kolkata")

    rows = [line for line in outcome.out.splitlines() if ids[0] in line]
    assert len(rows) == 28
    assert all(":30 " in row for row in rows)
    assert "(Asia/Kolkata)" in outcome.out


def test_many_metrics_are_a_row_a_figure_where_they_do_not_fit(
    x: Cli, monkeypatch: pytest.MonkeyPatch, ids: list[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "40")

    outcome = x("metrics", *ids[:2], "--metric", "likes,reposts,comments")

    head = next(line for line in outcome.out.splitlines() if line.startswith("#"))
    assert "from" not in head
    assert all(each in outcome.out for each in ids[:2])


def test_first_rows_of_many_are_shown_with_every_metric_and_all_can_be_explained(
    x: Cli, ids: list[str]
) -> None:
    line = ("metrics", *ids, "--metric", "likes,impressions", *WEEK, "--by", "hour")

    outcome = x(*line, "--limit", "2", "--explain", "672")

    assert "1,344 figures; the first 2 of 672 rows" in outcome.out
    assert outcome.out.count(f"  {ids[0]}  2026-03-02 0") == 2
    assert outcome.out.count("definition: ") == 2
    last = outcome.out.partition("likes of x:")[2]
    assert last.startswith(ids[-1])
    assert "2026-03-08T23:00:00+00:00" in last


def test_ids_addresses_and_lines_of_a_file_are_put_together(
    x: Cli, ids: list[str]
) -> None:
    Path("posts.txt").write_text(
        f"\ufeff# the launch\n\n  {ids[2]}  \n{ids[0]}\n"
        f"https://x.com/acme/status/{ids[3]}?s=20#m\n{ids[2]}\n",
        "utf-8",
    )
    address = f"https://twitter.com/acme/status/{ids[1]}"

    outcome = x(
        "metrics", ids[0], address, "--posts-from", "posts.txt", *LIKES, "--csv"
    )

    assert [row["native_id"] for row in outcome.rows] == [
        ids[0],
        ids[1],
        ids[2],
        ids[3],
    ]


def test_posts_may_come_from_stdin(
    x: Cli, monkeypatch: pytest.MonkeyPatch, ids: list[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", StringIO(f"\ufeff{ids[1]}\n"))

    outcome = x("metrics", "--posts-from", "-", *LIKES, "--json")

    assert [each["native_id"] for each in outcome.objects] == [ids[1]]


@pytest.mark.parametrize("name", ["figures.parquet", "figures.json"])
def test_figures_of_posts_are_read_back(x: Cli, ids: list[str], name: str) -> None:
    told = x("metrics", *ids, "--metric", "likes,reach", "--out", name).err

    series = (
        MetricSeries.from_parquet(name)
        if name.endswith("parquet")
        else MetricSeries.from_json(Path(name).read_text("utf-8"))
    )
    assert [point.subject.native_id for point in series] == ids
    assert f"4 figures in {name}" in told
    assert "reach (x): " in told


def test_notes_of_the_plan_are_told_wherever_figures_are(
    x: Cli, ids: list[str]
) -> None:
    note = "2 owners are asked for; contracts may count owners by month"
    line = (ids[0], *LIKES, *DAY)

    assert f"Good to know\n  {note}\n" in x("plan", *line).out
    assert f"Good to know\n  {note}\n" in x("metrics", *line).out
    assert f"Good to know\n  {note}\n" in x("metrics", *line, "--csv").err
    *_, record = x("plan", *line, "--json").objects
    assert {name: value for name, value in record.items() if value is not None} == {
        "record": "note",
        "reason": note,
    }


def test_posts_that_are_gone_are_told_as_posts(x: Cli, world: World) -> None:
    gone = next(p for p in world.posts if p.ref.network == "x" and p.protected)

    outcome = x("metrics", gone.ref.native_id, *LIKES)

    told = " ".join(outcome.out.split())
    assert "likes: 1 figure of 1 post: unavailable. The subject is deleted" in told
    assert x("metrics", gone.ref.native_id, *LIKES, *DAY).out.count("between") == 1


def test_what_is_missing_of_many_posts_is_cut(x: Cli) -> None:
    late = [str(2_040_000_000_000_000_000 + number * 2**40) for number in range(30)]

    for command in ("plan", "metrics"):
        outcome = x(command, *late, *LIKES, *DAY)

        assert "  and 18 more\n" in outcome.out


def test_hundred_thousand_posts_are_planned_quickly(x: Cli) -> None:
    lines = [str(2_004_902_807_050_754_000 + number * 2**22) for number in range(10**5)]
    Path("many.txt").write_text("\n".join(lines))
    begin = time.process_time()

    outcome = x("plan", "--posts-from", "many.txt", *LIKES)

    assert "requests, at least      400" in outcome.out
    assert time.process_time() - begin < 10


BAD = "# of mine\n\n123\nabc\nx:5\n"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("abc", "'abc' is no post; write a post's id or its address"),
        ("1 x:3 abc", "'x:3' is no post, the first of 2 such texts"),
        (f"{'9' * 99}", f"'{'9' * 80}...' is no post"),
        (
            "1 --posts-from bad.txt",
            "--posts-from bad.txt, line 4: 'abc' is no post, the first of 2",
        ),
        ("--posts-from -", "--posts-from -, line 1: 'nobody' is no post"),
        ("--posts-from empty.txt", "--posts-from empty.txt: it names no post"),
        ("--posts-from comment.txt", "--posts-from comment.txt: it names no post"),
        ("--posts-from latin.txt", "--posts-from latin.txt: it is no text in UTF-8"),
        ("--posts-from no.txt", "--posts-from no.txt: No such file or directory"),
        ("--posts-from .", "--posts-from .: Is a directory"),
        ("1 --profile @acme", "posts and --profile exclude each other"),
        ("--posts-from bad.txt --profile @acme", "posts and --profile exclude"),
        ("1 --by day", "--by day needs days: --from 2026-03-02 --to 2026-03-08"),
        ("1 --from 2026-03-02", "--to is missing; --from and --to belong together"),
        ("1 --to 2026-03-02", "--from is missing; --from and --to belong together"),
        ("1 --from 2026-03-09 --to 2026-03-02", "lies after --to"),
        ("", "--from is missing; write --from 2026-03-02 --to 2026-03-08"),
    ],
)
@pytest.mark.parametrize("command", ["metrics", "plan"])
def test_posts_that_cannot_be_meant_are_told(
    x: Cli, monkeypatch: pytest.MonkeyPatch, command: str, line: str, words: str
) -> None:
    Path("bad.txt").write_text(BAD)
    Path("empty.txt").write_text("")
    Path("comment.txt").write_text("#1\n \n")
    Path("latin.txt").write_bytes(b"\xff\xfe1")
    monkeypatch.setattr(sys, "stdin", StringIO("nobody"))

    outcome = x(command, *line.split(), *LIKES)

    assert (outcome.code, outcome.out) == (2, "")
    assert words in outcome.err
    assert "Usage (exit code 2)" in outcome.err


def test_stdin_that_is_no_text_is_told(x: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = TextIOWrapper(BytesIO(b"\xff1"), encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", raw)

    outcome = x("plan", "--posts-from", "-", *LIKES)

    assert outcome.code == 2
    assert "--posts-from -: it is no text in UTF-8" in outcome.err


def test_vendor_that_finds_no_posts_by_id_says_what_to_do_instead(
    sprout: Cli,
) -> None:
    outcome = sprout("metrics", "123", *LIKES)

    assert outcome.code == 2
    assert "sprout finds no posts by their ids; `socialmetrics posts" in outcome.err


def test_accounts_are_missing_where_only_posts_are_counted(x: Cli) -> None:
    outcome = x("metrics", *LIKES, *DAY)

    assert "counts posts of X, and nothing else" in " ".join(outcome.out.split())
