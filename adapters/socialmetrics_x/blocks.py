"""The figures of one request as columns: posts x metrics x steps of time.

A cell without a figure has the status of its post and metric: `not_reported` where the
vendor left it out, `not_collected` where nothing is known of the post at all, or what
the answer says of it. Nothing is ever taken for zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Final

import attrs
import numpy as np
from numpy.typing import NDArray

from socialmetrics.model import Source
from socialmetrics.reading import Settled, Status
from socialmetrics.series import MetricSeries
from socialmetrics.series.columns import (
    NONE,
    SETTLED_CODE,
    STATUS_CODE,
    Columns,
    micros,
    recode,
)
from socialmetrics.window import midnight, zone
from socialmetrics_x.entries import Endpoint
from socialmetrics_x.frames import Meanings, columns, meanings
from socialmetrics_x.ids import created, references
from socialmetrics_x.steps import Steps

_OBSERVED: Final = STATUS_CODE[Status.OBSERVED]
_ZERO_BY_RULE: Final = STATUS_CODE[Status.ZERO_BY_RULE]
_RUNNING: Final = SETTLED_CODE[Settled.NO]
_UNSETTLED: Final = SETTLED_CODE[Settled.UNKNOWN]

Values = NDArray[np.float64]
Small = NDArray[np.uint8]


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
        self.ids = _places(tuple(ids))
        self.names = {name: number for number, name in enumerate(names)}
        self.values: Values = np.full((len(ids), len(names), len(steps)), np.nan)
        status = STATUS_CODE[Status.NOT_REPORTED]
        self._absent: Small = np.full((len(ids), len(names)), status, np.uint8)
        self._outside = np.zeros(len(steps), np.bool_)
        self._joined = [len(ids)]

    def mark(self, ids: Iterable[str], names: Iterable[str], status: Status) -> None:
        """What these posts and metrics have instead of figures."""
        columns = [self.names[name] for name in names if name in self.names]
        if not columns:
            return  # Nearly always; the posts are many.
        rows = [self.ids[native_id] for native_id in ids if native_id in self.ids]
        if rows:
            self._absent[np.ix_(rows, columns)] = STATUS_CODE[status]
            self.values[np.ix_(rows, columns)] = np.nan

    def put(self, native_id: str, name: str, row: Values) -> None:
        """The figures of one post and metric: one a step."""
        self.values[self.ids[native_id], self.names[name]] = row

    def cut(self, first: int, last: int) -> None:
        """Only what lies between these instants (microseconds) is known.

        What came of a step that reaches beyond them may still grow.
        """
        self._outside = (self.steps.start[0] < first) | (self.steps.end > last)

    def series(self, *sources: Source, now: int, tz: str | None = None) -> MetricSeries:
        """Everything as columns. What ends after `now` may still change.

        `sources` are those of the answers, one for each block that was joined. `tz` is
        the zone of the days that hours will be put together to.
        """
        shape = self.values.shape
        told = meanings(self.endpoint, tuple(self.names), self.steps.days)
        self.values[:, ~told.known] = np.nan
        unborn = self._unborn(tz)
        is_absent = np.isnan(self.values)
        running = (self.steps.end == NONE) | (self.steps.end > now) | self._outside
        words, codes = recode(sources)
        source = np.repeat(codes, self._joined)[:, None, None]
        settled = np.where(running, _RUNNING, _UNSETTLED).astype(np.uint8)
        found = Columns(
            subjects=references(tuple(self.ids)),
            readings=told.readings,
            sources=words,
            breakdowns=("",),
            value=self.values.ravel(),
            status=self._status(told, is_absent).ravel(),
            settled=np.broadcast_to(settled, shape).ravel(),
            source=np.broadcast_to(source, shape).ravel(),
            **columns(told, shape[0], self.steps),
        )
        return MetricSeries(found.take(~unborn.ravel()) if unborn.any() else found)

    @classmethod
    def joined(cls, blocks: Sequence[Block]) -> Block:
        """The totals of several blocks, of the same metrics, as one."""
        first, *others = blocks
        if not others:
            return first
        start = np.concatenate([each.steps.start for each in blocks])
        ids = tuple(chain.from_iterable(each.ids for each in blocks))
        steps = attrs.evolve(first.steps, start=start)
        made = cls(first.endpoint, ids, tuple(first.names), steps)
        made._joined = [len(each.ids) for each in blocks]
        made.values = np.concatenate([each.values for each in blocks])
        made._absent = np.concatenate(
            [each._absent for each in blocks]  # noqa: SLF001 - of the same class
        )
        return made

    def _status(self, told: Meanings, is_absent: NDArray[np.bool_]) -> Small:
        """What came is observed, but for zeros that say nothing."""
        status = np.full(self.values.shape, _OBSERVED, np.uint8)
        for row, fake in told.fakes:
            status[:, row][(self.values[:, row] == 0) & fake] = _ZERO_BY_RULE
        if is_absent.any():
            absent = np.repeat(self._absent[:, :, None], len(self.steps), axis=2)
            absent[:, :, self._outside] = STATUS_CODE[Status.NOT_COLLECTED]
            status[is_absent] = absent[is_absent]
        return status

    def _unborn(self, tz: str | None) -> NDArray[np.bool_]:
        """What lies before a post was made and was left out.

        Where hours are put together to days of a zone, the day of its making stays
        whole: what was left out of it is nothing that happened.
        """
        absent = np.isnan(self.values)
        if self.endpoint == "totals" or not absent.any():
            return np.zeros(self.values.shape, np.bool_)
        births = self._instants(None)
        if tz is None:
            return absent & (self.steps.end <= births)
        days = self._instants(tz)
        is_silent = self._absent == STATUS_CODE[Status.NOT_REPORTED]
        young = absent & (self.steps.end <= births) & (self.steps.end > days)
        self.values[young & is_silent[:, :, None]] = 0.0
        return absent & (self.steps.end <= days)

    def _instants(self, tz: str | None) -> NDArray[np.int64]:
        """When each post was made, or when the day of that zone began."""
        found = np.array([_made(native_id, tz) for native_id in self.ids], np.int64)
        return found[:, None, None]


@lru_cache(maxsize=16)
def _places(ids: tuple[str, ...]) -> Mapping[str, int]:
    """The number of every post. Kept: requests of the same posts follow on."""
    return dict(zip(ids, range(len(ids)), strict=True))


def _made(native_id: str, tz: str | None) -> int:
    begin = created(native_id)
    if begin is None:
        return int(np.iinfo(np.int64).min)
    if tz is None:
        return micros(begin)
    return micros(midnight(begin.astimezone(zone(tz)).date(), tz))
