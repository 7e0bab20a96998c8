"""One post out of what the two halves of the API say of it.

The outbound list has what was sent with the tool, and when it was planned; the
Analytics API has what came out, by whatever way, and when. They are joined by profile
and the network's id.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

import attrs

from socialmetrics.model import Issue, Json, Point, Post, Ref
from socialmetrics.reading import Status
from socialmetrics_hootsuite.analytics.entries import Datatype
from socialmetrics_hootsuite.analytics.parts import Asked
from socialmetrics_hootsuite.analytics.points import (
    Subject,
    absent,
    figures,
    observed,
)
from socialmetrics_hootsuite.analytics.read_posts import (
    Counted,
    Key,
    Shelf,
    issues,
    key_of,
    unasked,
    why_absent,
)
from socialmetrics_hootsuite.models import Outbound


@attrs.frozen(kw_only=True)
class Pair:
    """What is known of one post: at least one of the halves.

    `created` is when it came out; what was planned, where nobody says better.
    """

    network: str
    profile: str
    created: datetime
    message: Outbound | None = None
    counted: Mapping[Datatype, Counted] = attrs.field(factory=dict["Datatype", Counted])

    @property
    def first(self) -> Counted | None:
        """What the Analytics API says, organic data first."""
        return next(iter(self.counted.values()), None)

    @property
    def ref(self) -> Ref:
        """Its identity; of two ids the longer, since Facebook's may lack the page.

        A message without the network's id is known by Hootsuite's.
        """
        ids = [each.ref.native_id for each in self.counted.values()]
        if self.message and self.message.native_id:
            ids.append(self.message.native_id)
        if self.message and not ids:
            ids.append(self.message.vendor_id)
        return Ref(self.network, max(ids, key=len))

    @property
    def raw(self) -> Json:
        """Both objects as they came."""
        halves: dict[str, object] = {}
        if self.message:
            halves["message"] = self.message.raw
        halves |= {name.lower(): each.raw for name, each in self.counted.items()}
        return halves

    def post(self, metrics: Mapping[str, Point]) -> Post:
        """The post with these figures."""
        first, message, ref = self.first, self.message, self.ref
        text = message.text if message else None
        url = message.url if message else None
        return Post(
            ref=ref,
            vendor_id=message.vendor_id if message else ref.native_id,
            created_at=self.created,
            text=first.text if first and first.text is not None else text,
            profile=self.profile,
            url=(first.url if first else None) or url,
            kind=first.kind if first else None,
            metrics=metrics,
            raw=self.raw,
        )


@attrs.define
class Join:
    """Pairs what came for some profiles of one network; `issues` says what was odd.

    `shelves` are what the Analytics API has, by kind of data.
    """

    network: str
    messages: Sequence[Outbound]
    shelves: Mapping[Datatype, Shelf]
    issues: list[Issue] = attrs.field(factory=list[Issue])

    def pairs(self) -> Iterator[Pair]:
        """Every post once."""
        sent = self._sent()
        keys = [*sent, *(key for shelf in self.shelves.values() for key in shelf.posts)]
        for key in dict.fromkeys(keys):
            counted: Mapping[Datatype, Counted] = {
                datatype: shelf.posts[key]
                for datatype, shelf in self.shelves.items()
                if key in shelf.posts
            }
            yield from self._pair(key[0], sent.get(key), counted)
        for message in self.messages:
            if message.profile is not None and message.native_id is None:
                self._odd(
                    message, "sent, but without the network's id: it may be twice"
                )
                yield from self._pair(message.profile, message, {})

    def _pair(
        self,
        profile: str,
        message: Outbound | None,
        counted: Mapping[Datatype, Counted],
    ) -> Iterator[Pair]:
        first = next(iter(counted.values()), None)
        planned = message.at if message else None
        created = first.created if first else planned
        if created is None:
            assert message is not None  # noqa: S101 - one of the halves is there
            self._odd(message, "sent, but nobody says when; it is left out")
            return
        yield Pair(
            network=self.network,
            profile=profile,
            created=created,
            message=message,
            counted=counted,
        )

    def _sent(self) -> Mapping[Key, Outbound]:
        found: dict[Key, Outbound] = {}
        for message in self.messages:
            if message.profile is None:
                self._odd(message, "a message without a profile; it is left out")
            elif message.native_id is not None:
                ref = Ref(self.network, message.native_id)
                kept = found.setdefault(key_of(message.profile, ref), message)
                if kept is not message:
                    self._odd(
                        message, f"it is the same post as message {kept.vendor_id}"
                    )
        return found

    def _odd(self, message: Outbound, problem: str) -> None:
        self.issues.append(
            Issue(path="messages", problem=problem, seen=message.vendor_id)
        )


@attrs.frozen(kw_only=True)
class Terms:
    """Which figures are asked for of posts of one network, and when."""

    network: str
    asked: tuple[Asked, ...]
    earliest: date
    now: datetime


def points(
    terms: Terms, pair: Pair, shelves: Mapping[Datatype, Shelf]
) -> Mapping[str, Point]:
    """The asked figures of a post, or why they are not there."""
    told = [_point(terms, pair, each, shelves[each.datatype]) for each in terms.asked]
    return figures(terms.asked, told)


def _point(terms: Terms, pair: Pair, asked: Asked, shelf: Shelf) -> Point:
    counted = pair.counted.get(asked.datatype)
    source = counted.source if counted else shelf.source or unasked(terms.now)
    subject = Subject(ref=pair.ref, created=pair.created, source=source)
    if counted is None:
        return absent(subject, asked, _why(terms, pair, shelf))
    point, problems = observed(subject, asked, counted.metrics)
    shelf.issues += issues(counted, problems)
    return point


def _why(terms: Terms, pair: Pair, shelf: Shelf) -> Status:
    if pair.created.date() < terms.earliest:
        return Status.TOO_OLD
    is_denied = pair.profile in shelf.denied
    return why_absent(pair.created, terms.network, terms.now, is_denied=is_denied)
