"""The figures of one request as columns: posts x metrics x steps of time.

A cell without a figure has the status of its post and metric: `not_reported` where the
vendor left it out, `not_collected` where nothing is known of the post at all, or what
the answer says of it. Nothing is ever taken for zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from socialmetrics.model import Issue, Ref, Source
from socialmetrics.reading import Reading, Settled, Status
from socialmetrics.series import MetricSeries
from socialmetrics.series.columns import (
    NONE,
    SETTLED_CODE,
    STATUS_CODE,
    Columns,
    micros,
    recode,
    room,
)
from socialmetrics_x.entries import Endpoint, Entry, asked
from socialmetrics_x.ids import NETWORK, created
from socialmetrics_x.steps import Steps

_OBSERVED: Final = STATUS_CODE[Status.OBSERVED]
_ZERO_BY_RULE: Final = STATUS_CODE[Status.ZERO_BY_RULE]
_RUNNING: Final = SETTLED_CODE[Settled.NO]
_UNSETTLED: Final = SETTLED_CODE[Settled.UNKNOWN]

Values = NDArray[np.float64]
Small = NDArray[np.uint8]
Codes = NDArray[np.int32]


class Block:
    """Figures of some posts, filled in and read off once.

    `values` are those of the answer, NaN where it has none: one plane a post, one row
    a metric, one column a step.
    """

    def __init__(
        self, endpoint: Endpoint, ids: Sequence[str], names: Sequence[str], steps: Steps
    ) -> None:
        self.endpoint: Endpoint = endpoint
        self.steps = steps
        self.ids = {native_id: number for number, native_id in enumerate(ids)}
        self.names = {name: number for number, name in enumerate(names)}
        self.values: Values = np.full((len(ids), len(names), len(steps)), np.nan)
        status = STATUS_CODE[Status.NOT_REPORTED]
        self._absent: Small = np.full((len(ids), len(names)), status, np.uint8)
        self._outside = np.zeros(len(steps), np.bool_)

    def mark(self, ids: Iterable[str], names: Iterable[str], status: Status) -> None:
        """What these posts and metrics have instead of figures."""
        rows = [self.ids[native_id] for native_id in ids if native_id in self.ids]
        columns = [self.names[name] for name in names if name in self.names]
        if rows and columns:
            self._absent[np.ix_(rows, columns)] = STATUS_CODE[status]
            self.values[np.ix_(rows, columns)] = np.nan

    def put(self, native_id: str, name: str, row: Values) -> None:
        """The figures of one post and metric: one a step."""
        self.values[self.ids[native_id], self.names[name]] = row

    def cut(self, first: int, last: int) -> None:
        """Nothing is known of steps outside of these instants (microseconds)."""
        self._outside = (self.steps.start[0] < first) | (self.steps.end > last)

    def series(
        self, source: Source, *, now: int, issues: Sequence[Issue] = ()
    ) -> MetricSeries:
        """Everything as columns. What ends after `now` may still change."""
        count = self.values.size
        arrays = room(count)
        shape = self.values.shape
        readings, codes, known = self._meanings()
        self.values[:, ~known] = np.nan
        absent = np.repeat(self._absent[:, :, None], shape[2], axis=2)
        absent[:, :, self._outside] = STATUS_CODE[Status.NOT_COLLECTED]
        is_absent = np.isnan(self.values)
        filled = {
            "subject": np.arange(shape[0], dtype=np.int32)[:, None, None],
            "reading": codes[None],
            "source": np.int32(0),
            "breakdown": np.int32(0),
            "start": self.steps.start[:, None, :],
            "end": self.steps.end,
            "value": self.values,
            "status": np.where(is_absent, absent, self._present()),
            "settled": np.where(self._is_running(now), _RUNNING, _UNSETTLED),
        }
        for name, told in filled.items():
            arrays[name].reshape(shape)[...] = told
        columns = Columns(
            subjects=tuple(Ref(NETWORK, native_id) for native_id in self.ids),
            readings=readings,
            sources=(source,),
            breakdowns=("",),
            **arrays,
        )
        return MetricSeries(self._born(columns, is_absent), issues=issues)

    def _is_running(self, now: int) -> NDArray[np.bool_]:
        running: NDArray[np.bool_] = (self.steps.end == NONE) | (self.steps.end > now)
        return running

    def _present(self) -> Small:
        """The status of a figure that came: some zeros are fakes."""
        status = np.full(self.values.shape, _OBSERVED, np.uint8)
        for name, number in self.names.items():
            fakes = [each.reading for each in self._entries(name) if each.unrecorded]
            if fakes:
                fake = self._holding(fakes[0])
                is_zero = self.values[:, number] == 0
                status[:, number][is_zero & fake] = _ZERO_BY_RULE
        return status

    def _meanings(self) -> tuple[tuple[Reading, ...], Codes, NDArray[np.bool_]]:
        """The readings, that of every metric and step, and where there is one."""
        told = [self._entries(name) for name in self.names]
        readings, flat = recode(entry.reading for one in told for entry in one)
        codes = np.zeros((len(told), len(self.steps)), np.int32)
        known = np.zeros(codes.shape, np.bool_)
        numbers = iter(flat.tolist())
        for row, entries in enumerate(told):
            for entry in entries:
                number = next(numbers)
                holds = self._holding(entry.reading)
                codes[row, holds | ~known[row]] = number
                known[row] |= holds
        return readings, codes, known

    def _entries(self, name: str) -> tuple[Entry, ...]:
        return asked(self.endpoint, name)

    def _holding(self, reading: Reading) -> NDArray[np.bool_]:
        """For every step, whether that meaning was in force."""
        if reading.valid_from is None and reading.valid_to is None:
            return np.ones(len(self.steps), np.bool_)
        holds = {day: reading.holds_on(day) for day in set(self.steps.days)}
        return np.array([holds[day] for day in self.steps.days], np.bool_)

    def _born(self, columns: Columns, is_absent: NDArray[np.bool_]) -> Columns:
        """Without what an answer left out of the time before a post was made."""
        if self.endpoint == "totals" or not is_absent.any():
            return columns
        births = np.array(list(self._births()), np.int64)[:, None, None]
        unborn = is_absent & (self.steps.end <= births)
        return columns.take(~unborn.ravel())

    def _births(self) -> Iterator[int]:
        for native_id in self.ids:
            begin = created(native_id)
            yield micros(begin) if begin else int(np.iinfo(np.int64).min)
