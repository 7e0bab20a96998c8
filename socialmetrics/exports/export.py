"""A report of a tool, as it was exported, read into a series."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256 as hashed
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final

import attrs

from socialmetrics.errors import InvalidQuery
from socialmetrics.exports.columns import positions, wanted
from socialmetrics.exports.doubles import without_doubles
from socialmetrics.exports.gathering import Gatherer
from socialmetrics.exports.layout import Dates, Layout
from socialmetrics.exports.mapping import MappingLike, load
from socialmetrics.exports.opening import Report, opened, report
from socialmetrics.exports.problems import Problems
from socialmetrics.exports.rows import Sieve
from socialmetrics.model import Issue, Source
from socialmetrics.series import MetricSeries
from socialmetrics.series.columns import Instants
from socialmetrics.window import instant

AT_A_TIME: Final = 10_000
"""Rows that are looked at together."""
SHOWN: Final = 3
"""Problems that an error repeats, and names that an issue does."""
PIECE: Final = 2**20
DIGITS: Final = 12
"""Digits of the file's hash that tell it apart from others."""


@attrs.frozen(kw_only=True, eq=False)
class Export:
    """A report and its figures.

    `series` has them, in the order of the file, and in `issues` what was wrong, line by
    line. `lines` has for each of its rows the number of the line (CSV: of the first
    one, where a row takes several; workbooks: of the sheet's row). `rows` is how many
    rows the report had below its header, `problems` how often something was wrong with
    them, also beyond the issues that are kept. `unused` are the columns, or the names
    in `metric_column`, that the mapping does not mention. `sha256` is that of the file.
    `prefix` and `value_column` are what `place` is made of.
    """

    series: MetricSeries = attrs.field(repr=False)
    lines: Instants = attrs.field(repr=False)
    path: Path
    sha256: str
    rows: int
    problems: int
    unused: tuple[str, ...]
    prefix: str = attrs.field(repr=False)
    value_column: str = attrs.field(repr=False)

    def place(self, row: int) -> str:
        """Where the figure in that row of `series` stands in the file: "report.csv,
        line 17, column 'Likes'". Raises `IndexError` for a row that is not there."""
        name = self.series[row].reading.name
        return f"{self.prefix} {self.lines[row]}, column {self.value_column or name!r}"


def read_export(
    path: str | os.PathLike[str],
    mapping: MappingLike,
    *,
    read_at: datetime | None = None,
) -> Export:
    """The report in that CSV file or workbook (.xlsx), read as the mapping says.

    `mapping` is the path of a TOML file, or a dict with the same keys. `read_at` is
    when the report was exported; else the mapping says it, else it is taken for the
    time at which the file was last changed. Rows and cells that cannot be read are kept
    out and told in `series.issues`. Raises `InvalidQuery`, naming the file and what is
    wrong, for a mapping that contradicts itself or does not fit, for a file that cannot
    be read, and for one without a single figure.
    """
    layout = _at(load(mapping), read_at)
    with opened(path) as (file, handle):
        sha256 = _hash(handle)
        source = Source(
            vendor=layout.vendor,
            endpoint=layout.endpoint,
            request_id=f"{file.name} (sha256 {sha256[:DIGITS]})",
            api_version=None,
            fetched_at=_fixed(layout) or _changed(handle),
        )
        with report(file, handle, layout) as found:
            return _read(found, layout, source, path=file, sha256=sha256)


def _at(layout: Layout, read_at: datetime | None) -> Layout:
    if read_at is None:
        return layout
    if isinstance(layout.read_at, Dates):
        raise InvalidQuery(
            f"read_at={read_at.isoformat()} contradicts the mapping, where the column "
            f"{layout.read_at.names[0]!r} says when each row was read; leave one out"
        )
    return attrs.evolve(layout, read_at=instant("read_at", read_at))


def _fixed(layout: Layout) -> datetime | None:
    return layout.read_at if isinstance(layout.read_at, datetime) else None


def _changed(handle: BinaryIO) -> datetime:
    return datetime.fromtimestamp(os.fstat(handle.fileno()).st_mtime, UTC)


def _read(
    found: Report, layout: Layout, source: Source, *, path: Path, sha256: str
) -> Export:
    problems = Problems(path.name, found.prefix)
    sieve = Sieve(layout, len(found.header), problems)
    places = positions(found.header, layout, f"{found.prefix} {layout.header}")
    gatherer = Gatherer(layout, places, problems, source)
    for rows in sieve.bunches(found.records(problems), AT_A_TIME):
        gatherer.add(rows)
    columns, lines = without_doubles(*gatherer.gathered(), problems)
    unused = _unused(found.header, layout, gatherer.unknown, problems)
    issues = problems.issues()
    if not len(columns):
        raise InvalidQuery(f"{path}: {_why_nothing(issues, sieve.rows)}")
    return Export(
        series=MetricSeries(columns, issues=issues),
        lines=lines,
        path=path,
        sha256=sha256,
        rows=sieve.rows,
        problems=problems.count,
        unused=unused,
        prefix=found.prefix,
        value_column=layout.value_column,
    )


def _hash(handle: BinaryIO) -> str:
    found = hashed()
    while piece := handle.read(PIECE):
        found.update(piece)
    return found.hexdigest()


def _unused(
    header: Sequence[str],
    layout: Layout,
    unknown: Mapping[str, int],
    problems: Problems,
) -> tuple[str, ...]:
    if not layout.is_long:
        names = wanted(layout)
        return tuple(name for name in header if name and name not in names)
    if unknown:
        problems.note(
            f"{sum(unknown.values()):,} rows are of metrics that no [[metric]] names",
            ", ".join(islice(unknown, SHOWN)),
        )
    return tuple(unknown)


def _why_nothing(issues: Sequence[Issue], rows: int) -> str:
    """What an error says of a report without a figure: its first problems."""
    if not issues:
        return f"no figure below the header, in {rows:,} rows"
    told = (f"{each.path}: {each.problem} ({each.seen!r})" for each in issues[:SHOWN])
    return f"no figure can be read. {'; '.join(told)}"
