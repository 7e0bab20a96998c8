"""What `compare` would ask for, and what that takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeAlias

from rich.console import Console
from rich.text import Text

from socialmetrics.cli.compare_question import Ready, written
from socialmetrics.cli.tables import SHOWN, console, show, tell_missing
from socialmetrics.gathering import Tool
from socialmetrics.plan import Plan
from socialmetrics.strangers import plain

HEADS: Final = ("tool", "figures", "metrics", "requests, at least", "held back for")
PROSE: Final = HEADS[:3]
SEVERAL: Final = 2
_Row: TypeAlias = tuple[str, str, str, int | None, str]


def show_plan(ready: Ready) -> None:
    """Every way in which a tool or a file has figures, and what is good to know."""
    screen = console()
    tools = ready.tools.tools if ready.tools else ()
    ways = [(tool, row) for tool in tools for row in _ways(tool)]
    rows = [("", *each) for each in _files(ready)]
    rows += [(written(tool.account), *row) for tool, row in ways]
    is_one = len({each.account.ref for each in tools}) < SEVERAL
    heads, first = (HEADS, 1) if is_one else (("whose", *HEADS), 0)
    shown = [row[first:] for row in rows]
    show(screen, "What would be compared", heads, shown, wrap=PROSE)
    _tell_notes(tools, screen)
    for tool in tools:
        missing = tool.missing((tool.days, tool.totals), tool.known)
        tell_missing(missing, screen, f"Missing at {plain(tool.name)}", SHOWN)


def _files(ready: Ready) -> Iterator[_Row]:
    for name, series in ready.files.items():
        metrics = dict.fromkeys(r.metric for r in series.columns.used_readings())
        yield name, "as they are in the file", ", ".join(metrics), 0, ""


def _ways(tool: Tool) -> Iterator[_Row]:
    if tool.days.names:
        yield _row(tool, "the account by day", tool.days.labels, tool.days.plan)
    if tool.by_id:
        names = [n for n in tool.wanted if n in tool.known - {*tool.days.names}]
        # How many posts the others list, nobody knows yet.
        yield tool.name, "posts that others list, by hour", ", ".join(names), None, ""
    if tool.posts_plan.parts:
        of = "posts since publication" if tool.totals.names else "a list of posts"
        yield _row(tool, of, tool.totals.labels, tool.posts_plan)


def _row(tool: Tool, figures: str, metrics: Iterable[str], plan: Plan[Any]) -> _Row:
    held = f"{plan.duration}" if plan.duration else "nothing"
    return tool.name, figures, ", ".join(metrics), plan.requests, held


def _tell_notes(tools: Iterable[Tool], screen: Console) -> None:
    notes = dict.fromkeys(
        f"{tool.name}: {note}"
        for tool in tools
        for plan in (tool.days.plan, tool.posts_plan)
        for note in plan.notes
    )
    if notes:
        screen.print(Text("\nGood to know", style="bold"))
    for note in notes:
        screen.print(Text(f"  {plain(note)}"))
