"""`metrics` and `plan`: figures, what they cost, and what is missing and why."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import Parameter
from rich.text import Text

from socialmetrics.cli import records
from socialmetrics.cli.exits import MISSING, OK, Usage
from socialmetrics.cli.options import (
    ACCESS,
    FORM,
    SERIES_FORM,
    Access,
    AdapterName,
    Form,
    Kind,
    Limit,
    Metrics,
    SeriesForm,
    StrictMissing,
    checked_limit,
    split,
)
from socialmetrics.cli.output import FILES, many, write
from socialmetrics.cli.progress import watched
from socialmetrics.cli.tables import (
    ROWS,
    SHOWN,
    console,
    show,
    tell_issues,
    tell_missing,
)
from socialmetrics.cli.targets import (
    CHOICE,
    SPAN,
    Choice,
    PostNames,
    Span,
    question,
)
from socialmetrics.plan import Plan
from socialmetrics.reading import Status
from socialmetrics.strangers import plain

if TYPE_CHECKING:
    from rich.console import Console

    from socialmetrics.cli.series_table import SeriesTable
    from socialmetrics.series import MetricSeries

TEXT: Final[records.Type] = "text"
LOST: Final = (
    Status.NOT_PERMITTED,
    Status.TOO_OLD,
    Status.UNAVAILABLE,
    Status.NOT_COLLECTED,
)
"""What a figure is that was asked for and did not come."""
KINDS: Final[dict[str, Kind]] = {**FILES, ".json": "json"}


def metrics(
    adapter: AdapterName,
    /,
    *posts: PostNames,
    metric: Metrics,
    span: Span = SPAN,
    choice: Choice = CHOICE,
    limit: Limit = None,
    explain: Annotated[
        int | None,
        Parameter(
            show_default=False,
            help="The story of every figure in the table row of that number.",
        ),
    ] = None,
    strict_missing: StrictMissing = False,
    form: SeriesForm = SERIES_FORM,
    access: Access = ACCESS,
) -> int:
    """Prints figures, and what is missing."""
    kind, path = form.target(KINDS)
    rows, asked = checked_limit(limit), question(posts, choice, span)
    if explain is not None and kind != "table":
        raise Usage("--explain names a row of the table; leave the other forms out")
    with access.connect(adapter) as client:
        targets = asked.targets(client)
        order = targets.subjects, split(metric), asked.window
        notes = client.plan(*order, by=asked.by).notes
        with watched("metrics") as bar:
            series = client.metrics(*order, by=asked.by, progress=bar)
    if kind == "table":
        from socialmetrics.cli.series_table import SeriesTable

        screen = console()
        made = SeriesTable.of(
            series, targets.labels, width=screen.width, most=rows or ROWS, tz=asked.tz
        )
        _show(series, made, notes, explain)
    else:
        _write(series, kind, path, rows)
        _tell(series, notes, console(sys.stderr))
    return MISSING if strict_missing and _lacks(series) else OK


def _lacks(series: MetricSeries) -> bool:
    """Whether a metric is missing, or a figure did not come."""
    from socialmetrics.series.columns import STATUS_CODE

    lost = [STATUS_CODE[status] for status in LOST]
    return bool(series.missing) or any((series.columns.status == x).any() for x in lost)


def plan(
    adapter: AdapterName,
    /,
    *posts: PostNames,
    metric: Metrics,
    span: Span = SPAN,
    choice: Choice = CHOICE,
    strict_missing: StrictMissing = False,
    form: Form = FORM,
    access: Access = ACCESS,
) -> int:
    """Prints what `metrics` would do."""
    kind, asked = form.kind, question(posts, choice, span)
    with access.connect(adapter) as client:
        subjects = asked.targets(client).subjects
        found = client.plan(subjects, split(metric), asked.window, by=asked.by)
    if kind == "table":
        _show_plan(adapter, found)
    else:
        write(_availability(found), records.PLAN, kind)
    return MISSING if strict_missing and found.missing else OK


def _show(
    series: MetricSeries, made: SeriesTable, notes: Sequence[str], explain: int | None
) -> None:
    from socialmetrics.cli.series_table import noun_of, tell_gaps

    screen = console()
    explained = () if explain is None else made.figures(explain)
    shown, all_rows = len(made.rows), many(made.count, "row")
    is_cut = shown < made.count
    title = many(len(series), "figure")
    if is_cut:
        title = f"{title}; the first {shown:,} of {all_rows}"
    made.show(title, screen)
    if is_cut:
        told = f"{shown:,} of {all_rows}; more with --limit, --csv or --out"
        screen.print(Text(told, style="italic"))
    _tell_notes(notes, screen)
    tell_missing(series.missing, screen, most=_most(series))
    tell_gaps(series.gaps(), screen, noun_of(series))
    tell_issues(series.issues, screen)
    for row in explained:
        screen.print(Text(f"\n{series.explain(row)}"))


def _write(
    series: MetricSeries, kind: Kind, path: Path | None, limit: int | None
) -> None:
    from socialmetrics.series.csvfile import HEADER
    from socialmetrics.series.files import replacing

    found, series = len(series), series[:limit]
    if path is None or kind == "jsonl":
        columns: records.Columns = dict.fromkeys(HEADER, TEXT)
        write(map(records.figure, series), columns, kind, path)
    elif kind == "parquet":
        series.to_parquet(path)
    elif kind == "csv":
        series.to_csv(path)
    else:
        with replacing(path) as draft:
            draft.write_text(series.to_json(), "utf-8")
    if path is not None:
        cut = f"{len(series):,} of " if len(series) < found else ""
        sys.stderr.write(f"{cut}{many(found, 'figure')} in {path}\n")


def _tell(series: MetricSeries, notes: Sequence[str], screen: Console) -> None:
    _tell_notes(notes, screen)
    tell_missing(series.missing, screen, most=_most(series))
    tell_issues(series.issues, screen)


def _most(series: MetricSeries) -> int | None:
    """Accounts are few: all that is missing of them is told. Posts are many."""
    return SHOWN if any(each.subject for each in series.missing) else None


def _tell_notes(notes: Sequence[str], screen: Console) -> None:
    """What is good to know about the plan."""
    if notes:
        screen.print(Text("\nGood to know", style="bold"))
    for note in notes:
        screen.print(Text(f"  {plain(note)}"))


def _availability(plan: Plan[MetricSeries]) -> list[records.Record]:
    cost = records.plan(len(plan.parts), plan.requests, plan.duration.total_seconds())
    there = [
        records.available(
            name, tuple(each.network for each in plan.derived if each.metric == name)
        )
        for name in plan.available
    ]
    # A note needs no column of its own: it is a record that has nothing but a reason.
    blank: records.Record = {**dict.fromkeys(records.PLAN), "record": "note"}
    notes = ({**blank, "reason": note} for note in plan.notes)
    return [cost, *there, *map(records.missing, plan.missing), *notes]


def _show_plan(adapter: str, plan: Plan[MetricSeries]) -> None:
    screen = console()
    derived = (f"{each.metric} ({each.network})" for each in plan.derived)
    rows: Sequence[tuple[str, str]] = (
        ("parts", str(len(plan.parts))),
        ("requests, at least", f"{plan.requests:,}"),
        ("waiting for the budget", _waiting(plan)),
        ("available", ", ".join(plan.available)),
        ("worked out here", ", ".join(derived)),
    )
    heads = ("what", "how much")
    show(screen, f"Plan for {adapter}", heads, rows, wrap=("how much",))
    _tell_notes(plan.notes, screen)
    tell_missing(plan.missing, screen, most=SHOWN)


def _waiting(plan: Plan[MetricSeries]) -> str:
    """How long the calls are held back; how long answers take, nobody knows."""
    if not plan.duration:
        return "none: so many requests may be sent at once"
    return f"{plan.duration} (h:mm:ss) at least, before the last request may be sent"
