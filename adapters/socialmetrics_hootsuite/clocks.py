"""Two clocks: this machine's, which may be wrong, and the vendor's."""

from __future__ import annotations

from datetime import timedelta
from typing import TypeVar

import attrs

from socialmetrics.errors import SocialMetricsError
from socialmetrics.retry import http_date
from socialmetrics.wire import Flow, Request, Response

T = TypeVar("T")
NOTHING = timedelta()


@attrs.define
class Clock:
    """How far the vendor's clock is ahead of ours, by the `Date` of its answers."""

    _ahead: timedelta | None = None

    @property
    def ahead(self) -> timedelta:
        """By so much at least; nothing where no answer told its time.

        What an answer was on its way, and its fraction of a second, are missing in it.
        """
        return self._ahead or NOTHING

    def over(self, flow: Flow[T]) -> Flow[T]:
        """The same flow, its answers looked at."""
        try:
            step: Request = next(flow)
            while True:
                try:
                    response = yield step
                except SocialMetricsError as err:
                    step = flow.throw(err)
                else:
                    self._read(response)
                    step = flow.send(response)
        except StopIteration as end:
            result: T = end.value
            return result

    def _read(self, response: Response) -> None:
        told = http_date(response.headers.get("date", ""))
        if told is not None:
            ahead = told - response.at
            self._ahead = ahead if self._ahead is None else max(ahead, self._ahead)
