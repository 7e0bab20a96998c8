"""Rows that are kept as they came, and the marks that lead from page to page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

import attrs
import msgspec

from socialmetrics.decode import Answer, mend
from socialmetrics.errors import Incomplete, InvalidQuery, Unreadable
from socialmetrics.model import Issue
from socialmetrics.typed import decoder
from socialmetrics.wire import Page
from socialmetrics_sprout.payloads import Envelope, RowsPayload
from socialmetrics_sprout.requests import ROWS_A_PAGE

P = TypeVar("P")
T = TypeVar("T")
_ROWS: Final = decoder(RowsPayload)


BROKEN: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What a row can hold that its page did not show: the page kept it as bytes."""


def rows(
    answer: Answer[RowsPayload] | Answer[list[msgspec.Raw]],
    decoder: msgspec.json.Decoder[P],
    make: Callable[[P, msgspec.Raw], T],
) -> tuple[T, ...]:
    """Every row as a model object; what is mended is added to the answer's issues.

    Raises `Unreadable` with the row's path.
    """
    payload = answer.payload
    data = payload if isinstance(payload, list) else payload.data
    made: list[T] = []
    odd: list[Issue] = []
    try:
        try:
            for raw in data:
                made.append(make(decoder.decode(raw), raw))  # noqa: PERF401 - counted
        except BROKEN:
            for raw in data[len(made) :]:
                row = _mended(raw, decoder, make, f"$.data[{len(made)}]")
                made.append(row.items[0])
                odd.extend(row.issues)
    except (*BROKEN, ValueError, InvalidQuery, OverflowError) as err:
        raise unreadable(answer, f"$.data[{len(made)}]", err) from err
    answer.issues = (*answer.issues, *odd)
    return tuple(made)


def _mended(
    raw: msgspec.Raw,
    decoder: msgspec.json.Decoder[P],
    make: Callable[[P, msgspec.Raw], T],
    path: str,
) -> Page[T]:
    """A row on a page on which some row is broken; it may be this one."""
    try:
        return Page((make(decoder.decode(raw), raw),))
    except BROKEN:
        mended, issues = mend(bytes(raw), path=path)
        return Page((make(decoder.decode(mended), msgspec.Raw(mended)),), issues)


def cut(body: bytes) -> list[msgspec.Raw]:
    """The rows of a body that is known to be good."""
    return _ROWS.decode(body).data


def unreadable(answer: Answer[Any], path: str, err: Exception) -> Unreadable:
    """The error of a row that is not what the contract says."""
    response = answer.response
    return Unreadable(
        f"a row is not what the contract says: {err} (in {path})",
        vendor=response.vendor,
        operation=response.request.operation,
        status=response.status,
        request_id=response.request_id,
    )


def complaint(payload: object) -> str | None:
    """The error text that stands beside the data of an answer, if any."""
    told: object = getattr(payload, "error", None)
    return f"it carries an error beside the data: {told}" if told else None


def pages_of(payload: Envelope) -> int | None:
    """How many pages the answer tells, if it does."""
    return payload.paging.total_pages if payload.paging else None


def repeated(seen: set[str], mark: str) -> bool:
    """Whether a cursor was there before; remembers it."""
    if mark in seen:
        return True
    seen.add(mark)
    return False


def looped(answer: Answer[Any], mark: str) -> Incomplete:
    """The error of paging that comes back to where it was."""
    response = answer.response
    return Incomplete(
        f"the cursor {mark!r} came a second time: the vendor's paging runs in a ring",
        vendor=response.vendor,
        operation=response.request.operation,
        status=response.status,
        request_id=response.request_id,
    )


@attrs.define
class Walk:
    """Where a reader of pages with an opaque cursor is.

    A full page with a cursor is believed, and so is one with fewer rows and none.
    Nothing else tells whether rows are missing, so it is asked for once more, and the
    answer with more rows counts. Short pages that come alike twice are the vendor's
    way, and are not doubted again; empty ones are.
    """

    cursor: str | None = None
    is_over: bool = False
    _doubted: Answer[RowsPayload] | None = None
    _may_be_short: bool = False
    _seen: set[str] = attrs.field(factory=set[str])

    def settled(self, answer: Answer[RowsPayload]) -> Answer[RowsPayload] | None:
        """The answer to go on with; None where the page must be asked for again."""
        first, self._doubted = self._doubted, None
        if first is None and self._is_doubtful(answer.payload):
            self._doubted = answer
            return None
        if first is None:
            return answer
        if _weight(first) == _weight(answer) and answer.payload.data:
            self._may_be_short = True
        return max(answer, first, key=_weight)

    def _is_doubtful(self, payload: RowsPayload) -> bool:
        count = len(payload.data)
        if _next(payload) is None:
            return count == 0 or count >= ROWS_A_PAGE
        return count < ROWS_A_PAGE and not (count and self._may_be_short)

    def advance(self, answer: Answer[RowsPayload]) -> None:
        """To the next page, or to the end. Raises `Incomplete` in a ring."""
        self.cursor = _next(answer.payload)
        self.is_over = self.cursor is None
        if self.cursor is None:
            return
        if repeated(self._seen, self.cursor):
            raise looped(answer, self.cursor)
        for raw in answer.payload.data[-1:]:  # A new cursor to the same page.
            if repeated(self._seen, f"row {hash(bytes(raw))}"):
                raise looped(answer, self.cursor)


def _weight(answer: Answer[RowsPayload]) -> tuple[int, bool]:
    return len(answer.payload.data), _next(answer.payload) is not None


def _next(payload: RowsPayload) -> str | None:
    return payload.paging.next_cursor if payload.paging else None
