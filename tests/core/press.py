"""The adapter of a tiny vendor that publishes, and ways to run it."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Protocol

import attrs

from socialmetrics.adapter import operation
from socialmetrics.budget import Limit
from socialmetrics.claims import Handed
from socialmetrics.course import Options
from socialmetrics.decode import ask
from socialmetrics.errors import InvalidQuery, Unsupported
from socialmetrics.ledger import Ledger
from socialmetrics.model import (
    Consignment,
    Delivery,
    Draft,
    File,
    Location,
    Media,
    Profile,
    Publication,
    Ref,
)
from socialmetrics.port import Lost
from socialmetrics.publishing import Publisher
from socialmetrics.retry import Retry
from socialmetrics.wire import Flow, Request
from tests.core.ports import FakePort, Outcome, engine, run
from tests.core.press_api import Cut, Fault, PressApi
from tests.core.toy import Toy, post, profile

FIRST, SECOND, THIRD = profile(1), profile(2), profile(3, "facebook")
STATES: Mapping[str, str] = {
    "SCHEDULED": "scheduled",
    "SENT": "sent",
    "GONE": "deleted",
    "BROKEN": "failed",
}


@attrs.define
class Told:
    id: str
    profile: str
    state: str = "SCHEDULED"
    text: str = ""
    at: str | None = None
    hidden: int = 0


@attrs.define
class Receipt:
    messages: list[Told]
    refused: list[str] = attrs.field(factory=list[str])


@attrs.define
class Uploaded:
    id: str


@attrs.frozen(kw_only=True)
class Press(Toy):
    """One request for each network; files are uploaded before."""

    limits: ClassVar[tuple[Limit, ...]] = ()
    largest_file: ClassVar[int] = 1000

    def plan_publish(self, draft: Draft, now: datetime) -> tuple[Consignment, ...]:
        if isinstance(draft.at, datetime) and draft.at <= now:
            raise InvalidQuery("at= is over")
        networks = dict.fromkeys(each.ref.network for each in draft.profiles)
        return tuple(
            Consignment(draft=_at(draft, network), notes=(f"by {network}",))
            for network in networks
        )

    def prepare(self, consignment: Consignment) -> Flow[Consignment]:
        media: list[Media] = []
        for each in consignment.draft.media:
            if isinstance(each, File):
                request = post("media", "media", file=each.name)
                answer = yield from ask(request, Uploaded)
                media.append(Media(vendor_id=answer.payload.id, kind="photo"))
            elif isinstance(each, Media):
                media.append(each)
        draft = attrs.evolve(consignment.draft, media=media)
        return attrs.evolve(consignment, draft=draft)

    @operation("messages")
    def publish(self, consignment: Consignment) -> Flow[Publication]:
        draft = consignment.draft
        request = post(
            "publish",
            "messages",
            profiles=[each.vendor_id for each in draft.profiles],
            text=draft.text,
            at=draft.at.isoformat() if isinstance(draft.at, datetime) else draft.at,
            media=[getattr(each, "vendor_id", None) for each in draft.media],
        )
        answer = yield from ask(attrs.evolve(request, safe=False), Receipt)
        refused = [
            Delivery(profile=each, state="failed", reason="not at this one")
            for each in draft.profiles
            if each.vendor_id in answer.payload.refused
        ]
        made = _deliveries(draft.profiles, answer.payload.messages)
        return Publication(
            deliveries=(*made, *refused), raw={"messages": len(answer.payload.messages)}
        )

    def settle(
        self, consignment: Consignment, sent_at: datetime
    ) -> Flow[tuple[Delivery, ...]]:
        draft = consignment.draft
        ids = [each.vendor_id for each in draft.profiles]
        request = post("search", "search", text=draft.text, profiles=ids)
        answer = yield from ask(request, Receipt)
        return _deliveries(draft.profiles, answer.payload.messages)

    def look(self, deliveries: tuple[Delivery, ...]) -> Flow[tuple[Delivery, ...]]:
        request = post("look", "look", ids=[each.vendor_id for each in deliveries])
        answer = yield from ask(request, Receipt)
        profiles = [each.profile for each in deliveries]
        return _deliveries(profiles, answer.payload.messages)

    def withdraw(self, delivery: Delivery) -> Flow[None]:
        path = f"/v1/messages/{delivery.vendor_id}"
        yield Request(operation="withdraw", method="DELETE", path=path)


class Forgetful(Press):
    """Nothing can be read back."""

    def settle(
        self, consignment: Consignment, sent_at: datetime
    ) -> Flow[tuple[Delivery, ...]]:
        raise Unsupported("it tells nothing", vendor=self.name)


def _at(draft: Draft, network: str) -> Draft:
    there = [each for each in draft.profiles if each.ref.network == network]
    return attrs.evolve(draft, profiles=there)


def _deliveries(
    profiles: Iterable[Profile], messages: Iterable[Told]
) -> tuple[Delivery, ...]:
    known = {each.vendor_id: each for each in profiles}
    return tuple(
        Delivery(
            profile=known[each.profile], state=STATES[each.state], vendor_id=each.id
        )
        for each in messages
    )


def draft(text: str = "hello", *profiles: Profile, **more: Any) -> Draft:
    return Draft(text=text, profiles=profiles or (FIRST,), **more)


def handler(api: PressApi) -> Any:
    def answer(request: Request, path: str, _: Mapping[str, str]) -> Outcome:
        body = b"" if request.json is None else json.dumps(request.json).encode()
        try:
            return api.answer(request.method, path, body)
        except Cut:
            return Lost("the connection broke")

    return answer


@attrs.define
class Desk:
    """A publisher with a port whose time goes only when somebody waits."""

    api: PressApi
    path: Path
    is_async: bool = False
    adapter: Press = attrs.field(factory=Press)
    retry: Retry = attrs.field(factory=Retry)
    port: FakePort = attrs.field(init=False)
    ledger: Ledger = attrs.field(init=False)
    handed: Handed = attrs.field(factory=Handed, init=False)

    def __attrs_post_init__(self) -> None:
        self.port = FakePort(handler(self.api), is_async=self.is_async)
        self.ledger = Ledger(self.path)

    @property
    def publisher(self) -> Publisher:
        return Publisher(
            engine=engine(self.port, adapter=self.adapter, retry=self.retry),
            ledger=self.ledger,
            address="https://press.example",
            handed=self.handed,
        )


def told(ledger: Ledger, sql: str) -> None:
    """Says that to the ledger's own connection, which is what some pragmas are of."""
    with ledger._open() as db:  # pyright: ignore[reportPrivateUsage]
        db.execute(sql)


def faulty(*faults: Fault, **more: Any) -> PressApi:
    return PressApi(faults=deque(faults), **more)


def publish(
    desk: Desk, what: object = None, key: str | None = "spring", **options: Any
) -> Publication:
    given = draft() if what is None else what
    return run(desk.port, desk.publisher.publish(given, key, Options(**options)))


def look(desk: Desk, key: str = "spring", **options: Any) -> Publication:
    return run(desk.port, desk.publisher.publication(key, Options(**options)))


def states(found: Publication) -> list[tuple[str, str]]:
    return [(each.profile.vendor_id, each.state) for each in found.deliveries]


class Open(Protocol):
    """A desk at that vendor, with the one ledger of the test."""

    def __call__(self, api: PressApi, **change: Any) -> Desk: ...


PHOTO = File(name="a.png", content_type="image/png", content=b"1")
FULL = draft(
    at="auto",
    tags=("a",),
    media=[PHOTO],
    location=Location(latitude=1, longitude=2),
    reply_to=Ref("x", "1"),
    privacy={"x": "all"},
    extra={"b": 1},
)
