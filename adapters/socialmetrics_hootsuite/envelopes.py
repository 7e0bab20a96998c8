"""Answers and their rows: kept as they came, and never half of one taken for all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

import msgspec

from socialmetrics.decode import Answer, ask, mend
from socialmetrics.errors import InvalidQuery, NotFound, Unreadable
from socialmetrics.typed import decoder
from socialmetrics.wire import Flow, Request
from socialmetrics_hootsuite.payloads import Envelope
from socialmetrics_hootsuite.problems import refusal

P = TypeVar("P")
T = TypeVar("T")

BROKEN: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What a row can hold that its answer did not show: the answer kept it as bytes."""
NOTHING: Final = (b"null", b"{}")
_ROWS: Final = decoder(list[msgspec.Raw])


def asked(request: Request) -> Flow[Answer[Envelope]]:
    """The answer to a read. Raises what its `errors` mean, under any status."""
    answer = yield from ask(request, Envelope, _half)
    if answer.payload.errors:
        raise refusal(answer.response)
    return answer


def _half(payload: Envelope) -> str | None:
    is_empty = bytes(payload.data) in NOTHING
    if payload.errors and not is_empty:
        texts = "; ".join(each.message or "no reason" for each in payload.errors)
        return f"it carries errors beside the data: {texts}"
    return "it has no data" if is_empty and not payload.errors else None


def rows(
    answer: Answer[Envelope], kind: type[P], make: Callable[[P, msgspec.Raw], T]
) -> tuple[T, ...]:
    """Every row as a model object; what is mended is added to the answer's issues.

    A single object is a list of one. Raises `Unreadable` with the row's path.
    """
    return tuple(
        row(answer, raw, kind, make, f"$.data[{number}]")
        for number, raw in enumerate(_raw(answer))
    )


def one(
    answer: Answer[Envelope], kind: type[P], make: Callable[[P, msgspec.Raw], T]
) -> T:
    """The only row, in a list or not. Raises `NotFound` where there is none."""
    found = rows(answer, kind, make)
    if not found:
        raise nothing(answer)
    return found[0]


def nothing(answer: Answer[Envelope]) -> NotFound:
    """The error of an answer in which there is not what was asked for."""
    response = answer.response
    return NotFound(
        "the answer does not hold it",
        vendor=response.vendor,
        operation=response.request.operation,
        status=response.status,
        request_id=response.request_id,
    )


def row(
    answer: Answer[Envelope],
    raw: msgspec.Raw,
    kind: type[P],
    make: Callable[[P, msgspec.Raw], T],
    path: str,
) -> T:
    """One row as a model object."""
    try:
        try:
            return make(decoder(kind).decode(raw), raw)
        except BROKEN:
            mended, issues = mend(bytes(raw), path=path)
            made = make(decoder(kind).decode(mended), msgspec.Raw(mended))
            answer.issues = (*answer.issues, *issues)
            return made
    except (*BROKEN, ValueError, InvalidQuery, OverflowError) as err:
        raise unreadable(
            answer, f"a row is not what the contract says: {err}", path
        ) from err


def unreadable(answer: Answer[Envelope], problem: str, path: str) -> Unreadable:
    """The error of an answer that is not what the contract says."""
    response = answer.response
    return Unreadable(
        f"{problem} (in {path})",
        vendor=response.vendor,
        operation=response.request.operation,
        status=response.status,
        request_id=response.request_id,
    )


def _raw(answer: Answer[Envelope]) -> list[msgspec.Raw]:
    data = answer.payload.data
    begin = bytes(data).lstrip()[:1]
    if begin == b"{":
        return [data]
    if begin == b"[":
        return _ROWS.decode(data)
    raise unreadable(answer, "no list and no object", "$.data")
