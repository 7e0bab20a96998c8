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
from socialmetrics.cli.lists import label
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
    Period,
    Profiles,
    SeriesForm,
    StrictMissing,
    checked_limit,
    chosen_profiles,
    split,
)
from socialmetrics.cli.output import FILES, many, write
from socialmetrics.cli.progress import watched
from socialmetrics.cli.tables import (
    ROWS,
    console,
    show,
    tell_issues,
    tell_missing,
)
from socialmetrics.model import Ref
from socialmetrics.plan import By, Plan

if TYPE_CHECKING:
    from socialmetrics.series import MetricSeries

TEXT: Final[records.Type] = "text"
KINDS: Final[dict[str, Kind]] = {**FILES, ".json": "json"}
Step = Annotated[By, Parameter(name="--by", help="Figures by day, hour, or in total.")]


def metrics(
    adapter: AdapterName,
    /,
    *,
    metric: Metrics,
    period: Period,
    profile: Profiles = (),
    by: Step = "day",
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
    rows, window = checked_limit(limit), period.window
    if explain is not None and kind != "table":
        raise Usage("--explain names a row of the table; leave the other forms out")
    with access.connect(adapter) as client:
        known = chosen_profiles(client, profile)
        with watched("metrics") as bar:
            series = client.metrics(known, split(metric), window, by=by, progress=bar)
    labels = {each.ref: label(each) for each in known}
    if kind == "table":
        _show(series, labels, rows or ROWS, explain)
    else:
        _write(series, kind, path, rows)
    return MISSING if strict_missing and series.missing else OK


def plan(
    adapter: AdapterName,
    /,
    *,
    metric: Metrics,
    period: Period,
    profile: Profiles = (),
    by: Step = "day",
    strict_missing: StrictMissing = False,
    form: Form = FORM,
    access: Access = ACCESS,
) -> int:
    """Prints what `metrics` would do."""
    kind, window = form.kind, period.window
    with access.connect(adapter) as client:
        known = chosen_profiles(client, profile)
        found = client.plan(known, split(metric), window, by=by)
    if kind == "table":
        _show_plan(adapter, found)
    else:
        write(_availability(found), records.PLAN, kind)
    return MISSING if strict_missing and found.missing else OK


def _show(
    series: MetricSeries, labels: dict[Ref, str], limit: int, explain: int | None
) -> None:
    from socialmetrics.cli.series_table import SeriesTable, tell_gaps

    screen = console()
    made = SeriesTable.of(series, labels, screen.width, limit)
    explained = () if explain is None else made.figures(explain)
    all_rows = many(len(made.rows), "row")
    title = many(len(series), "figure")
    if len(made.rows) > limit:
        title = f"{title}; the first {limit:,} of {all_rows}"
    made.show(title, slice(limit), screen)
    if len(made.rows) > limit:
        told = f"{limit:,} of {all_rows}; more with --limit, --csv or --out"
        screen.print(Text(told, style="italic"))
    tell_missing(series.missing, screen)
    tell_gaps(series.gaps(), screen)
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
    screen = console(sys.stderr)
    tell_missing(series.missing, screen)
    tell_issues(series.issues, screen)


def _availability(plan: Plan[MetricSeries]) -> list[records.Record]:
    cost = records.plan(len(plan.parts), plan.requests, plan.duration.total_seconds())
    there = [
        records.available(
            name, tuple(each.network for each in plan.derived if each.metric == name)
        )
        for name in plan.available
    ]
    return [cost, *there, *map(records.missing, plan.missing)]


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
    tell_missing(plan.missing, screen)


def _waiting(plan: Plan[MetricSeries]) -> str:
    """How long the calls are held back; how long answers take, nobody knows."""
    if not plan.duration:
        return "none: so many requests may be sent at once"
    return f"{plan.duration} (h:mm:ss) at least, before the last request may be sent"
