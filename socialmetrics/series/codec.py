"""A series as JSON and back, without loss and without guessing."""

from __future__ import annotations

from typing import Any, Final, TypeVar

import attrs
import msgspec
import numpy as np

from socialmetrics.codec import converter, parsed, structured
from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Issue, Missing, Ref, Source
from socialmetrics.reading import Reading, Settled, Status
from socialmetrics.series.columns import (
    DTYPES,
    NONE,
    SETTLED,
    SETTLED_CODE,
    STATUS_CODE,
    STATUSES,
    Columns,
    Instants,
    Small,
    Values,
)

T = TypeVar("T")

FORMAT: Final = "socialmetrics.series/1"


@attrs.frozen(kw_only=True)
class Legend:
    """Everything of a series that is not an array: its words, in the order of codes."""

    format: str
    subjects: tuple[Ref, ...]
    readings: tuple[Reading, ...]
    sources: tuple[Source, ...]
    breakdowns: tuple[str, ...]
    statuses: tuple[Status, ...] = STATUSES
    settled: tuple[Settled, ...] = SETTLED
    missing: tuple[Missing, ...] = ()
    issues: tuple[Issue, ...] = ()

    def columns(self, arrays: dict[str, Any]) -> Columns:
        """These words with those arrays, status and settled in today's numbers."""
        arrays["status"] = _renumbered(arrays["status"], self.statuses, STATUS_CODE)
        arrays["settled"] = _renumbered(arrays["settled"], self.settled, SETTLED_CODE)
        return Columns(
            subjects=self.subjects,
            readings=self.readings,
            sources=self.sources,
            breakdowns=self.breakdowns,
            **arrays,
        )


@attrs.frozen(kw_only=True)
class Series:
    """The document: the legend, and the arrays as lists. No end and no value: null."""

    legend: Legend
    rows: dict[str, list[Any]]


def legend_of(
    columns: Columns, missing: tuple[Missing, ...], issues: tuple[Issue, ...]
) -> Legend:
    """The words of these columns."""
    return Legend(
        format=FORMAT,
        subjects=tuple(columns.subjects),
        readings=columns.readings,
        sources=columns.sources,
        breakdowns=columns.breakdowns,
        missing=missing,
        issues=issues,
    )


def write_legend(legend: Legend) -> str:
    """The legend as JSON."""
    return msgspec.json.encode(converter().unstructure(legend)).decode()


def read_legend(text: str) -> Legend:
    """The legend of that JSON. Raises `InvalidQuery` with the path of what is wrong."""
    legend = structured(parsed(text), Legend)
    _check_format(legend.format)
    return legend


def write(legend: Legend, columns: Columns) -> str:
    """The whole series as JSON."""
    rows: dict[str, list[Any]] = {
        name: getattr(columns, name).tolist() for name in DTYPES
    }
    rows["end"] = [None if end == NONE else end for end in rows["end"]]
    # msgspec writes NaN as null.
    document = {"legend": converter().unstructure(legend), "rows": rows}
    return msgspec.json.encode(document).decode()


def read(text: str) -> tuple[Legend, Columns]:
    """Legend and columns of that JSON. Raises `InvalidQuery` with the path."""
    document = structured(parsed(text), Series)
    _check_format(document.legend.format)
    if document.rows.keys() != DTYPES.keys():
        raise InvalidQuery(f"$.rows: must hold {', '.join(DTYPES)} and nothing else")
    arrays = {name: _array(name, document.rows[name]) for name in DTYPES}
    return document.legend, document.legend.columns(arrays)


def _check_format(format: str) -> None:  # noqa: A002 - the document's own word
    if format != FORMAT:
        raise InvalidQuery(f"its format is {format!r}; this version reads {FORMAT!r}")


def _array(name: str, found: list[Any]) -> Values | Instants | Small:
    kinds = set(map(type, found))
    hollow = {type(None)} if name in {"end", "value"} else set[type]()
    plain = {int, float} if name == "value" else {int}
    if not kinds <= plain | hollow:
        strange = ", ".join(sorted(kind.__name__ for kind in kinds - plain - hollow))
        raise InvalidQuery(f"$.rows.{name}: holds {strange}, not numbers")
    if name == "end":
        found = [NONE if each is None else each for each in found]
    try:
        return np.array(found, DTYPES[name])
    except OverflowError as err:
        raise InvalidQuery(f"$.rows.{name}: a number is out of range") from err


def _renumbered(codes: Small, words: tuple[T, ...], numbers: dict[T, int]) -> Small:
    mapping = np.array([numbers[word] for word in words], np.uint8)
    if len(codes) and codes.max() >= len(mapping):
        raise InvalidQuery(f"a code is not below {len(mapping)}")
    return mapping[codes]
