"""Rows of a report as columns of figures, one figure a metric and row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import attrs
import numpy as np

from socialmetrics.exports.cells import Cell, Rows
from socialmetrics.exports.keys import KeyReader, Keys
from socialmetrics.exports.layout import Layout
from socialmetrics.exports.meaning import reading
from socialmetrics.exports.numbers import NO_FIGURE, OBSERVED, Numbers
from socialmetrics.exports.picking import Picked, Picker
from socialmetrics.exports.problems import Problems
from socialmetrics.model import Source
from socialmetrics.reading import Settled
from socialmetrics.series.columns import (
    NONE,
    SETTLED_CODE,
    Columns,
    Instants,
    Plain,
    Small,
    micros,
    moment,
    recode,
)
from socialmetrics.window import ONE_DAY, midnight

KINDS: Final[Mapping[str, np.dtype[Any]]] = {
    "line": np.dtype(np.int64),
    "subject": np.dtype(np.int32),
    "reading": np.dtype(np.int32),
    "breakdown": np.dtype(np.int32),
    "start": np.dtype(np.int64),
    "end": np.dtype(np.int64),
    "read_at": np.dtype(np.int64),
    "value": np.dtype(np.float64),
    "status": np.dtype(np.uint8),
}
Piece = Mapping[str, Plain]


class Gatherer:
    """Takes bunches of rows, and gives the columns in the end."""

    def __init__(
        self,
        layout: Layout,
        positions: Mapping[str, int],
        problems: Problems,
        source: Source,
    ) -> None:
        self._layout, self._problems, self._source = layout, problems, source
        self._keys = KeyReader(layout, positions, problems, source.fetched_at)
        self._picker = Picker(layout, positions, problems)
        self._numbers = Numbers(layout)
        self._readings: dict[tuple[int, str], int] = {}
        self._pieces: list[Piece] = []

    @property
    def unknown(self) -> Mapping[str, int]:
        """Metrics that the mapping does not name, and in how many rows they are."""
        return self._picker.unknown

    def add(self, rows: Rows) -> None:
        """The figures of these rows, in their order."""
        keys = self._keys.read(rows)
        found = [
            self._piece(keys, picked)
            for picked in self._picker.pick(keys.rows, keys.start)
        ]
        if found:
            piece = _joined(found)
            order = np.argsort(piece["line"], kind="stable")
            self._pieces.append({name: piece[name][order] for name in KINDS})

    def gathered(self) -> tuple[Columns, Instants]:
        """All figures, and the line of each."""
        self._keys.tell_rounded()
        piece = _joined(self._pieces)
        moments, inverse = np.unique(piece["read_at"], return_inverse=True)
        sources = [
            attrs.evolve(self._source, fetched_at=moment(int(us))) for us in moments
        ]
        layout = self._layout
        columns = Columns(
            subjects=self._keys.subjects,
            readings=tuple(
                reading(layout.metric[number], layout, network)
                for number, network in self._readings
            ),
            sources=tuple(sources),
            breakdowns=self._keys.breakdowns,
            source=inverse.astype(np.int32),
            settled=_settled(layout, piece),
            **{n: piece[n] for n in KINDS if n not in {"line", "read_at"}},
        )
        return columns, piece["line"]

    def _piece(self, keys: Keys, picked: Picked) -> Piece:
        lines = keys.rows.lines

        def told(at: int, problem: str, cell: Cell) -> None:
            line = lines[picked.rows[at]]
            self._problems.add(line, f"column {picked.column!r}: {problem}", (cell,))

        table = self._layout.metric[picked.metric]
        figures = self._numbers.read(table, picked.cells, told)
        status = np.full(len(figures.values), OBSERVED, np.int16)
        status[[*figures.statuses]] = [*figures.statuses.values()]
        keep = status != NO_FIGURE
        rows = np.asarray(picked.rows, np.intp)[keep]
        subject = keys.subject[rows]
        return {
            "line": np.asarray(lines, np.int64)[rows],
            "subject": subject,
            "reading": self._codes(picked.metric)[subject],
            "breakdown": keys.breakdown[rows],
            "start": keys.start[rows],
            "end": keys.end[rows],
            "read_at": keys.read_at[rows],
            "value": np.array(figures.values, np.float64)[keep],
            "status": status[keep].astype(np.uint8),
        }

    def _codes(self, metric: int) -> Plain:
        """For every subject the code of the reading of that metric on its network."""
        known = self._readings
        networks, code = recode(ref.network for ref in self._keys.subjects)
        codes = [known.setdefault((metric, name), len(known)) for name in networks]
        return np.array(codes, np.int32)[code]


def _joined(pieces: Sequence[Piece]) -> Piece:
    return {
        name: np.concatenate(
            [np.empty(0, kind), *(piece[name] for piece in pieces)], dtype=kind
        )
        for name, kind in KINDS.items()
    }


def _settled(layout: Layout, piece: Piece) -> Small:
    """Spans that were not over when they were read are not settled, whatever else."""
    end, read_at = piece["end"], piece["read_at"]
    found = np.full(len(end), SETTLED_CODE[Settled.UNKNOWN], np.uint8)
    if layout.settled_through is not None:
        limit = micros(midnight(layout.settled_through + ONE_DAY, str(layout.zone)))
        yes, no = SETTLED_CODE[Settled.YES], SETTLED_CODE[Settled.NO]
        found = np.where(end <= limit, np.uint8(yes), np.uint8(no))
    return np.where(
        (end != NONE) & (end > read_at), np.uint8(SETTLED_CODE[Settled.NO]), found
    )
