"""Which columns a mapping wants, and where the header has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from socialmetrics.errors import InvalidQuery
from socialmetrics.exports.layout import Dates, Layout, Networks, Subjects
from socialmetrics.exports.wording import meant


def wanted(layout: Layout) -> dict[str, str]:
    """The columns that the mapping names, each with the key that names it."""
    return {column: key for key, column in _named(layout)}


def _named(layout: Layout) -> Iterator[tuple[str, str]]:
    if layout.is_long:
        yield "metric_column", layout.metric_column
        yield "value_column", layout.value_column
    else:
        yield from (("[[metric]]", each.column) for each in layout.metric)
    if layout.breakdown:
        yield "breakdown", layout.breakdown
    for key in ("read_at", "published", "end", "start", "date"):
        dates: object = getattr(layout, key)
        if isinstance(dates, Dates):
            yield from ((key, name) for name in dates.names)
    if isinstance(layout.network, Networks):
        yield "network", layout.network.column
    if isinstance(layout.subject, Subjects):
        yield "subject", layout.subject.column


def _elsewhere(header: Sequence[str], columns: Iterable[str]) -> str:
    """What may be wrong where no column is there."""
    if any(column in header for column in columns):
        return ""
    return ". If the header is another line, say header in the mapping"


def positions(header: Sequence[str], layout: Layout, where: str) -> dict[str, int]:
    """Where the header has each wanted column. Raises `InvalidQuery` for one that is
    missing, or there twice."""
    found: dict[str, int] = {}
    for column, key in wanted(layout).items():
        count = header.count(column)
        if count > 1:
            raise InvalidQuery(
                f"{where}: the column {column!r} ({key}) is there {count} times; "
                "rename all but the one that is meant"
            )
        if not count:
            raise InvalidQuery(
                f"{where}: there is no column {column!r} ({key})"
                f"{meant(column, filter(None, header))}"
                f"{_elsewhere(header, wanted(layout))}"
            )
        found[column] = header.index(column)
    return found
