"""What became of a message: after a request without an answer, and later on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

import attrs

from socialmetrics.errors import InvalidQuery, NotFound, PermissionDenied, Rejected
from socialmetrics.model import Consignment, Delivery, Draft, Profile
from socialmetrics.window import Window
from socialmetrics.wire import Flow, collect
from socialmetrics_hootsuite import envelopes, messages, requests, texts
from socialmetrics_hootsuite.clocks import Clock
from socialmetrics_hootsuite.lifecycle import delete, history, message
from socialmetrics_hootsuite.models import Outbound
from socialmetrics_hootsuite.payloads import OwnerPayload
from socialmetrics_hootsuite.publishing import UNSURE, delivery, updated

SKEW: Final = timedelta(minutes=2)
"""From where on the clocks are so far apart that another span has to be read."""
NEAR: Final = timedelta(minutes=1)
"""How much around a planned time is read: the ends may not belong to a span."""
LATE: Final = timedelta(minutes=10)
"""How long after the request a message that is sent at once may be out."""
GRAIN: Final = timedelta(seconds=2)
"""What times lose: the vendor's are of whole seconds, and its clock's too."""
PLANNED: Final = frozenset({"scheduled", "pending approval", "rejected"})
"""With a time, messages in these states were planned for it."""
ENDED: Final = frozenset({"failed", "rejected"})
"""What is in these states may have been there for long."""
SILENT: Final = (NotFound, PermissionDenied, Rejected)
"""By these the vendor says that it does not tell."""
HIDDEN = (
    "Hootsuite does not show it at the moment: it may be on its way to the network, "
    "or deleted"
)


@attrs.frozen(kw_only=True)
class Search:
    """What is looked for; `since` is the sending's instant by the vendor's clock."""

    draft: Draft
    since: datetime

    def fits(self, found: Outbound) -> bool:
        """Text, profile and time; of one without a time, its age has to be proved."""
        return (
            found.profile in {each.vendor_id for each in self.draft.profiles}
            and texts.is_same(found.text or "", self.draft.text)
            and self._is_timely(found)
        )

    def _is_timely(self, found: Outbound) -> bool:
        """A planned one has the very time, of which the vendor drops fractions."""
        if isinstance(self.draft.at, datetime):
            return found.at is not None and _whole(found.at) == _whole(self.draft.at)
        if found.at is None:
            return True
        is_near = self.since <= found.at <= self.since + LATE
        return is_near and found.state not in PLANNED

    def is_new(self, found: Outbound, made_at: datetime | None) -> bool:
        """Whether it can be of this sending; `made_at` None: nobody tells its age."""
        if made_at is not None:
            return made_at >= self.since
        return found.at is not None and found.state not in ENDED


@attrs.frozen(kw_only=True)
class Own:
    """A message that can be of the sending; surely, if its history proves its age."""

    message: Outbound
    is_proved: bool


def settle(consignment: Consignment, sent_at: datetime) -> Flow[tuple[Delivery, ...]]:
    """The messages that can be of that sending: by text, profile, time and author.

    Nothing that was made before it, where the history tells; nothing without a time,
    failed or rejected whose history does not tell. Times are compared by the vendor's
    clock. Several that cannot be told apart are all returned, with the reason `UNSURE`.
    """
    draft, clock = consignment.draft, Clock()
    items = yield from clock.over(_read(draft, sent_at))
    if draft.at is None and abs(clock.ahead) > SKEW:
        items = yield from _read(draft, sent_at + clock.ahead)
    search = Search(draft=draft, since=sent_at + clock.ahead - GRAIN)
    found = yield from _own(search, [each for each in items if search.fits(each)])
    return tuple(
        each for profile in draft.profiles for each in _at(profile, draft, found)
    )


def _at(profile: Profile, draft: Draft, found: Sequence[Own]) -> Iterator[Delivery]:
    """Where there are several, those without a proof of their age are marked."""
    own = [each for each in found if each.message.profile == profile.vendor_id]
    for each in own:
        told = delivery(profile, each.message, draft)
        is_unsure = len(own) > 1 and not each.is_proved
        yield attrs.evolve(told, reason=UNSURE) if is_unsure else told


def _read(draft: Draft, sent_at: datetime) -> Flow[tuple[Outbound, ...]]:
    page = yield from collect(
        messages.outbound(
            _window(draft, sent_at),
            profiles=[each.vendor_id for each in draft.profiles],
            unscheduled=True,
        )
    )
    return page.items


def _window(draft: Draft, sent_at: datetime) -> Window:
    if isinstance(draft.at, datetime):
        return Window(draft.at - NEAR, draft.at + NEAR)
    return Window(sent_at - SKEW, sent_at + LATE + SKEW)


def _own(search: Search, fitting: Sequence[Outbound]) -> Flow[list[Own]]:
    member: str | None = None
    if any(each.created_by for each in fitting):
        member = yield from _member()
    found: list[Own] = []
    authors = {None, member}
    mine = (e for e in fitting if member is None or e.created_by in authors)
    for each in mine:
        made_at = yield from _made_at(each.vendor_id)
        if search.is_new(each, made_at):
            found.append(Own(message=each, is_proved=made_at is not None))
    return found


def _member() -> Flow[str | None]:
    """The member whom the token stands for; None where it stands for none."""
    try:
        answer = yield from envelopes.asked(requests.me())
        told = envelopes.one(answer, OwnerPayload, lambda payload, _: payload.id)
    except SILENT:
        return None
    return None if told is None else str(told)


def _made_at(vendor_id: str) -> Flow[datetime | None]:
    """When it was made, by its history; None where that does not tell."""
    try:
        actions = yield from history(vendor_id)
    except SILENT:
        return None
    made = [each.at for each in actions if each.kind == "create" and each.at]
    return min(made, default=None)


def _whole(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


def look(deliveries: Sequence[Delivery]) -> Flow[tuple[Delivery, ...]]:
    """The same deliveries as they are now.

    A message that is on its way to the network cannot be seen for a while, and one
    that the token may not read not at all: then its delivery stays as it was, and says
    so.
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
    except (PermissionDenied, Rejected) as err:
        told = f"Hootsuite does not let it be read: {err.message}"
        return attrs.evolve(delivery, reason=told)


def withdrawn(delivery: Delivery) -> Flow[None]:
    """Deletes the delivery's message.

    Raises `InvalidQuery` where there is none, and where it may be somebody else's.
    """
    if delivery.reason == UNSURE:
        raise InvalidQuery(
            f"the message {delivery.vendor_id} is not withdrawn: it may be another one "
            "than was sent; look at it, and delete it by its id"
        )
    if delivery.vendor_id is None:
        raise InvalidQuery(
            f"the delivery to {delivery.profile.name!r} is {delivery.state!r} and has "
            "no message that could be withdrawn"
        )
    return delete(delivery.vendor_id)
