from __future__ import annotations

from pathlib import Path

import attrs
import pytest

from socialmetrics.report.html import write
from tests.report.browser import DARK, Browser, browser
from tests.report.comparisons import GAP, acme, lines, made
from tests.report.test_report_page import hostile

__all__ = ["browser"]

LONG = "w" * 300


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.html"
    write(acme(), path)
    return path


def test_a_browser_shows_the_figures(browser: Browser, report: Path) -> None:
    tree = browser.opened(report)

    told = tree.one(id="figures").text
    assert tree.one("h1").text == "@acme on X"
    assert all(each in told for each in ("24,383", "54,528", "2,261", "924", "808"))
    assert len(tree.all("svg")) == 5


def test_a_browser_asks_nobody(browser: Browser, report: Path) -> None:
    greedy = report.with_name("greedy.html")
    greedy.write_text('<!doctype html><img src="http://127.0.0.1:9/seen.png">')
    guarded = report.with_name("guarded.html")
    page = report.read_text("utf-8")
    picture = '<img src="http://127.0.0.1:9/unseen.png">'
    guarded.write_text(page.replace("</h1>", f"</h1>{picture}"), "utf-8")

    assert browser.asked_for(greedy) == {"http://127.0.0.1:9/seen.png"}
    assert browser.asked_for(guarded) == set()
    assert browser.asked_for(report) == set()


def test_hostile_names_do_nothing_in_a_browser(
    browser: Browser, tmp_path: Path
) -> None:
    path = tmp_path / "hostile.html"
    write(hostile(), path)

    found = browser.measured(path, "document.querySelectorAll('img, b[x]').length")

    assert found == "0"


def test_a_phone_needs_no_scrolling_sideways(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "phone.html"
    pair = attrs.evolve(GAP, metric=LONG, right_name=LONG, breakdown=LONG)
    compared = attrs.evolve(
        made(pair, tools=("Network", LONG)),
        advice=tuple(attrs.evolve(each, title=LONG) for each in acme().advice),
        faults=tuple(attrs.evolve(each, text=LONG) for each in acme().faults),
        unmatched=tuple(
            attrs.evolve(u, reason=LONG, name=LONG) for u in acme().unmatched
        ),
        days=tuple(lines(LONG, 9, ("Network", LONG))),
    )
    write(compared, path)
    usual = tmp_path / "usual.html"
    write(acme(), usual)
    widths = "[innerWidth, document.documentElement.scrollWidth].join(' ')"
    letters = "getComputedStyle(document.querySelector('.chart text')).fontSize"

    for each in (path, usual):
        assert browser.measured(each, widths, width=360) == "360 360"
    assert browser.measured(usual, letters, width=360) == "22px"
    assert browser.measured(usual, letters) == "11px"


@pytest.mark.parametrize("width", [320, 360])
def test_nothing_in_the_table_of_figures_is_cut_on_a_phone(
    browser: Browser, tmp_path: Path, width: int
) -> None:
    path = tmp_path / "narrow.html"
    pair = attrs.evolve(
        GAP,
        left=1_234_567_890,
        verdict="comparable_after",
        left_name="Sprinkled Water",
        right_name="Hot Chocolate",
    )
    write(made(pair, tools=(pair.left_name, pair.right_name)), path)
    cut = (
        "[...document.querySelectorAll('.figures td.number, .figures td.verdict, "
        ".figures .badge, .figures .note, .split td.number')]"
        ".filter(e => e.scrollWidth > e.clientWidth + 1).length"
    )
    overflowing = (
        "[...document.querySelectorAll('#figures .scroll, .gap .scroll')]"
        ".filter(e => e.scrollWidth > e.clientWidth).length"
    )
    label = (
        "Math.min(...[...document.querySelectorAll('.figures td:not(.void)')].map("
        "e => parseFloat(getComputedStyle(e, '::before').width)))"
    )

    found = browser.measured(path, f"[{cut}, {overflowing}].join(' ')", width=width)

    assert found == "0 0"
    assert float(browser.measured(path, label, width=width)) > 100


def test_it_is_dark_where_the_reader_wants_it(browser: Browser, report: Path) -> None:
    colours = (
        "[getComputedStyle(document.body).backgroundColor, "
        "getComputedStyle(document.querySelector('.mark-line path')).stroke].join(' ')"
    )

    light = browser.measured(report, colours)
    dark = browser.measured(report, colours, DARK)

    assert light == "rgb(255, 255, 255) rgb(11, 98, 168)"
    assert dark == "rgb(18, 21, 26) rgb(109, 179, 242)"


def test_a_link_opens_what_is_folded(browser: Browser, report: Path) -> None:
    seen = "document.getElementById('figure-3-right').checkVisibility()"

    assert browser.measured(report, seen) == "false"
    followed = browser.measured(report, f"(location.hash = 'figure-3-right', {seen})")
    assert followed == "true"


def test_paper_shows_what_is_folded(browser: Browser, report: Path) -> None:
    printed = report.with_name("printed.html")
    page = report.read_text("utf-8")
    printed.write_text(page.replace("@media print", "@media all"), "utf-8")
    seen = "document.querySelector('.axes').checkVisibility()"
    pdf = report.with_suffix(".pdf")

    browser.run(report, f"--print-to-pdf={pdf}")

    assert browser.measured(report, seen) == "false"
    assert browser.measured(printed, seen) == "true"
    assert pdf.read_bytes().startswith(b"%PDF")
