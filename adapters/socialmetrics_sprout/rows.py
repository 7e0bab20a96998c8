"""Rows that are kept as they came: decoded one by one, each beside its raw JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from socialmetrics.decode import Answer
from socialmetrics.errors import InvalidQuery, Unreadable
from socialmetrics_sprout.payloads import RowsPayload

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
    except (msgspec.MsgspecError, InvalidQuery) as err:
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


def repeated(seen: set[str], mark: str) -> bool:
    """Whether a cursor was there before; remembers it."""
    if mark in seen:
        return True
    seen.add(mark)
    return False


def last_page(pages: int | None, page: int, count: int, limit: int) -> bool:
    """Whether an index-paged answer is the last: told, else by a page not full."""
    return count < limit if pages is None else page >= pages
