"""What happens to a message after it was made: review, deletion, history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal, TypeAlias, get_args

import attrs
from msgspec import Raw

from socialmetrics.errors import (
    InvalidQuery,
    NotFound,
    OutcomeUnknown,
    Refused,
    Unreachable,
    VendorFault,
)
from socialmetrics.wire import Flow
from socialmetrics_hootsuite import envelopes, parse, requests
from socialmetrics_hootsuite.models import Action, Outbound
from socialmetrics_hootsuite.payloads import HistoryPayload, MessagePayload
from socialmetrics_hootsuite.requests import Verdict

Reviewer: TypeAlias = Literal["EXTERNAL", "MEMBER"]
TRIES: Final = 3
PAUSE: Final = 1.0


def message(vendor_id: str, profile: str | None = None) -> Flow[Outbound]:
    """One message; of several profiles under one id, that of this one.

    The vendor answers with a list. Raises `NotFound`, also for a short while in which
    the message is being handed to the network.
    """
    answer = yield from envelopes.asked(requests.one(vendor_id))
    for each in envelopes.rows(answer, MessagePayload, parse.outbound):
        if profile is None or each.profile in (None, profile):
            return each
    raise envelopes.nothing(answer)


def delete(vendor_id: str) -> Flow[None]:
    """Removes a message that is not out yet; the post of one that is out stays.

    Raises `NotFound`, and `Rejected` where its state forbids it. After a request
    without an answer a message that is gone counts as removed.
    """
    request = requests.deletion(vendor_id)
    unknown: OutcomeUnknown | None = None
    for _ in range(TRIES):
        try:
            yield request
        except OutcomeUnknown as err:
            unknown = err
            request = attrs.evolve(request, delay=PAUSE)
        except NotFound:
            if unknown is None:
                raise
            return
        else:
            return
    assert unknown is not None  # noqa: S101 - the loop runs at least once
    raise unknown


def history(vendor_id: str) -> Flow[tuple[Action, ...]]:
    """What was done with a message, as the vendor lists it.

    Raises `Rejected` for one that never needed a review.
    """
    answer = yield from envelopes.asked(requests.history(vendor_id))
    return envelopes.one(answer, HistoryPayload, _actions)


def _actions(payload: HistoryPayload, _: Raw) -> tuple[Action, ...]:
    return tuple(map(parse.action, payload.actions or ()))


def approve(
    vendor_id: str, sequence_number: int, reviewer: Reviewer = "EXTERNAL"
) -> Flow[None]:
    """Lets a message through the step of its review that has that number.

    `reviewer` "MEMBER" needs the token of the member whose turn it is. Raises
    `Rejected` where the message awaits no approval, and `OutcomeUnknown` where there
    was no answer and the history does not show it: it is not sent again.
    """
    body = {"sequenceNumber": _step(sequence_number), "reviewerType": _type(reviewer)}
    yield from _judged(vendor_id, "approve", body)


def reject(
    vendor_id: str, sequence_number: int, reason: str, reviewer: Reviewer = "EXTERNAL"
) -> Flow[None]:
    """Sends a message back, with the reason; otherwise as `approve`."""
    if not reason.strip():
        raise InvalidQuery("reason is empty; Hootsuite wants one")
    body = {
        "sequenceNumber": _step(sequence_number),
        "reviewerType": _type(reviewer),
        "reason": reason,
    }
    yield from _judged(vendor_id, "reject", body)


def _judged(vendor_id: str, verdict: Verdict, body: Mapping[str, object]) -> Flow[None]:
    before = yield from history(vendor_id)
    try:
        yield requests.verdict(vendor_id, verdict, body)
    except OutcomeUnknown as err:
        try:
            after = yield from history(vendor_id)
        except (Refused, VendorFault, Unreachable):
            raise err from None
        if _count(after, verdict) == _count(before, verdict):
            raise


def _count(actions: Sequence[Action], verdict: Verdict) -> int:
    return sum(1 for each in actions if each.kind == verdict)


def _step(number: object) -> int:
    if isinstance(number, bool) or not isinstance(number, int) or number < 0:
        raise InvalidQuery(
            f"sequence_number={number!r} is no step; take the message's sequence_number"
        )
    return number


def _type(reviewer: Reviewer) -> Reviewer:
    if reviewer not in get_args(Reviewer):
        raise InvalidQuery(
            f"reviewer={reviewer!r} is none of {', '.join(get_args(Reviewer))}"
        )
    return reviewer
