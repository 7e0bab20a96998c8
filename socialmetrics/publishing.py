"""Publishing that never happens twice: what is asked, checked before it is begun.

Coroutines that both clients run. `course.py` sends and reads back, `entry.py` decides,
`ledger.py` remembers.
"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Final

import attrs

from socialmetrics.attachments import Gone, loaded
from socialmetrics.claims import Handed
from socialmetrics.course import AGAIN, Course, Options, plan
from socialmetrics.engine import Engine
from socialmetrics.entry import Entry, begun, named
from socialmetrics.errors import InvalidQuery
from socialmetrics.fingerprint import CONTENTS, NAMES, content, differences
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
    handed: Handed = attrs.field(factory=Handed)

    def consignments(self, draft: object) -> tuple[Consignment, ...]:
        """What `publish` would send, one a request. Raises `InvalidQuery`."""
        return plan(self.engine, self._loaded(draft))

    async def publish(
        self, draft: object, key: str | None, options: Options
    ) -> Publication:
        """The receipt; see `Client.publish`."""
        ready, gone = self._loaded_or_gone(checked(draft))
        _check_again(options.again, key)
        if key is None:
            if gone is not None:
                raise gone
            return await self._course(self._begun(ready, ""), options).published(ready)
        new = self._begun(ready, _checked_key(key))
        async with self._turn(key):
            known = await self._memory.find(new.adapter, key)
            if known is not None:
                _check_same(known, new, NAMES if gone is None else CONTENTS)
            course = self._course(known or new, options)
            return await course.published(ready, gone)

    async def publication(self, key: str, options: Options) -> Publication:
        """What became of it by now; see `Client.publication`."""
        if self.ledger.is_read_only:
            # Nobody publishes with it, so there is nobody to wait for.
            return (await self._known(_checked_key(key))).publication({})
        async with self._turn(_checked_key(key)):
            return await self._course(await self._known(key), options).looked()

    async def _known(self, key: str) -> Entry:
        name = self.engine.adapter.name
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
        return entry

    @property
    def _memory(self) -> Memory:
        return Memory(self.engine.port, self.ledger, self.handed)

    def _turn(self, key: str) -> AbstractAsyncContextManager[None]:
        engine = self.engine
        patience = engine.retry.patience
        return turn(self.ledger, engine.port, engine.adapter.name, key, patience)

    def _course(self, entry: Entry, options: Options) -> Course:
        return Course(self.engine, self._memory, entry, options)

    def _loaded_or_gone(self, draft: Draft) -> tuple[Draft, Gone | None]:
        """The draft with its files, or as it is where one is not there any more."""
        try:
            return self._loaded(draft), None
        except Gone as err:
            return draft, err

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


def _check_same(known: Entry, given: Entry, ignored: str) -> None:
    other = differences(known.content, given.content, ignored=(ignored,))
    if other:
        raise InvalidQuery(
            f"key={given.key!r} was used at {_minute(known.created_at)} for another "
            f"draft; different: {', '.join(other)}. Take another key for another draft"
        )


def _minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
