from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import overload

import attrs
import pytest

from socialmetrics.comparison.result import Cause, Grounds, Row
from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Ref
from socialmetrics.reading import Status
from socialmetrics.report import html, view
from socialmetrics.report.html import page, write
from socialmetrics.series import MetricSeries
from tests.report.comparisons import (
    GAP,
    SCOPE,
    WEEK,
    Made,
    Pair,
    acme,
    fault,
    lines,
    made,
    source,
)
from tests.report.pages import Node, cells, read
from tests.series.figures import ACME, TOTAL_LIKES, days

HOSTILE = (
    "</title><script>alert('1')</script>\"'><img src=x onerror=alert(1)>\u202eevil"
)
TAME = "</title><script>alert('1')</script>\"'><img src=x onerror=alert(1)>evil"


@pytest.fixture(scope="module")
def shown() -> Node:
    return read(page(acme()))


def table_of(tree: Node, section: str, number: int = 0) -> Node:
    return tree.one(id=section).all("table")[number]


def test_the_figures_of_all_tools_are_set_side_by_side(shown: Node) -> None:
    rows = cells(table_of(shown, "figures"))

    assert rows == [
        ["@acme on X 2 Mar to 8 Mar 2026 (UTC)"],
        [
            "Impressions Network: organic",
            "24,383",
            "24,383",
            "25,238",
            "= comparable same figure",
            "≠ not comparable gap +855 (+3.5 %)",
            "not compared",
        ],
        [
            "Impressions Network: total",
            "24,383",
            "54,528",
            "not compared",
            "≤ bounded 24,383 ≤ 54,528 holds",
            "not compared",
            "not compared",
        ],
        [
            "Engagements (vendor)",
            "2,261",
            "2,261",
            "924",
            "not compared",
            "≠ not comparable gap −1,337 (−59 %)",
            "≠ not comparable gap −1,337 (−59 %)",
        ],
        [
            "Engagements (public)",
            "808",
            "not compared",
            "924",
            "not compared",
            "⇆ comparable after conversion gap +116 (+14 %)",
            "not compared",
        ],
        [
            "Quotes",
            "not reported",
            "too old",
            "not compared",
            "? unknown",
            "not compared",
            "not compared",
        ],
    ]


def test_the_head_says_who_when_and_how_it_was_read(shown: Node) -> None:
    header = shown.one("header")

    assert header.one("h1").text == "@acme on X"
    assert [each.text for each in header.all("dd")] == [
        "2 Mar to 8 Mar 2026 (UTC)",
        *[
            "read 11 Mar 2026 06:00 UTC · " + n
            for n in ("toolbox", "network", "planner")
        ],
    ]
    assert (
        shown.one("head").one("title").text
        == "@acme on X: Toolbox, Network and Planner compared"
    )


def test_verdicts_are_told_in_words_with_their_reasons(shown: Node) -> None:
    said = [each.text for each in shown.all("p", class_="sentence")]

    assert said[:2] == [
        "Toolbox can never be above Network, because of the scope.",
        "Toolbox and Planner cannot be set side by side, because of the date axis.",
    ]
    reasons = shown.one(id="metric-2-2").one("ul", class_="reasons").all("li")
    assert [each.text for each in reasons] == [
        "Formula: Network counts ten actions, Planner three.",
        (
            "Date axis: Network counts the week's activity, Planner the posts of this "
            "week."
        ),
    ]
    cards = [each.text for each in shown.one(id="verdicts").all("article")]
    assert cards[2] == "■Network and ▲Planner ≠ not comparable Engagements (vendor)"


def test_axes_come_with_rule_source_and_dates(shown: Node) -> None:
    axes = shown.one(id="metric-1-1").one("table", class_="axes")

    assert cells(axes)[1] == [
        "scope",
        "ordered",
        "Toolbox counts organic impressions, Network all of them.",
        "organic-is-at-most-total Organic impressions are never above all impressions.",
        "network documents, read 2026-01-15",
        "1 May 2023 to 31 Dec 2027",
    ]
    assert cells(axes)[0][5] == "since 1 Jan 2024"


def test_a_gap_is_split_into_its_causes(shown: Node) -> None:
    split = shown.one(id="metric-2-2")

    assert "Why Network says 2,261 and Planner says 924" in split.text
    assert cells(split.one("table", class_="split")) == [
        ["Network", "", "2,261", ""],
        [
            "formula",
            "−1,453",
            "808",
            "computed: quotes, clicks and follows are not counted.",
        ],
        [
            "date axis",
            "+226",
            "1,034",
            "computed: this week's posts gained 356 after it, older ones 130 in it.",
        ],
        [
            "freshness",
            "−110",
            "924",
            (
                "known within bounds (from −140 to 0): activity after the last refresh "
                "of Planner."
            ),
        ],
        ["unexplained", "0", "924", ""],
        ["Planner", "", "924", ""],
    ]


def test_what_is_not_known_is_never_a_zero(shown: Node) -> None:
    split = shown.one(id="metric-1-2")

    rows = cells(split.one("table", class_="split"))

    assert rows[1][:3] == ["date axis", "not known", "24,383"]
    assert rows[2][:3] == ["unexplained", "+855", "25,238"]
    assert "The axis does not begin at zero." in split.one("figcaption").text


def test_gaps_without_a_cause_are_told_without_a_picture(shown: Node) -> None:
    bounded = shown.one(id="metric-1-1")

    assert "The gap is +30,145 (+124 %), and none of it is explained." in bounded.text
    assert bounded.all("svg") == []
    assert "No gap to split." in page(made(Pair()))
    assert "there is no gap to split" in shown.one(id="metric-4-1").text


def test_conversions_are_steps(shown: Node) -> None:
    steps = shown.one(id="metric-3-1").one("ol").all("li")

    assert [each.text for each in steps] == [
        "date axis (Planner): older posts' activity of the week was added."
    ]
    assert (
        "In the terms of Planner, Toolbox says 1,034."
        in shown.one(id="metric-3-1").text
    )


def test_every_other_part_is_there(shown: Node) -> None:
    faults, use = table_of(shown, "faults"), table_of(shown, "advice")
    coverage, alone = table_of(shown, "coverage"), table_of(shown, "unmatched")

    assert cells(faults)[0][1:3] == [
        "Reach of Toolbox, 1,200 ≤ Impressions of Toolbox, 1,100",
        "fault: reach is above impressions",
    ]
    assert [row[2] for row in cells(use)] == ["Toolbox", "none of these"]
    assert cells(coverage)[0] == [
        "●Toolbox",
        "Impressions (posts, since publication)",
        "1,200",
        "1,180 98 %",
        "12",
        "5",
        "3",
        "8 Mar 2026 (UTC)",
    ]
    assert cells(coverage)[-1][-1] == "not known"
    assert cells(alone)[0][3] == "@acme on X, x:101 and 1 other"
    assert "Organic impressions are never" in shown.one(id="notes").text
    assert len(cells(table_of(shown, "rules"))) == 10


def test_days_are_drawn_and_listed(shown: Node) -> None:
    daily = shown.one("div", class_="daily")

    rows = cells(daily.one("table", class_="days"))

    assert rows[0] == ["2 Mar 2026", "3,000", "3,911", "3,922"]
    assert rows[-1][1:] == ["○ 3,582", "○ 3,593", "○ 3,604"]
    assert daily.one("figcaption").all("li")[0].text == (
        "●Toolbox: organic, by activity date, days of UTC; settled through 6 Mar 2026"
    )
    drawn = daily.one("svg")
    assert {each.text for each in drawn.all("text")} >= {"Toolbox", "Planner settled"}


def test_every_figure_leads_to_where_it_came_from(shown: Node) -> None:
    links = [
        each.get("href") or ""
        for each in table_of(shown, "figures").all("a")
        if (each.get("href") or "").startswith("#figure-")
    ]

    assert len(links) == 12
    trace = shown.one(id=links[0][1:])
    assert "2 observed; 1 settled, 1 may still change." in trace.text
    assert cells(trace.one("table")) == [
        ["toolbox", "profiles", "req-1", "v1", "11 Mar 2026 06:00 UTC"]
    ]
    assert "vendor's name: n_impressions of toolbox profiles" in trace.text


def test_the_page_is_a_sound_document(shown: Node) -> None:
    ids = [each.get("id") for each in shown.all() if each.get("id")]
    links = {(each.get("href") or "") for each in shown.all("a")}
    levels = [
        int(each.tag[1]) for each in shown.all() if re.fullmatch(r"h\d", each.tag)
    ]

    assert len(ids) == len(set(ids))
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert shown.one("html").get("lang") == "en"
    assert len(shown.all("main")) == len(shown.all("footer")) == 1
    assert shown.one("body").all("a")[0].get("href") == "#main"


def test_tables_and_pictures_can_be_heard(shown: Node) -> None:
    for table in shown.all("table"):
        assert table.one("caption").text
        assert all(each.get("scope") for each in table.all("th"))
    for region in shown.all(class_="scroll"):
        assert region.get("aria-label")
        assert (region.get("role"), region.get("tabindex")) == ("region", "0")
    for picture in shown.all("svg"):
        told = (picture.get("aria-labelledby") or "").split()
        assert picture.get("role") == "img"
        assert [picture.one(id=each).tag for each in told] == ["title", "desc"]
        assert picture.get("viewbox")
        assert not picture.get("width")
    assert len(shown.all("svg")) == 5


def test_the_page_asks_nobody_for_anything(shown: Node) -> None:
    content = page(acme())
    policy = shown.one("meta", http_equiv="Content-Security-Policy").get("content")

    assert (policy or "").startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert not shown.all("script") + shown.all("link") + shown.all("img")
    assert not re.search(r"url\(|@import|src=", content)
    for each in shown.all():
        assert not [name for name in each.attributes if name.startswith("on")]
        href = each.get("href") or "#"
        if not href.startswith("#"):
            assert each.tag == "a"
            assert "noopener" in (each.get("rel") or "")
    assert {each.get("xlink:href") for each in shown.all()} == {None}


def hostile() -> Made:
    """Names and texts of somebody who means harm, wherever there are any."""
    bad = HOSTILE
    rule = Grounds(id=bad, text=bad, source=f"javascript:{bad}")
    cause = Cause(name="scope", amount=3, basis="bounded", text=bad)
    pair = attrs.evolve(GAP, metric=bad, right_name=bad, causes=(cause,), breakdown=bad)
    plain = made(pair, tools=("Network", bad))
    return attrs.evolve(
        plain,
        rules=(rule,),
        caveats=(rule,),
        faults=(attrs.evolve(fault(), text=bad, grounds=rule, lesser_metric=bad),),
        advice=tuple(
            attrs.evolve(each, metric=bad, title=bad, reason=bad, name=bad)
            for each in acme().advice
        ),
        unmatched=tuple(
            attrs.evolve(each, name=bad, metric=bad, reason=bad, instead=bad)
            for each in acme().unmatched
        ),
        days=tuple(lines(bad, 9, ("Network", bad))),
        raw=MetricSeries.from_points(
            days(1, source=attrs.evolve(source(1), endpoint=bad, request_id=bad))
        ),
    )


def test_names_and_texts_of_strangers_stay_text() -> None:
    content = page(hostile(), title=HOSTILE)
    tree = read(content)

    assert not tree.all("script") + tree.all("img")
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", content)
    assert not [a for each in tree.all() for a in each.attributes if a[:2] == "on"]
    assert tree.one("h1").text == TAME
    assert tree.one("head").one("title").text.startswith(TAME)
    assert tree.one("header").all("dt")[-1].text.endswith(TAME)
    assert {(a.get("href") or "").partition(":")[0] for a in tree.all("a")} >= {"https"}
    assert not [a for a in tree.all("a") if (a.get("href") or "").startswith("java")]
    assert TAME[:13] + "…" in {each.text for each in tree.all("text")}


@pytest.mark.parametrize(
    ("source", "is_link"),
    [
        ("https://docs.example.com/a?b=c#d", True),
        ("https://docs.example.com", True),
        ("http://docs.example.com/", False),
        ("https://docs.example.com/ and more", False),
        ("https://docs.example.com/\"onclick='x'", False),
        ("https://user@docs.example.com", False),
        ("javascript:alert(1)", False),
        ("//docs.example.com", False),
    ],
)
def test_only_a_whole_safe_address_is_a_link(source: str, *, is_link: bool) -> None:
    rule = attrs.evolve(SCOPE, source=source)

    tree = read(page(attrs.evolve(made(Pair()), rules=(rule,))))

    found = [each.get("href") for each in table_of(tree, "rules").all("a")]
    assert found == ([source] if is_link else [])
    assert source in tree.one(id="rules").text


class Many(Sequence[Row]):
    """A million rows, made when they are looked at; `made` says how many were."""

    def __init__(self, pair: Pair, size: int) -> None:
        self.row, self.size, self.made = pair.row(0), size, 0

    @overload
    def __getitem__(self, at: int) -> Row: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Row]: ...

    def __getitem__(self, at: int | slice) -> Row | Sequence[Row]:
        assert isinstance(at, int)
        self.made += 1
        return attrs.evolve(self.row, number=at, subject=Ref("x", f"{at}"))

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[Row]:
        return (self[number] for number in range(self.size))


def test_of_a_million_rows_the_first_are_shown_and_the_others_counted() -> None:
    rows = Many(Pair(left=1, right=2), 1_000_000)
    raw = MetricSeries.from_points(days(1))

    tree = read(page(attrs.evolve(made(Pair()), rows=rows, raw=raw)))

    assert view.LOOKED <= rows.made < view.LOOKED + 100
    assert tree.one("h1").text == "More than 10,000 subjects"
    assert "999,400 more pairs of figures are not shown here" in tree.text
    assert "592 more subjects or windows" in tree.text
    assert (
        "9,997 smaller gaps of this pair are not split here; the first 10,000 pairs of "
        "figures were looked at." in tree.text
    )
    assert len(tree.all("details", class_="trace")) == view.FEWER_TRACES
    assert "How 1,160 more figures came is not told here" in tree.text
    first, *_, last = tree.one(id="figures").all("td", class_="number")
    assert (first.all("a"), last.all("a")) != ([], [])
    assert last.all("a") == []


def test_few_things_left_out_are_told_one_by_one() -> None:
    rows = Many(Pair(left=1, right=2), view.ROWS + 1)
    raw = MetricSeries.from_points(days(1))

    tree = read(page(attrs.evolve(made(Pair()), rows=rows, raw=raw)))

    assert "1 more pair of figures is not shown here" in tree.text
    assert len(tree.all("details", class_="trace")) == view.TRACES


def test_charts_and_subjects_and_faults_are_bounded() -> None:
    names = [f"custom_{number}" for number in range(80)]
    many = [
        attrs.evolve(line, subject=Ref("x", subject))
        for metric in names
        for subject in ("1", "2", "3", "4")
        for line in lines(metric, 2)
    ]
    pairs = [attrs.evolve(GAP, metric=metric) for metric in names]
    compared = attrs.evolve(
        made(*pairs), days=tuple(many), faults=(fault(),) * (view.FAULTS + 1)
    )

    tree = read(page(compared))

    assert len(tree.all("svg")) == 2 * view.CHARTS
    assert "200 more charts would have been too many" in tree.text
    assert "No chart: enough others were drawn." in tree.text
    assert "The daily figures of 1 more subject are not drawn here." in tree.text
    assert len(cells(table_of(tree, "faults"))) == view.FAULTS
    assert "1 more fault not told here" in tree.text


def test_many_metrics_are_folded_and_few_are_not() -> None:
    few, many = (
        read(page(made(*[Pair(metric=f"m{number}") for number in range(count)])))
        for count in (view.OPEN, view.OPEN + 1)
    )

    for tree, is_open in ((few, True), (many, False)):
        sections = tree.all("section", class_="metric")
        folds = [each.all("details")[0] for each in sections]
        assert {"open" in fold.attributes for fold in folds} == {is_open}
        assert "Toolbox and Network = comparable" in folds[0].all("summary")[0].text


def test_many_requests_behind_a_figure_are_counted() -> None:
    points = [
        attrs.evolve(each, source=source(number))
        for number, each in enumerate(days(*range(20)))
    ]

    tree = read(page(attrs.evolve(made(Pair()), raw=MetricSeries.from_points(points))))

    trace = tree.one(id="figure-0-left")
    assert [row[2] for row in cells(trace.one("table"))] == [
        f"req-{number}" for number in range(12)
    ]
    assert "none given" in trace.text
    assert "and 8 more requests" in trace.text
    assert "20 observed; 20 nobody says whether settled." in trace.text


def test_nothing_to_compare_is_said() -> None:
    tree = read(page(Made(window=None)))

    assert tree.one("h1").text == "Nothing to compare"
    assert "none was given: whatever the tools have" in tree.text
    for said in (
        "No metric of one tool has a partner at another.",
        "There is no pair of figures.",
        "There is no metric to tell of.",
        "There is nothing to advise.",
        "Nothing is known of it.",
        "No rule was needed.",
        "There is no figure to tell of.",
    ):
        assert said in tree.text


def test_only_figures_without_a_partner() -> None:
    compared = attrs.evolve(
        made(),
        unmatched=acme().unmatched,
        days=tuple(
            attrs.evolve(
                line, days=tuple(attrs.evolve(d, value=None) for d in line.days)
            )
            for line in lines("views", 3, ("Toolbox",))
        ),
    )

    tree = read(page(compared))

    assert "What they have, and what would help." in tree.text
    assert "No chart: no tool has a value on any day." in tree.text
    assert "no figure" in cells(tree.one("table", class_="days"))[0]


def test_tools_without_a_metric_in_common() -> None:
    other = attrs.evolve(GAP.summary(), metric="likes", left_name="Toolbox")
    compared = attrs.evolve(made(GAP), summaries=(other,))

    tree = read(page(compared))

    assert "no metric in common" in tree.one(id="verdicts").text
    figures = table_of(tree, "figures")
    assert "≠ not comparable" in figures.text
    assert not [a for a in figures.all("a") if "metric" in (a.get("href") or "")]


def test_subjects_are_told_apart() -> None:
    since = attrs.evolve(
        GAP, subject=Ref("x", "7"), end=None, left_reading=TOTAL_LIKES, breakdown="US"
    )
    instant = attrs.evolve(GAP, end=GAP.start + timedelta(0), metric="followers")
    compared = made(GAP, since, attrs.evolve(GAP, subject=Ref("x", "8")), instant)

    tree = read(page(compared))

    groups = [each.text for each in tree.one(id="figures").all(class_="group")]
    assert tree.one("h1").text == "3 subjects"
    assert groups == [
        "@acme on X 2 Mar to 8 Mar 2026 (UTC)",
        "x:7 · US since publication on 2 Mar 2026 00:00 UTC",
        "x:8 2 Mar to 8 Mar 2026 (UTC)",
        "@acme on X at 2 Mar 2026 00:00 UTC",
    ]
    assert "Planner · Engagements (vendor) of x:8" in tree.one(id="traces").text


def test_two_subjects_are_named() -> None:
    compared = made(GAP, attrs.evolve(GAP, subject=Ref("x", "8")))

    assert read(page(compared)).one("h1").text == "@acme on X and x:8"


def test_a_side_without_any_such_figure_has_no_trace() -> None:
    missing = Pair(
        left=None, left_status=None, right=0, right_status=Status.ZERO_BY_RULE
    )
    empty = attrs.evolve(made(missing), raw=MetricSeries.empty())

    tree = read(page(empty))

    row = cells(table_of(tree, "figures"))[1]
    assert row[1:3] == ["no such figure", "0 (by rule, not measured)"]
    assert len(tree.all("details", class_="trace")) == 1
    assert "There is no raw figure behind it." in tree.text


def test_a_title_takes_the_place_of_the_names() -> None:
    assert read(page(acme(), title=" Week 10 ")).one("h1").text == "Week 10"
    assert read(page(acme(), title="")).one("h1").text == "@acme on X"


def test_a_page_is_written_whole(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text("before")

    write(acme(), path, title="Week 10")

    assert path.read_text("utf-8") == page(acme(), title="Week 10")
    assert [each.name for each in tmp_path.iterdir()] == ["report.html"]


def test_one_that_cannot_be_made_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text("before")
    broken = attrs.evolve(made(Pair()), raw=object())  # type: ignore[arg-type]  # a fault

    with pytest.raises(AttributeError):
        write(broken, path)

    assert path.read_text() == "before"


@pytest.mark.parametrize("name", ["no/such/folder.html", ".", "a\0b"])
def test_a_path_that_cannot_be_written_is_named(name: str, tmp_path: Path) -> None:
    path = tmp_path / name

    with pytest.raises(InvalidQuery) as caught:
        write(made(Pair()), path)

    assert str(path) in caught.value.message or repr(path) in caught.value.message


def test_a_link_to_the_page_stays(tmp_path: Path) -> None:
    link, target = tmp_path / "link.html", tmp_path / "report.html"
    target.write_text("old")
    link.symlink_to(target)

    write(made(), link)

    assert link.is_symlink()
    assert target.read_text("utf-8").startswith("<!doctype html>")


def test_what_is_no_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "pipe.html"
    os.mkfifo(path)

    with pytest.raises(
        InvalidQuery, match=r"pipe\.html cannot be written: it is a FIFO"
    ):
        write(made(), path)

    assert path.is_fifo()


def test_an_empty_path_is_refused() -> None:
    with pytest.raises(InvalidQuery, match="path='' is empty; name the file to write"):
        write(made(), "")


@pytest.mark.parametrize("path", [None, 3, b"report.html"])
def test_what_is_no_path_is_refused(path: object) -> None:
    with pytest.raises(InvalidQuery, match="is not the path of a file"):
        write(made(Pair()), path)  # type: ignore[arg-type]  # whatever somebody gives


@pytest.mark.parametrize("module", ["jinja2", "markupsafe", "vl_convert"])
def test_the_extra_is_asked_for(
    module: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    html._environment.cache_clear()  # pyright: ignore[reportPrivateUsage]  # what it keeps
    monkeypatch.setitem(sys.modules, module, None)

    with pytest.raises(InvalidQuery, match=r"pip install 'socialmetrics\[report\]'"):
        write(made(GAP), tmp_path / "report.html")

    assert list(tmp_path.iterdir()) == []


def test_a_week_of_another_zone_is_named() -> None:
    pacific = attrs.evolve(WEEK, tz="America/Los_Angeles")

    told = read(page(attrs.evolve(made(Pair(subject=ACME)), window=pacific)))

    assert "2 Mar 2026 00:00 UTC to 9 Mar 2026 00:00 UTC" in told.one("header").text
