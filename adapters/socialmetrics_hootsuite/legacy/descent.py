"""The way back through one stream, from the newest message to the oldest wanted.

A stream shows its newest messages below a bound that is exclusive. On X the bound is
an id, and the lowest id of a page leads to the next. On Facebook it is a second, and a
page may end inside one: so the last second is asked for again with the next page, and
what came already is dropped. Only where a page holds nothing but that second is it left
behind; if it was full, or older messages follow, that second may hold more than can
ever be shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import attrs

from socialmetrics.errors import Incomplete
from socialmetrics.model import Issue
from socialmetrics_hootsuite.legacy.parse import Item
from socialmetrics_hootsuite.legacy.requests import Ask
from socialmetrics_hootsuite.legacy.streams import COUNT, VendorStream

EPOCH: Final = datetime(2010, 11, 4, 1, 42, 54, 657_000, tzinfo=UTC)
"""Ids of tweets hold the milliseconds since then, 22 bits from the right."""
NEAR: Final = timedelta(minutes=1)
_BEGIN: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND: Final = timedelta(seconds=1)
_MILLISECOND: Final = timedelta(milliseconds=1)
_SHIFT: Final = 22


def lowest(stream: VendorStream, moment: datetime) -> int | None:
    """The exclusive bound below which everything is older; None where none is known."""
    if not stream.has_ids:
        return max(0, -((_BEGIN - moment) // _SECOND))
    steps = -((EPOCH - moment) // _MILLISECOND)
    return steps << _SHIFT if steps > 0 else None


@attrs.define(eq=False)
class Descent:
    """Where the reader of one stream is. Keeps the keys of one second at most.

    `before` is the bound of the next page. `is_guess`: it was worked out from a time,
    and is believed when the first message below it agrees, else the stream is read from
    its top. `is_enough` tells of a message whether it lies beyond what is wanted.
    """

    stream: VendorStream
    is_enough: Callable[[Item], bool]
    before: int | None = None
    is_guess: bool = False
    has_begun: bool = False
    is_over: bool = False
    issues: list[Issue] = attrs.field(factory=list[Issue])
    _came: set[str] = attrs.field(factory=set[str])
    _known: set[str] = attrs.field(factory=set[str])
    _left: int | None = None

    @property
    def ask(self) -> Ask:
        """What to ask next."""
        name = "maxId" if self.stream.has_ids else "maxTimestamp"
        return Ask(self.stream, None if self.before is None else (name, self.before))

    def take(self, page: Sequence[Item]) -> list[Item]:
        """Those of a page that did not come before; the next page lies behind them."""
        self.has_begun = True
        if self.is_guess and not (page and self._agrees(page[0])):
            self.before, self.is_guess = None, False
            return []
        self.is_guess = False
        page = self._below(page)
        if not page:
            self.is_over = True
            return []
        self._judge(page)
        keyed = dict(zip(reversed(list(_distinct(page))), reversed(page), strict=True))
        fresh = [each for key, each in keyed.items() if key not in self._came]
        self._advance(keyed)
        return fresh[::-1]

    def _agrees(self, first: Item) -> bool:
        told = EPOCH + (first.position >> _SHIFT) * _MILLISECOND
        return abs(told - first.at) <= NEAR

    def _below(self, page: Sequence[Item]) -> Sequence[Item]:
        """The bound is exclusive by contract; one that includes itself is met, too."""
        before = self.before
        if before is None:
            return page
        if any(each.position > before for each in page):
            raise Incomplete(
                f"{self.stream} shows what lies above the bound {before}: older "
                "messages cannot be reached",
                vendor="hootsuite_legacy",
                operation="messages",
            )
        return [each for each in page if each.position < before]

    def _judge(self, page: Sequence[Item]) -> None:
        places = [each.position for each in page]
        if places != sorted(places, reverse=True):
            self.tell_once("a page is not newest first; messages may be missing")
        if self._left is not None:
            self._tell_crowd(self._left)
            self._left = None

    def _tell_crowd(self, second: int) -> None:
        at = datetime.fromtimestamp(second, UTC)
        self._tell(
            f"the second {at:%Y-%m-%d %H:%M:%S} UTC fills a page; messages of it may "
            "be missing, for nothing leads behind them"
        )

    def tell_once(self, problem: str) -> None:
        """Adds an issue, unless it was told of this stream before."""
        if problem not in self._known:
            self._known.add(problem)
            self._tell(problem)

    def _tell(self, problem: str) -> None:
        self.issues.append(Issue(path=str(self.stream), problem=problem))

    def _advance(self, page: Mapping[str, Item]) -> None:
        low = min(each.position for each in page.values())
        self.is_over = any(map(self.is_enough, page.values()))
        if self.stream.has_ids:
            self.before = low
        elif self.before is None or low + 1 < self.before:
            self.before = low + 1
            self._came = {key for key, each in page.items() if each.position == low}
        else:
            self.before, self._came = low, set()
            if len(page) >= COUNT:
                self._tell_crowd(low)
            else:
                self._left = low


def _distinct(page: Sequence[Item]) -> Iterator[str]:
    """The keys; of messages without an id also which of several equal ones it is."""
    seen = Counter[str]()
    for each in page:
        seen[each.key] += 1
        is_made = each.key.startswith("#")
        yield f"{each.key}/{seen[each.key]}" if is_made else each.key
