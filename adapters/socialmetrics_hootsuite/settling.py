"""What became of a message: after a request without an answer, and later on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

import attrs

from socialmetrics.errors import InvalidQuery, NotFound
from socialmetrics.model import Consignment, Delivery, Draft
from socialmetrics.window import Window
from socialmetrics.wire import Flow, collect
from socialmetrics_hootsuite import messages
from socialmetrics_hootsuite.lifecycle import delete, message
from socialmetrics_hootsuite.models import Outbound
from socialmetrics_hootsuite.publishing import delivery, updated

SKEW: Final = timedelta(minutes=2)
"""How far this machine's clock and the vendor's may be apart."""
NEAR: Final = timedelta(minutes=5)
LATE: Final = timedelta(minutes=30)
"""How long after the request a message that is sent at once may be out."""
HIDDEN = (
    "Hootsuite does not show it at the moment: it may be on its way to the network, "
    "or deleted"
)


def settle(consignment: Consignment, sent_at: datetime) -> Flow[tuple[Delivery, ...]]:
    """The messages that fit what was sent then: text, profile and time.

    Of a planned message the time that it was made at is not known, so an equal one from
    before cannot be told apart; of one that is sent at once, it must not be older.
    """
    draft = consignment.draft
    page = yield from collect(
        messages.outbound(
            _window(draft, sent_at),
            profiles=[each.vendor_id for each in draft.profiles],
            unscheduled=True,
        )
    )
    return tuple(_fitting(draft, page.items))


def _window(draft: Draft, sent_at: datetime) -> Window:
    if isinstance(draft.at, datetime):
        return Window(draft.at - NEAR, draft.at + NEAR)
    return Window(sent_at - SKEW, sent_at + LATE)


def _fitting(draft: Draft, found: Sequence[Outbound]) -> Iterator[Delivery]:
    same = [each for each in found if _fits(draft, each)]
    for profile in draft.profiles:
        own = [each for each in same if each.profile == profile.vendor_id]
        exact = [each for each in own if _is_on_time(draft, each)]
        yield from (delivery(profile, each, draft) for each in exact or own)


def _fits(draft: Draft, message: Outbound) -> bool:
    """Blanks may be set otherwise. Without a time it waits for a review."""
    is_planned = draft.at is not None
    if message.at is None and is_planned:
        return False
    return (message.text or "").split() == draft.text.split()


def _is_on_time(draft: Draft, message: Outbound) -> bool:
    if not isinstance(draft.at, datetime):
        return True
    return message.at == draft.at.replace(microsecond=0)


def look(deliveries: Sequence[Delivery]) -> Flow[tuple[Delivery, ...]]:
    """The same deliveries as they are now.

    A message that is on its way to the network cannot be seen for a while: then the
    delivery stays as it was, and says so.
    """
    found: list[Delivery] = []
    for each in deliveries:
        now = yield from _looked(each)
        found.append(now)
    return tuple(found)


def _looked(delivery: Delivery) -> Flow[Delivery]:
    if delivery.vendor_id is None:
        return delivery
    try:
        return updated(
            delivery,
            (yield from message(delivery.vendor_id, delivery.profile.vendor_id)),
        )
    except NotFound:
        return attrs.evolve(delivery, reason=HIDDEN)


def withdrawn(delivery: Delivery) -> Flow[None]:
    """Deletes the delivery's message. Raises `InvalidQuery` where there is none."""
    if delivery.vendor_id is None:
        raise InvalidQuery(
            f"the delivery to {delivery.profile.name!r} is {delivery.state!r} and has "
            "no message that could be withdrawn"
        )
    return delete(delivery.vendor_id)
