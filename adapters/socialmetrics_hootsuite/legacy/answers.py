"""Asking for streams: whose messages an answer holds, and what it leaves out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

import attrs
import msgspec

from socialmetrics.decode import Answer, ask, mend
from socialmetrics.errors import (
    InvalidQuery,
    NotFound,
    PermissionDenied,
    RateLimited,
    Refused,
    Rejected,
    SocialMetricsError,
    Unavailable,
    Unreadable,
)
from socialmetrics.model import Issue, Source
from socialmetrics.typed import decoder
from socialmetrics.wire import Flow, Request
from socialmetrics_hootsuite.legacy import payloads, requests
from socialmetrics_hootsuite.legacy.parse import Item, item
from socialmetrics_hootsuite.legacy.payloads import BROKEN, MessagePayload, Rows
from socialmetrics_hootsuite.legacy.problems import Throttled
from socialmetrics_hootsuite.legacy.requests import Ask
from socialmetrics_hootsuite.legacy.streams import VendorStream

P = TypeVar("P")
T = TypeVar("T")
REFUSALS: Final = (NotFound, PermissionDenied, Rejected)
_ECHOED: Final = ("socialNetworkId", "type")
_INNER: Final = ("messages", "results")
_MESSAGE: Final = decoder(MessagePayload)


@attrs.frozen
class Told:
    """What came of one stream: messages, or the vendor's refusal of it.

    `was_missing`: the answer for several streams left it out.
    """

    items: tuple[Item, ...] = ()
    issues: tuple[Issue, ...] = ()
    source: Source | None = None
    refusal: Refused | None = None
    was_missing: bool = False


def asked(request: Request) -> Flow[Answer[msgspec.Raw]]:
    """The answer as bytes. Raises `RateLimited` where a limit refuses, however."""
    try:
        return (yield from ask(request, msgspec.Raw, _complaint))
    except (PermissionDenied, Unavailable) as err:
        limit = limited(err)
        if limit is None:
            raise
        raise limit from err


def limited(err: SocialMetricsError) -> RateLimited | None:
    """The error of a limit that came with another status than 429; None for others."""
    told = err.told
    if not isinstance(told, Throttled):
        return None
    return RateLimited(
        err.message,
        retry_at=told.retry_at,
        vendor=err.vendor,
        operation=err.operation,
        status=err.status,
        code=err.code,
        request_id=err.request_id,
    )


def _complaint(raw: msgspec.Raw) -> str | None:
    told = payloads.complaint(payloads.opened(raw))
    return None if told is None else f"it carries an error: {told}"


def streams(asks: Sequence[Ask]) -> Flow[list[Told]]:
    """A page of each stream, in that order.

    Answers are told apart by the profile and kind that they repeat. Where a call for
    several is refused, and what its answer leaves out, is asked for alone.
    """
    found: dict[tuple[str, str], Told] = {}
    is_several = len(asks) > 1
    if is_several:
        try:
            answer = yield from asked(requests.messages(asks))
        except REFUSALS:
            is_several = False
        else:
            found = _by_mark(answer, [each.stream for each in asks])
    told: list[Told] = []
    for each in asks:
        one = found.get(each.stream.mark)
        if one is None:
            one = attrs.evolve((yield from _alone(each)), was_missing=is_several)
        told.append(one)
    return told


def page(one: Ask) -> Flow[Told]:
    """A page of one stream. Raises the vendor's refusal of it."""
    answer = yield from asked(requests.messages([one]))
    rows = payloads.listed(answer.payload, "results", "messages")
    if rows is None:
        raise unreadable(answer, "it holds no list of messages")
    return _told(answer, one.stream, rows, "$")


def _alone(one: Ask) -> Flow[Told]:
    try:
        return (yield from page(one))
    except REFUSALS as err:
        return Told(refusal=err)


def _by_mark(
    answer: Answer[msgspec.Raw], wanted: Sequence[VendorStream]
) -> dict[tuple[str, str], Told]:
    marks = {each.mark: each for each in wanted}
    found: dict[tuple[str, str], Told] = {}
    for place, raw in enumerate(payloads.listed(answer.payload, "results") or ()):
        entry = payloads.opened(raw) or {}
        mark = tuple(str(payloads.plain(entry.get(key))) for key in _ECHOED)
        stream = marks.get((mark[0], mark[1]))
        rows = payloads.listed(raw, *_INNER)
        if stream is not None and rows is not None:
            found[stream.mark] = _told(answer, stream, rows, f"$[{place}]")
    return found


def _told(
    answer: Answer[msgspec.Raw], stream: VendorStream, rows: Rows, path: str
) -> Told:
    def make(payload: MessagePayload, raw: msgspec.Raw) -> Item:
        return item(stream, payload, raw)

    items, issues = read(answer, rows, _MESSAGE, make, path)
    return Told(items, (*answer.issues, *issues), answer.source)


def read(
    answer: Answer[msgspec.Raw],
    rows: Rows,
    decoder: msgspec.json.Decoder[P],
    make: Callable[[P, msgspec.Raw], T],
    path: str,
) -> tuple[tuple[T, ...], tuple[Issue, ...]]:
    """Every row as an object, and what was mended. Raises `Unreadable` with its path.

    A row in which some text is broken is mended and told of.
    """
    made: list[T] = []
    issues: list[Issue] = []
    try:
        for raw in rows:
            try:
                made.append(make(decoder.decode(raw), raw))
            except BROKEN:
                whole, odd = mend(bytes(raw), path=f"{path}[{len(made)}]")
                made.append(make(decoder.decode(whole), msgspec.Raw(whole)))
                issues += odd
    except (*BROKEN, ValueError, InvalidQuery, OverflowError) as err:
        problem = f"a row is not what the contract says: {err}"
        raise unreadable(answer, f"{problem} (in {path}[{len(made)}])") from err
    return tuple(made), tuple(issues)


def unreadable(answer: Answer[msgspec.Raw], problem: str) -> Unreadable:
    """The error of an answer that is not what the contract says."""
    response = answer.response
    return Unreadable(
        problem,
        vendor=response.vendor,
        operation=response.request.operation,
        status=response.status,
        request_id=response.request_id,
    )
