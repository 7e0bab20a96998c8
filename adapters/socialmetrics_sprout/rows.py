"""Rows that are kept as they came, and the marks that lead from page to page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import attrs
import msgspec

from socialmetrics.decode import Answer
from socialmetrics.errors import Incomplete, InvalidQuery, Unreadable
from socialmetrics_sprout.payloads import Envelope, RowsPayload
from socialmetrics_sprout.requests import ROWS_A_PAGE

P = TypeVar("P")
T = TypeVar("T")


def rows(
    answer: Answer[RowsPayload] | Answer[list[msgspec.Raw]],
    decoder: msgspec.json.Decoder[P],
    make: Callable[[P, msgspec.Raw], T],
) -> tuple[T, ...]:
    """Every row as a model object. Raises `Unreadable` with the row's path."""
    payload = answer.payload
    data = payload if isinstance(payload, list) else payload.data
    made: list[T] = []
    try:
        for raw in data:
            made.append(make(decoder.decode(raw), raw))  # noqa: PERF401 - counted below
    except (msgspec.MsgspecError, InvalidQuery, OverflowError) as err:
        raise unreadable(answer, f"$.data[{len(made)}]", err) from err
    return tuple(made)


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


def looped(answer: Answer[RowsPayload], mark: str) -> Incomplete:
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

    Only the absence of a cursor is the end; an empty page with one is not. Where it is
    absent behind a full page, that page is asked for once more.
    """

    cursor: str | None = None
    is_over: bool = False
    _is_confirmed: bool = False
    _seen: set[str] = attrs.field(factory=set[str])

    def is_doubtful(self, payload: RowsPayload) -> bool:
        """Whether the same page should be asked for again."""
        is_full = len(payload.data) >= ROWS_A_PAGE
        doubtful = _next(payload) is None and is_full and not self._is_confirmed
        self._is_confirmed = doubtful
        return doubtful

    def advance(self, answer: Answer[RowsPayload]) -> None:
        """To the next page, or to the end. Raises `Incomplete` in a ring."""
        self.cursor = _next(answer.payload)
        self.is_over = self.cursor is None
        if self.cursor is not None and repeated(self._seen, self.cursor):
            raise looped(answer, self.cursor)


def _next(payload: RowsPayload) -> str | None:
    return payload.paging.next_cursor if payload.paging else None
