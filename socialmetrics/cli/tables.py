"""Readable tables, on a terminal and in a pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Final, TextIO

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from socialmetrics.cli.layout import GAP, LEAST, Column, constants, widths, wrapped
from socialmetrics.model import Issue, Missing
from socialmetrics.strangers import plain

WIDTH: Final = 120
ROWS: Final = 50
SHOWN: Final = 12
ROUND: Final = 1000
NOTHING: Final = "–"


def console(file: TextIO | None = None) -> Console:
    """A console that takes text as it is: no markup, no colouring of numbers.

    Where there is no terminal it is 120 columns wide, or as COLUMNS says.
    """
    into = sys.stdout if file is None else file
    width = None if into.isatty() or "COLUMNS" in os.environ else WIDTH
    return Console(file=into, width=width, markup=False, highlight=False, emoji=False)


def show(
    screen: Console,
    title: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    wrap: Collection[str] = (),
    cut: Collection[str] = (),
    note: str = "",
) -> None:
    """Prints a table, a note under its title. Columns of numbers stand to the right.

    Only columns in `wrap` take several lines, and only those in `cut` lose the end of
    long texts. Where the rest does not fit, each row becomes a block of lines.
    """
    every = [list(row) for row in rows]
    columns = columns_of(heads, every, wrap=wrap, cut=cut)
    screen.print(Text(f"\n{plain(title)}", style="bold"), soft_wrap=True)
    if note:
        screen.print(Text(note), soft_wrap=True)
    chosen = widths(columns, screen.width)
    if chosen is None:
        _blocks(columns, screen)
        return
    made = Table(
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, GAP - 1, 0, 0),  # the box has a space between columns by itself
    )
    for index, (column, width) in enumerate(zip(columns, chosen, strict=True)):
        _add_column(made, column, width, [row[index] for row in every])
    for cells in zip(*(column.cells for column in columns), strict=True):
        each = zip(columns, cells, chosen, strict=True)
        made.add_row(*(_cell(column, cell, width) for column, cell, width in each))
    screen.print()
    screen.print(made)


def show_lean(
    screen: Console,
    title: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    wrap: Collection[str] = (),
) -> None:
    """A table without the columns that are the same in every row: what they say is
    told once, under the title."""
    same = constants(heads, rows)
    cells = ((name, shown(cell)) for name, cell in same.items())
    told = [f"{name}: {cell}" for name, cell in cells if cell != NOTHING]
    kept = [index for index, name in enumerate(heads) if name not in same]
    show(
        screen,
        title,
        [heads[index] for index in kept],
        [[row[index] for index in kept] for row in rows],
        wrap=wrap,
        note=f"in every row here: {'; '.join(told)}" if told else "",
    )


def columns_of(
    heads: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    wrap: Collection[str] = (),
    cut: Collection[str] = (),
) -> list[Column]:
    """The columns as they would be shown."""
    return [
        Column(
            plain(name),
            [shown(row[index]) for row in rows],
            wraps=name in wrap,
            is_cut=name in cut,
        )
        for index, name in enumerate(heads)
    ]


def _add_column(
    made: Table, column: Column, width: int, cells: Sequence[object]
) -> None:
    is_number = any(type(cell) in {int, float} for cell in cells)
    made.add_column(
        Text(wrapped(column.name, width)),
        justify="right" if is_number else "left",
        width=width,
        vertical="top",
    )


def _cell(column: Column, cell: str, width: int) -> Text:
    if column.is_cut:
        return Text(cell, no_wrap=True, overflow="ellipsis")
    return Text(wrapped(cell, width) if column.wraps else cell, overflow="fold")


def _blocks(columns: Sequence[Column], screen: Console) -> None:
    """Each row as lines of name and cell, for narrow screens."""
    names = max(cell_len(column.name) for column in columns) + GAP
    for cells in zip(*(column.cells for column in columns), strict=True):
        screen.print()
        for column, cell in zip(columns, cells, strict=True):
            told = wrapped(cell, max(screen.width - names, LEAST))
            lines = told.replace("\n", "\n" + names * " ")
            screen.print(Text(f"{column.name:<{names}}{lines}"), soft_wrap=True)


def shown(cell: object) -> str:
    """A cell as people read it: thousands apart, four digits of a rate, a dash for
    what is not known."""
    if cell is None or cell == "":
        return NOTHING
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, int):
        return f"{cell:,}"
    if isinstance(cell, float):
        return f"{cell:,.4g}" if abs(cell) < ROUND else f"{cell:,.0f}"
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    return plain(str(cell))


def tell_missing(
    missing: Iterable[Missing],
    screen: Console,
    title: str = "Missing",
    most: int | None = None,
) -> None:
    """What did not come, why, and what to ask instead; networks are put together."""
    told = sorted(missing, key=_why)
    if not told:
        return
    screen.print(Text(f"\n{title}", style="bold"))
    groups = [list(group) for _, group in groupby(told, key=_why)]
    for group in groups[:most]:
        screen.print(Text(f"  {_named(group)}: {_reason(group[0])}"))
    tell_more(len(groups), most, screen)


def _why(missing: Missing) -> tuple[str, str, tuple[str, ...]]:
    return missing.metric, missing.reason, missing.alternatives


def _named(group: Sequence[Missing]) -> str:
    places = dict.fromkeys(str(each.subject or each.network or "") for each in group)
    named = ", ".join(filter(None, places))
    return f"{group[0].metric} ({named})" if named else group[0].metric


def _reason(missing: Missing) -> str:
    reason = plain(missing.reason).rstrip(".")
    instead = ", ".join(missing.alternatives)
    return f"{reason}. Instead: {instead}" if instead else reason


def tell_issues(issues: Sequence[Issue], screen: Console) -> None:
    """What was odd in the answers, though no row was lost."""
    if not issues:
        return
    screen.print(Text("\nOdd in the answers", style="bold"))
    for issue in issues[:SHOWN]:
        seen = f" ({plain(issue.seen)})" if issue.seen else ""
        screen.print(Text(f"  {issue.path}: {plain(issue.problem)}{seen}"))
    tell_more(len(issues), SHOWN, screen)


def tell_more(count: int, shown: int | None, screen: Console) -> None:
    """That there is more than was shown, if there is."""
    if shown is not None and count > shown:
        screen.print(Text(f"  and {count - shown:,} more"))
