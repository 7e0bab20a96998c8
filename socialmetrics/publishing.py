"""Publishing that never happens twice: what is asked, checked before it is begun.

Coroutines that both clients run. `course.py` sends and reads back, `entry.py` decides,
`ledger.py` remembers.
"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Final

import attrs

from socialmetrics.attachments import loaded
from socialmetrics.course import AGAIN, Course, Options, plan
from socialmetrics.engine import Engine
from socialmetrics.entry import Entry, begun, content, differences, named
from socialmetrics.errors import InvalidQuery
from socialmetrics.ledger import Ledger
from socialmetrics.model import Consignment, Draft, Profile, Publication
from socialmetrics.remembering import Memory, turn

LONGEST_KEY: Final = 200


@attrs.frozen(kw_only=True)
class Publisher:
    """Publishes through one engine; `address` is the vendor's, for the ledger."""

    engine: Engine
    ledger: Ledger
    address: str

    def consignments(self, draft: object) -> tuple[Consignment, ...]:
        """What `publish` would send, one a request. Raises `InvalidQuery`."""
        return plan(self.engine, self._loaded(draft))

    async def publish(
        self, draft: object, key: str | None, options: Options
    ) -> Publication:
        """The receipt; see `Client.publish`."""
        ready = self._loaded(draft)
        _check_again(options.again, key)
        if key is None:
            course = self._course(self._begun(ready, ""), options)
            return await course.published(ready)
        new = self._begun(ready, _checked_key(key))
        async with self._turn(key):
            known = await self._memory.find(new.adapter, key) or new
            _check_same(known, new)
            return await self._course(known, options).published(ready)

    async def publication(self, key: str, options: Options) -> Publication:
        """What became of it by now; see `Client.publication`."""
        name = self.engine.adapter.name
        async with self._turn(_checked_key(key)):
            entry = await self._memory.find(name, key)
            if entry is None:
                raise InvalidQuery(
                    f"{str(self.ledger.path)!r} remembers no publication of {name} "
                    f"with key={key!r}"
                )
            if not entry.is_of(self.address):
                raise InvalidQuery(
                    f"key={key!r} was sent to another address than {self.address!r}; "
                    "ask there"
                )
            return await self._course(entry, options).looked()

    @property
    def _memory(self) -> Memory:
        return Memory(self.engine.port, self.ledger)

    def _turn(self, key: str) -> AbstractAsyncContextManager[None]:
        engine = self.engine
        patience = engine.retry.patience
        return turn(self.ledger, engine.port, engine.adapter.name, key, patience)

    def _course(self, entry: Entry, options: Options) -> Course:
        memory = self._memory if entry.key else Memory(self.engine.port, None)
        return Course(self.engine, memory, entry, options)

    def _loaded(self, draft: object) -> Draft:
        return loaded(checked(draft), self.engine.adapter.largest_file)

    def _begun(self, draft: Draft, key: str) -> Entry:
        return begun(
            draft,
            adapter=self.engine.adapter.name,
            key=key,
            content=content(draft, self.address) if key else {},
            now=self.engine.port.now(),
        )


def checked(draft: object) -> Draft:
    """The draft, as far as all vendors are alike. Raises `InvalidQuery`."""
    if not isinstance(draft, Draft):
        raise InvalidQuery(f"{draft!r} is no Draft; write Draft(text=..., ...)")
    if not draft.profiles:
        raise InvalidQuery("the draft names no profile")
    if not draft.text and not draft.media:
        raise InvalidQuery("the draft has neither text nor media")
    seen: set[str] = set()
    for each in draft.profiles:
        profile = _checked_profile(each)
        if profile.vendor_id in seen:
            raise InvalidQuery(f"the draft names {named(profile)} twice")
        seen.add(profile.vendor_id)
    return draft


def _checked_profile(profile: object) -> Profile:
    if not isinstance(profile, Profile):
        raise InvalidQuery(
            f"the draft's {profile!r} is no Profile; give one of client.profiles()"
        )
    return profile


def _checked_key(key: object) -> str:
    if not isinstance(key, str):
        raise InvalidQuery(f"key={key!r} is no text")
    if not key.strip() or not key.isprintable() or len(key) > LONGEST_KEY:
        raise InvalidQuery(
            f"key={key!r} must be printable text of 1 to {LONGEST_KEY} characters"
        )
    return key


def _check_again(again: object, key: object) -> None:
    if again not in list(AGAIN):
        raise InvalidQuery(f"again={again!r} is neither 'failed' nor 'unknown'")
    if again is not None and key is None:
        raise InvalidQuery("again= needs the key= of the first call")


def _check_same(known: Entry, given: Entry) -> None:
    other = differences(known.content, given.content)
    if other:
        raise InvalidQuery(
            f"key={given.key!r} was used at {_minute(known.created_at)} for another "
            f"draft; different: {', '.join(other)}. Take another key for another draft"
        )


def _minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
