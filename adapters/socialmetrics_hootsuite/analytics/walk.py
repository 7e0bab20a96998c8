"""From page to page: where the cursor leads, and when it leads nowhere."""

from __future__ import annotations

from typing import Any, Final, TypeVar

import attrs

from socialmetrics.decode import Answer, ask
from socialmetrics.errors import (
    Incomplete,
    NotFound,
    PermissionDenied,
    Refused,
    Rejected,
)
from socialmetrics.model import Issue
from socialmetrics.wire import Flow, Request
from socialmetrics_hootsuite.analytics.parts import Account
from socialmetrics_hootsuite.analytics.payloads import Envelope
from socialmetrics_hootsuite.analytics.requests import ROWS_A_PAGE
from socialmetrics_hootsuite.problems import refusal, told

P = TypeVar("P", bound=Envelope)

REFUSALS: Final = (Rejected, PermissionDenied, NotFound)
"""What one bad profile makes of a whole request."""
BARREN: Final = 3
"""So many pages in a row without a new row are no progress."""


@attrs.define
class Walk:
    """Where a reader of cursor pages is.

    `is_cut` tells that the last page was full and had no cursor: the end, or a cut.
    """

    cursor: str | None = None
    is_over: bool = False
    is_cut: bool = False
    _seen: set[str] = attrs.field(factory=set[str])
    _barren: int = 0

    @property
    def has_begun(self) -> bool:
        """Whether a page came already."""
        return self.cursor is not None

    def advance(self, answer: Answer[Any], fresh: int) -> None:
        """To the next page, or the end; `fresh` is how many rows were new.

        Raises `Incomplete` in a ring.
        """
        payload: Envelope = answer.payload
        mark = payload.next
        self._barren = 0 if fresh else self._barren + 1
        if mark is None:
            self.is_over = True
            self.is_cut = len(payload.data or ()) >= ROWS_A_PAGE
            return
        if mark in self._seen or self._barren >= BARREN:
            raise _looped(answer, mark)
        self._seen.add(mark)
        self.cursor = mark


def asked(request: Request, kind: type[P]) -> Flow[Answer[P]]:
    """The answer to a read. Raises what its `errors` mean, under any status."""
    answer = yield from ask(request, kind, _half)
    if answer.payload.errors:
        raise refusal(answer.response)
    return answer


def _half(payload: Envelope) -> str | None:
    if payload.errors and payload.data:
        return f"it carries errors beside the data: {str(payload.errors)[:200]}"
    if not payload.errors and payload.data is None:
        return "it has no data"
    return None


def is_about_all(err: Refused) -> bool:
    """Whether it is the credentials that lack something, whatever they ask for."""
    return told(err).fault == "scope"


def refused(account: Account, err: Refused) -> Issue:
    """What is said of a profile that the vendor refuses."""
    return Issue(
        path="profiles",
        problem=f"refused by the vendor: {err.message}",
        seen=account.vendor_id,
    )


def _looped(answer: Answer[Any], mark: str) -> Incomplete:
    response = answer.response
    return Incomplete(
        f"the vendor's paging runs in a ring: the cursor {mark!r} brings nothing new",
        vendor=response.vendor,
        operation=response.request.operation,
        status=response.status,
        request_id=response.request_id,
    )
