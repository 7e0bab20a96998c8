"""Whether an error of a flow may have come after something unsafe was done."""

from __future__ import annotations

from typing import TypeVar

import attrs

from socialmetrics.errors import (
    Incomplete,
    OutcomeUnknown,
    SocialMetricsError,
    Unreadable,
)
from socialmetrics.wire import Flow, Request

T = TypeVar("T")


@attrs.define
class Watch:
    """Watches one flow that sends something unsafe."""

    _is_answered: bool = False
    _late: SocialMetricsError | None = None

    def over(self, flow: Flow[T]) -> Flow[T]:
        """The same flow, watched."""
        try:
            step: Request = next(flow)
            while True:
                try:
                    response = yield step
                except SocialMetricsError as err:
                    self._late = err if self._is_answered else None
                    step = flow.throw(err)
                else:
                    self._is_answered = self._is_answered or not step.safe
                    step = flow.send(response)
        except StopIteration as end:
            result: T = end.value
            return result

    def may_have_arrived(self, error: SocialMetricsError) -> bool:
        """Whether it may have been done, though the flow ended in that error.

        A refusal that the adapter reads from an answer is one; that of a later request
        is not.
        """
        if isinstance(error, OutcomeUnknown | Unreadable | Incomplete):
            return True
        return error is self._late
