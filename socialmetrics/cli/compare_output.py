"""A comparison on the terminal and in files."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from arro3.core import Table
from rich.console import Console
from rich.text import Text

from socialmetrics.cli.compare_question import Answer
from socialmetrics.cli.options import Kind
from socialmetrics.cli.output import many, utf8, write
from socialmetrics.cli.records import Columns, Record
from socialmetrics.cli.tables import (
    SHOWN,
    console,
    show,
    tell_issues,
    tell_missing,
    tell_more,
)
from socialmetrics.comparison.comparison import Comparison
from socialmetrics.comparison.result import Row
from socialmetrics.report.split import headline, steps
from socialmetrics.report.verdicts import WORDS
from socialmetrics.report.words import title_of, window_words
from socialmetrics.series.files import replacing
from socialmetrics.strangers import plain

ROWS: Final = 60
"""So many pairs of figures are in the short summary."""
NARROWEST: Final = 40
LOOKED: Final = 10_000
"""Among so many pairs of figures those are looked for that were cut."""
BATCH: Final = 10_000
NUMBERS: Final = ("left", "right", "gap", "unexplained")
TIMES: Final = ("start", "end")


def deliver(answer: Answer, kind: Kind, path: Path | None) -> None:
    """The comparison in that form, and what is to be told beside it."""
    compared = answer.comparison
    if kind == "table":
        screen = console()
        sys.stdout.write(compared.to_text(max(screen.width, NARROWEST)))
        tell(answer, screen, with_cuts=True)
        return
    if kind == "html" and path is not None:
        compared.to_html(path)
        summarize(compared, console())
        tell(answer, console(sys.stderr))
        sys.stdout.write(f"\nThe report is in {path}\n")
        return
    _write(compared, kind, path)
    tell(answer, console(sys.stderr), with_cuts=True)
    if path is not None:
        sys.stderr.write(f"{many(len(compared.rows), 'pair')} of figures in {path}\n")


def summarize(compared: Comparison, screen: Console) -> None:
    """A table for each two tools, with a row for each pair of figures; one gap, from
    cause to cause; and what is at fault."""
    rows = compared.rows[:ROWS]
    if not rows:
        screen.print(Text("\nNothing can be compared", style="bold"))
        _tell_unmatched(compared, screen)
    pairs = dict.fromkeys((each.left_name, each.right_name) for each in rows)
    for one, other in pairs:
        mine = [row for row in rows if (row.left_name, row.right_name) == (one, other)]
        _show_pair(compared, mine, screen)
    tell_more(len(compared.rows), ROWS, screen)
    _show_gap(rows, screen)
    _tell_faults(compared, screen)


def _show_pair(compared: Comparison, rows: Sequence[Row], screen: Console) -> None:
    one, other = rows[0].left_name, rows[0].right_name
    subjects = {row.subject for row in rows}
    told: dict[str, list[object]] = {
        "whose": [compared.label(row.subject) for row in rows],
        "from": [f"{row.start:%Y-%m-%d}" for row in rows],
        "metric": [row.metric for row in rows],
        one: [row.left for row in rows],
        other: [row.right for row in rows],
        "verdict": [WORDS[row.verdict] for row in rows],
        "unexplained": [row.unexplained for row in rows],
    }
    title = f"{plain(one)} and {plain(other)}"
    if len(subjects) == 1:
        title += f": {compared.label(rows[0].subject)}"
        del told["whose"]
    if len({(row.subject, row.metric) for row in rows}) == len(rows):
        del told["from"]
    if compared.window:
        title += f", {window_words(compared.window)}"
    cells = [*zip(*told.values(), strict=True)]
    show(screen, title, [*told], cells, wrap=("whose", "verdict"))
    for cut in cuts(rows):
        screen.print(Text(f"  {plain(cut)}"))


def cuts(rows: Iterable[Row]) -> Iterator[str]:
    """What was done to both figures of a row so that they are of the same days, by
    metric: "likes: cut to the days that both have; 2 days are left out"."""
    told: dict[str, dict[str, None]] = {}
    for row in rows:
        for step in row.conversions:
            if step.side == "both":
                told.setdefault(step.text, {})[row.metric] = None
    for text, metrics in told.items():
        yield f"{', '.join(metrics)}: {text}"


def _tell_unmatched(compared: Comparison, screen: Console) -> None:
    for each in compared.unmatched[:SHOWN]:
        instead = f". Instead: {each.instead}" if each.instead else ""
        told = f"{each.name}, {each.metric}: {each.reason}{instead}"
        screen.print(Text(f"  {plain(told)}"))
    tell_more(len(compared.unmatched), SHOWN, screen)


def _show_gap(rows: Sequence[Row], screen: Console) -> None:
    """The gap that is explained best, if one is explained at all."""
    known = list(filter(_is_explained, rows))
    if not known:
        return
    row = min(known, key=lambda each: (abs(each.unexplained or 0), -len(each.causes)))
    told = [
        (step.name, step.text, step.amount, step.after)
        for step in steps(row)
        if step.kind in {"cause", "unexplained"}
    ]
    title = f"{headline(row)}: {title_of(row.metric).lower()}"
    heads = ("cause", "what it is", "amount", "comes to")
    show(screen, title, heads, told, wrap=("what it is",))


def _is_explained(row: Row) -> bool:
    """Whether causes, all of them computed, leave less than the whole gap."""
    is_known = all(each.basis == "computed" for each in row.causes)
    left = abs(row.gap or 0) if row.unexplained is None else abs(row.unexplained)
    return is_known and left < abs(row.gap or 0)


def _tell_faults(compared: Comparison, screen: Console) -> None:
    if not compared.faults:
        return
    screen.print(Text("\nOrders that do not hold", style="bold"))
    for fault in compared.faults[:SHOWN]:
        screen.print(Text(f"  {fault.severity}: {plain(fault.text)}"))
    tell_more(len(compared.faults), SHOWN, screen)


def tell(answer: Answer, screen: Console, *, with_cuts: bool = False) -> None:
    """What is good to know, what is missing at whom, and what was odd. `with_cuts`:
    also of which days figures are, where no table of ours says so."""
    notes = [*answer.notes, *_left_out(answer)]
    notes += _cut(answer.comparison) if with_cuts else ()
    if notes:
        screen.print(Text("\nGood to know", style="bold"))
    for note in notes:
        screen.print(Text(f"  {plain(note)}"))
    for name, series in answer.series.items():
        tell_missing(series.missing, screen, f"Missing at {plain(name)}", SHOWN)
        tell_issues(series.issues, screen)


def _cut(compared: Comparison) -> Iterator[str]:
    pairs: dict[str, list[Row]] = {}
    for row in compared.rows[:LOOKED]:
        if any(each.side == "both" for each in row.conversions):
            names = f"{row.left_name} and {row.right_name}"
            pairs.setdefault(names, []).append(row)
    for names, rows in pairs.items():
        yield from (f"{names}: {cut}" for cut in cuts(rows))


def _left_out(answer: Answer) -> Iterator[str]:
    if answer.left_out:
        metrics = ", ".join(answer.left_out)
        yield f"only one of the tools has figures of {metrics}; --metric asks for them"


def _write(compared: Comparison, kind: Kind, path: Path | None) -> None:
    if kind in {"json", "jsonl"}:
        text = f"{compared.to_json()}\n"
        if path is None:
            utf8().write(text)
            return
        with replacing(path) as draft:
            draft.write_text(text, "utf-8")
        return
    table = compared.to_arrow()
    if kind == "parquet" and path is not None:
        from arro3.io import write_parquet

        with replacing(path) as draft:
            write_parquet(table, draft, compression="zstd(3)")
        return
    write(_records(table), _columns(table), "csv", path)


def _columns(table: Table) -> Columns:
    names = table.column_names
    return {
        name: "number"
        if name in NUMBERS or name.startswith("cause_")
        else "time"
        if name in TIMES
        else "text"
        for name in names
    }


def _records(table: Table) -> Iterator[Record]:
    names = table.column_names
    for batch in table.rechunk(max_chunksize=BATCH).to_batches():
        lists: list[Any] = [batch.column(name).to_pylist() for name in names]  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  # arro3's stub
        for cells in zip(*lists, strict=True):
            yield dict(zip(names, cells, strict=True))
