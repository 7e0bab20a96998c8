"""A progress bar on stderr, where somebody watches."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as Bar

    from socialmetrics.pull import OnProgress, Progress


@contextmanager
def watched(label: str, *, streams: bool = False) -> Generator[OnProgress | None]:
    """A callback that moves a bar, or None where stderr is no terminal.

    Rows that stream to the same terminal would tear the bar apart: none then either.
    """
    if not sys.stderr.isatty() or (streams and sys.stdout.isatty()):
        yield None
        return
    from socialmetrics.cli.tables import console

    with bar(console(sys.stderr)) as shown:
        yield mover(shown, label)


def bar(screen: Console) -> Bar:
    """A bar of parts, with rows and seconds, which goes when it is done.

    Shows nothing where the screen is no terminal.
    """
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
    )

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("parts"),
        TextColumn("{task.fields[rows]:,} rows"),
        TimeElapsedColumn(),
        console=screen,
        disable=not screen.is_terminal,
        transient=True,
    )


def mover(shown: Bar, label: str) -> OnProgress:
    """The callback that moves a new line of the bar; the old one goes."""
    for old in shown.task_ids:
        shown.remove_task(old)
    task = shown.add_task(label, total=None, rows=0)

    def move(progress: Progress) -> None:
        shown.update(
            task, completed=progress.done, total=progress.planned, rows=progress.rows
        )

    return move
