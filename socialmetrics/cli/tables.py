"""Readable tables, on a terminal and in a pipe."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Final, TextIO

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from socialmetrics.cli.text import plain
from socialmetrics.model import Issue, Missing

WIDTH: Final = 120
ROWS: Final = 50
SHOWN: Final = 12
TEXT: Final = 60
WORD: Final = 26
HEAD: Final = 16
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
    screen: Console, title: str, heads: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Prints a table of one line a row. Columns of numbers stand to the right."""
    every = [list(row) for row in rows]
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for index, name in enumerate(heads):
        _add_column(made, plain(name), [row[index] for row in every])
    for row in every:
        made.add_row(*(_line(shown(cell)) for cell in row))
    screen.print(Text(f"\n{plain(title)}", style="bold"))
    screen.print(made)


def _add_column(made: Table, name: str, cells: Sequence[object]) -> None:
    is_number = any(isinstance(cell, int | float) for cell in cells)
    made.add_column(
        _line(_head(name)),
        justify="right" if is_number else "left",
        max_width=TEXT,
        # Where room is short, rich takes it from the columns that may wrap.
        no_wrap=not any(map(_is_prose, map(shown, cells))),
    )


def _head(name: str) -> str:
    """A long name on two lines."""
    if len(name) <= HEAD:
        return name
    return re.sub(r"(?=\[)|(?<=\.)", "\n", name, count=1)


def _is_prose(cell: str) -> bool:
    return " " in cell and cell_len(cell) > WORD


def _line(text: str) -> Text:
    return Text(text, no_wrap=True, overflow="ellipsis")


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
    screen.print(Text(title, style="bold"))
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
    screen.print(Text("Odd in the answers", style="bold"))
    for issue in issues[:SHOWN]:
        seen = f" ({plain(issue.seen)})" if issue.seen else ""
        screen.print(Text(f"  {issue.path}: {plain(issue.problem)}{seen}"))
    tell_more(len(issues), SHOWN, screen)


def tell_more(count: int, shown: int | None, screen: Console) -> None:
    """That there is more than was shown, if there is."""
    if shown is not None and count > shown:
        screen.print(Text(f"  and {count - shown:,} more"))
