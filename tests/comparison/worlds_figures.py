"""Figures of one reading in lists, as a series."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

import attrs
import numpy as np
from numpy.typing import NDArray

from socialmetrics.model import Ref, Source
from socialmetrics.reading import Reading, Settled, Status
from socialmetrics.series import NONE, SETTLED_CODE, STATUS_CODE, Columns, MetricSeries
from socialmetrics.series.columns import HOUR, micros
from tests.comparison.worlds import Company, Ints

NAN: Final = float("nan")


def source(vendor: str, endpoint: str, read: datetime) -> Source:
    """Where figures that were read then came from."""
    return Source(
        vendor=vendor,
        endpoint=endpoint,
        request_id=None,
        api_version=None,
        fetched_at=read,
    )


@attrs.frozen(kw_only=True)
class Figures:
    """Figures of one reading: an entry a figure in every list.

    `subject` and `source` count into `subjects` and `sources`. `values` has NaN where
    there is none; `absent` says why. Instants are microseconds since 1970.
    """

    reading: Reading
    subjects: Sequence[Ref]
    subject: Sequence[int] | Ints
    start: Sequence[int] | Ints
    end: Sequence[int] | Ints
    values: Sequence[float] | NDArray[np.float64]
    sources: Sequence[Source]
    source: Sequence[int] | None = None
    absent: Status = Status.NOT_REPORTED
    settled: Sequence[Settled] = ()

    def series(self) -> MetricSeries:
        """The same as a series."""
        value = np.array(self.values, np.float64)
        count = len(value)
        settled = np.full(count, SETTLED_CODE[Settled.UNKNOWN], np.uint8)
        if self.settled:
            settled = np.array([SETTLED_CODE[e] for e in self.settled], np.uint8)
        known, lost = STATUS_CODE[Status.OBSERVED], STATUS_CODE[self.absent]
        return MetricSeries(
            Columns(
                subjects=tuple(self.subjects),
                readings=(self.reading,),
                sources=tuple(self.sources),
                breakdowns=("",),
                subject=np.array(self.subject, np.int32),
                reading=np.zeros(count, np.int32),
                source=np.array(self.source or np.zeros(count), np.int32),
                breakdown=np.zeros(count, np.int32),
                start=np.array(self.start, np.int64),
                end=np.array(self.end, np.int64),
                value=value,
                status=np.where(np.isnan(value), lost, known).astype(np.uint8),
                settled=settled,
            )
        )


def together(pieces: Iterable[MetricSeries]) -> MetricSeries:
    """All of them in one, with or without a figure."""
    found = [each for each in pieces if len(each)]
    return MetricSeries.concat(found) if found else MetricSeries.empty()


def totals(
    its: Company,
    reading: Reading,
    rows: Ints,
    values: Sequence[float],
    sources: Sequence[Source],
    absent: Status = Status.NOT_REPORTED,
) -> MetricSeries:
    """Totals of posts since they were published."""
    told = {each: code for code, each in enumerate(dict.fromkeys(sources))}
    return Figures(
        reading=reading,
        subjects=its.refs(rows),
        subject=range(len(rows)),
        start=[micros(its.post(row).created_at) for row in rows.tolist()],
        end=[NONE] * len(rows),
        values=values,
        sources=tuple(told),
        source=[told[each] for each in sources],
        absent=absent,
    ).series()


def by_hour(
    its: Company,
    reading: Reading,
    rows: Ints,
    marks: Ints,
    values: NDArray[np.float64],
    told: Source,
    absent: Status = Status.NOT_COLLECTED,
) -> MetricSeries:
    """Hours of posts, from that of their publication on. `marks` are hours since 1970,
    and `values` have a row a post, a column an hour between two of them."""
    born = its.world.timeline.first_hour[rows]
    post, hour = np.nonzero(marks[None, :-1] >= born[:, None])
    return Figures(
        reading=reading,
        subjects=its.refs(rows),
        subject=post,
        start=marks[hour] * HOUR,
        end=(marks[hour] + 1) * HOUR,
        values=values[post, hour],
        sources=[told],
        absent=absent,
    ).series()
