"""`compare`: what tools say of the same account and days, and why they differ."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import attrs
from cyclopts import Parameter

from socialmetrics.cli.compare_sides import Sides
from socialmetrics.cli.exits import FAULTY, MISSING, OK, Usage
from socialmetrics.cli.extras import has_report
from socialmetrics.cli.options import (
    EVERYWHERE,
    Common,
    FileForm,
    Kind,
    StrictMissing,
    split,
)
from socialmetrics.cli.progress import watched
from socialmetrics.cli.weeks import DAYS, Days, Steps

if TYPE_CHECKING:
    from socialmetrics.cli.compare_question import Answer

_FLAG: Final = Parameter(negative=(), show_default=False)
KINDS: Final[dict[str, Kind]] = {
    ".html": "html",
    ".json": "json",
    ".csv": "csv",
    ".parquet": "parquet",
}


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class ReportForm(FileForm):
    """In which form the comparison is printed, or into which file it goes."""

    json: Annotated[
        bool, _FLAG, Parameter(name="--json", help="The whole comparison as JSON.")
    ] = False
    csv: Annotated[
        bool, _FLAG, Parameter(name="--csv", help="A line for every pair of figures.")
    ] = False
    out: Annotated[
        Path | None,
        Parameter(
            name="--out",
            show_default=False,
            help="A file instead; its ending says what kind: .html (a page for the "
            "browser that needs no network), .json (all of it), .csv or .parquet (a "
            "row for every pair of figures).",
        ),
    ] = None


REPORT_FORM: Final = ReportForm()


def compare(
    *,
    sides: Sides,
    profile: Annotated[
        str | None,
        Parameter(
            show_default=False,
            help="The account: @handle, network:@handle, network:id, its name. It is "
            "the same at every tool by the network's own id. What fits accounts of "
            "several networks means all those that every tool has.",
        ),
    ] = None,
    span: Days = DAYS,
    metric: Annotated[
        tuple[str, ...],
        _FLAG,
        Parameter(
            name="--metric",
            help="A metric, like impressions. Repeat it, or separate several by "
            "commas; when it is left out, what the tools have in common.",
        ),
    ] = (),
    by: Annotated[
        Steps, Parameter(help="A pair of figures for the whole span, or for each day.")
    ] = "total",
    lookback: Annotated[
        int,
        Parameter(
            help="Days before the first one: posts published since then are asked for "
            "by the hour, where a tool counts posts alone."
        ),
    ] = 45,
    dry_run: Annotated[
        bool,
        _FLAG,
        Parameter(
            name="--dry-run",
            help="Show what would be asked for and what it takes; only accounts are "
            "asked for.",
        ),
    ] = False,
    strict_missing: StrictMissing = False,
    strict_faults: Annotated[
        bool,
        _FLAG,
        Parameter(
            name="--strict-faults",
            help="Exit with 9 when figures break an order that always holds.",
        ),
    ] = False,
    form: ReportForm = REPORT_FORM,
    common: Common = EVERYWHERE,
) -> int:
    """Compares, and says why figures differ."""
    del common
    kind, path = form.target(KINDS)
    _check(kind, dry_run=dry_run)
    sources = sides.sources()
    from socialmetrics.cli.compare_question import question

    asked = question(
        sources,
        profile,
        span.window(),
        tuple(split(metric)),
        by=by,
        lookback=lookback,
    )
    with asked.prepared() as ready:
        if dry_run:
            from socialmetrics.cli.compare_plan import show_plan

            show_plan(ready)
            return OK
        with watched("compare") as bar:
            answer = ready.answer(bar)
    from socialmetrics.cli.compare_output import deliver

    deliver(answer, kind, path)
    if strict_faults and _is_faulty(answer):
        return FAULTY
    return MISSING if strict_missing and _lacks(answer) else OK


def _check(kind: Kind, *, dry_run: bool) -> None:
    if dry_run and kind != "table":
        raise Usage("--dry-run prints a table; leave the other forms out")
    if kind == "html" and not has_report():
        from socialmetrics.report.drawing import absent

        raise absent()


def _is_faulty(answer: Answer) -> bool:
    return any(each.severity == "fault" for each in answer.comparison.faults)


def _lacks(answer: Answer) -> bool:
    """Whether a side lacks a metric, or there is nothing to compare."""
    is_empty = not len(answer.comparison.rows)
    return is_empty or any(each.missing for each in answer.series.values())
