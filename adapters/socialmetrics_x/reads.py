"""How a part is read: asked for, sorted by owner on the way, every post accounted for.

One foreign post refuses a whole request. So a refusal is taken apart: what it names is
taken out and asked for elsewhere, the rest is asked for once more, and what cannot be
taken apart is halved. A token that the vendor refuses concerns its owner alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Final

import attrs

from socialmetrics.decode import Answer
from socialmetrics.errors import (
    AuthRefused,
    InvalidQuery,
    PermissionDenied,
    Refused,
    Rejected,
    SocialMetricsError,
)
from socialmetrics.model import Issue, Source
from socialmetrics.reading import Status
from socialmetrics.series import MetricSeries
from socialmetrics.series.columns import micros
from socialmetrics.typed import decoder
from socialmetrics.window import Window
from socialmetrics.wire import Page, Request, Stream
from socialmetrics_x import steps
from socialmetrics_x.answered import answered
from socialmetrics_x.answers import Root, fill, levels, tree
from socialmetrics_x.blocks import Block
from socialmetrics_x.complaints import UNAVAILABLE, Complaints, Foreign
from socialmetrics_x.gathered import Gathered
from socialmetrics_x.known import Known
from socialmetrics_x.parts import Names, PostsPart
from socialmetrics_x.problems import complaints_of
from socialmetrics_x.requests import FIGURES, MOST, engagement
from socialmetrics_x.windows import HOUR, floor

VENDOR: Final = "x"
RECENT: Final = timedelta(hours=28)
_MOST: Final = timedelta(hours=48)
"""More than 28 hours were seen, of 28hr; with two days it is something else."""


@attrs.frozen
class _Batch:
    """What one request asks for. `is_rest`: a refusal was taken out of it before."""

    ids: tuple[str, ...]
    names: Names
    owner: str | None
    is_rest: bool = False

    def halves(self) -> tuple[_Batch, _Batch]:
        """The same posts, in two requests."""
        middle = len(self.ids) // 2
        first = attrs.evolve(self, ids=self.ids[:middle], is_rest=False)
        return first, attrs.evolve(self, ids=self.ids[middle:], is_rest=False)

    def without(self, ids: Iterable[str]) -> _Batch:
        """The same, without these posts."""
        gone = frozenset(ids)
        rest = tuple(each for each in self.ids if each not in gone)
        return attrs.evolve(self, ids=rest)


def gap(part: PostsPart, status: Status) -> Page[MetricSeries]:
    """All figures of a part with one status: nobody has to be asked for them."""
    source = Source(
        vendor=VENDOR,
        endpoint=f"insights/engagement/{part.endpoint}",
        request_id=None,
        api_version=None,
        fetched_at=part.at,
    )
    if part.endpoint == "totals":
        time = steps.of_lifetime(part.ids)
    else:
        window = part.window or _hours(part.at - RECENT, part.at)
        time = steps.of_window(window, part.step)
    block = Block(part.endpoint, part.ids, part.names, time)
    block.mark(part.ids, part.names, status)
    series = block.series(source, now=micros(part.at), tz=part.zone)
    return Page((by_day(series, part),), (), source)


def by_day(series: MetricSeries, part: PostsPart) -> MetricSeries:
    """Hours put together to days of the part's zone, where that was asked for."""
    return series.rollup("day", tz=part.zone) if part.zone else series


class Reader:
    """Reads one part, and remembers what it learns about owners."""

    def __init__(self, part: PostsPart, known: Known) -> None:
        self._part, self._known = part, known
        self._totals = Gathered()
        # By post the metrics that are still to be asked for.
        self._pending: dict[str, Names] = {}

    def read(self) -> Stream[MetricSeries]:
        """A page for every request that brought figures, and one for what has none.

        Totals of several requests come on one page.
        """
        try:
            for batch in chain(self._settled(), iter(self._next, None)):
                if batch.owner is None and self._part.owners:
                    yield self._denied(batch.ids, batch.names, self._why())
                else:
                    yield from self._asked(batch)
        except SocialMetricsError:
            yield from self._totals.pages()
            raise
        yield from self._totals.pages()

    def _why(self) -> str:
        dead = [each for each in self._part.owners if self._known.is_dead(each)]
        tokens = f"; refused tokens: those of {', '.join(dead)}" if dead else ""
        return f"{_NOBODY}{tokens}"

    def _settled(self) -> Iterator[_Batch]:
        """What can be asked for without a look at each post; the rest is pending."""
        part, most = self._part, MOST[self._part.endpoint]
        for start in range(0, len(part.ids), most):
            ids = part.ids[start : start + most]
            is_sole = len(part.owners) == 1
            if not part.owners or (is_sole and self._known.agrees(part.owners[0], ids)):
                yield _Batch(ids, part.names, next(iter(part.owners), None))
            else:
                self._pending |= dict.fromkeys(ids, part.names)

    def _next(self) -> _Batch | None:
        """As many posts of one owner as a request may hold; the others stay.

        Those that nobody may be asked for come last, and all together.
        """
        if not self._pending:
            return None
        groups: dict[tuple[str | None, Names], list[str]] = {}
        for native_id, left in self._pending.items():
            group = self._candidate(native_id), left
            groups.setdefault(group, []).append(native_id)
        (owner, names), ids = max(groups.items(), key=_urgency)
        mine = ids if owner is None else ids[: MOST[self._part.endpoint]]
        for native_id in mine:
            del self._pending[native_id]
        return _Batch(tuple(mine), names, owner)

    def _candidate(self, native_id: str) -> str | None:
        """Who is asked: by the plan, and where that was wrong by what was learnt."""
        owners = chain(self._part.owners, self._known.owners)
        return next((each for each in owners if self._known.may(each, native_id)), None)

    def _asked(self, batch: _Batch) -> Stream[MetricSeries]:
        if not batch.ids or not batch.names:
            return
        try:
            answer = yield from answered(self._request(batch), Root, _silence)
        except AuthRefused as err:
            if batch.owner is None:
                raise
            if self._known.is_last(batch.owner):
                raise _nobody_left(batch.owner, err) from err
            self._known.died(batch.owner)
            self._pending |= dict.fromkeys(batch.ids, batch.names)
            yield Page((), (_refused_token(batch.owner, err),))
        except (PermissionDenied, Rejected) as err:
            told = err.told if isinstance(err.told, Complaints) else Complaints()
            yield from self._refused(batch, told, err)
        else:
            yield from self._answered(batch, answer)

    def _request(self, batch: _Batch) -> Request:
        part = self._part
        return engagement(
            part.endpoint,
            batch.ids,
            batch.names,
            groupings={FIGURES: levels(part.endpoint, part.step)},
            owner=batch.owner,
            window=part.window,
        )

    # -- what is answered ----------------------------------------------------------

    def _answered(self, batch: _Batch, answer: Answer[Root]) -> Stream[MetricSeries]:
        told = complaints_of(_rest(answer.payload))
        if told.foreign:
            yield from self._moved(batch, told.foreign)
            batch = batch.without(told.foreign_ids)
        if batch.owner is not None:
            self._known.asked(batch.owner, answer.response.at)
            self._known.owns(batch.owner, batch.ids)
        time, odd = self._steps(batch, answer)
        block = Block(self._part.endpoint, batch.ids, batch.names, time)
        self._cut(block, answer)
        issues = odd + fill(block, answer, self._part.step, told)
        block.mark(batch.ids, told.metrics, Status.NOT_PERMITTED)
        if self._part.endpoint == "totals":
            yield from self._totals.add(block, answer.source, issues)
            return
        now = micros(answer.response.at)
        series = block.series(answer.source, now=now, tz=self._part.zone)
        yield Page((by_day(series, self._part),), issues, answer.source)

    def _steps(
        self, batch: _Batch, answer: Answer[Root]
    ) -> tuple[steps.Steps, tuple[Issue, ...]]:
        if self._part.endpoint == "totals":
            return steps.of_lifetime(batch.ids), ()
        if self._part.window is not None:
            return steps.of_window(self._part.window, self._part.step), ()
        window, issues = _echoed(answer)
        return steps.of_window(window, self._part.step), issues

    def _cut(self, block: Block, answer: Answer[Root]) -> None:
        """The answer says of which time it is; of the rest nothing is known."""
        if self._part.window is not None:
            first = _instant(answer, "start") or self._part.window.start
            last = _instant(answer, "end") or self._part.window.end
            block.cut(micros(first), micros(last))

    # -- what is refused -----------------------------------------------------------

    def _refused(
        self, batch: _Batch, told: Complaints, err: Refused
    ) -> Stream[MetricSeries]:
        """Everything that is refused for a reason which concerns a part of it."""
        if told.is_foreign:
            yield from self._foreign(batch, told)
        elif told.metrics:
            yield from self._unseen(batch, told, err)
        elif told.is_unavailable or told.ids(UNAVAILABLE):
            yield from self._gone(batch, told)
        else:
            raise err

    def _unseen(
        self, batch: _Batch, told: Complaints, err: Refused
    ) -> Stream[MetricSeries]:
        """Metrics that the app may not see."""
        refused = tuple(each for each in batch.names if each in told.metrics)
        if not refused:
            raise err
        names = tuple(each for each in batch.names if each not in refused)
        yield self._denied(batch.ids, refused, "; ".join(told.texts))
        yield from self._asked(attrs.evolve(batch, names=names))

    def _foreign(self, batch: _Batch, told: Complaints) -> Stream[MetricSeries]:
        named = told.foreign_ids
        listed = tuple(each for each in batch.ids if each in named)
        if listed and not batch.is_rest:
            yield from self._moved(batch, told.foreign)
            rest = batch.without(listed)
            yield from self._asked(attrs.evolve(rest, is_rest=True))
        elif len(batch.ids) == 1:
            yield from self._moved(batch, (*told.foreign, Foreign(ids=batch.ids)))
        else:
            for half in batch.halves():
                yield from self._asked(half)

    def _moved(self, batch: _Batch, foreign: Sequence[Foreign]) -> Stream[MetricSeries]:
        """Notes what is another's; it is asked for later, where somebody may."""
        named = (each for one in foreign for each in one.ids if each in batch.ids)
        ids = dict.fromkeys(named, batch.names)
        if batch.owner is None and ids:
            yield self._denied(tuple(ids), batch.names, _NOBODY)
        elif batch.owner is not None:
            self._known.strange(batch.owner, foreign)
            self._pending |= ids

    def _gone(self, batch: _Batch, told: Complaints) -> Stream[MetricSeries]:
        gone = [each for each in batch.ids if each in told.ids(UNAVAILABLE)]
        if not gone and len(batch.ids) > 1:
            for half in batch.halves():
                yield from self._asked(half)
            return
        yield self._without(gone or batch.ids, batch.names, Status.UNAVAILABLE)
        yield from self._asked(batch.without(gone or batch.ids))

    def _denied(self, ids: Sequence[str], names: Names, why: str) -> Page[MetricSeries]:
        page = self._without(ids, names, Status.NOT_PERMITTED)
        what = f"{len(ids)} posts: {', '.join(ids[:5])}{' ...' * (len(ids) > 5)}"
        issue = Issue(path=f"{self._part.endpoint} {what}", problem=why)
        return attrs.evolve(page, issues=(issue,))

    def _without(
        self, ids: Sequence[str], names: Names, status: Status
    ) -> Page[MetricSeries]:
        part = attrs.evolve(self._part, ids=tuple(ids), names=names)
        return gap(part, status)


_NOBODY: Final = "no owner of the given credentials may see them"


def _urgency(group: tuple[tuple[str | None, Names], list[str]]) -> tuple[bool, int]:
    (owner, _), ids = group
    return owner is not None, len(ids)


def _nobody_left(owner: str, err: AuthRefused) -> AuthRefused:
    return AuthRefused(
        f"the access token of owner {owner} is refused, and there is no other that is "
        f"accepted: {err.message}",
        vendor=err.vendor,
        operation=err.operation,
        status=err.status,
        code=err.code,
    )


def _refused_token(owner: str, err: AuthRefused) -> Issue:
    return Issue(
        path=f"owner {owner}",
        problem=f"the access token is refused, log in again: {err.message}",
    )


# -- one answer --------------------------------------------------------------------


def _silence(root: Root) -> Complaints | None:
    return None if FIGURES in root else complaints_of(_rest(root))


def _rest(root: Root) -> dict[str, object]:
    """Everything beside the figures, as plain values."""
    return {
        key: tree(value, f"$.{key}")[0] for key, value in root.items() if key != FIGURES
    }


def _instant(answer: Answer[Root], key: str) -> datetime | None:
    """An instant of the answer's root; None where it has none that can be read."""
    raw = answer.payload.get(key)
    with suppress(ValueError, OverflowError):
        moment = datetime.fromisoformat(decoder(str).decode(raw or b""))
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    return None


def _echoed(answer: Answer[Root]) -> tuple[Window, tuple[Issue, ...]]:
    """The hours that the answer is of, the running one included.

    Where it tells nothing possible, the last ones before it came, and an issue.
    """
    end = _instant(answer, "end") or answer.response.at
    with suppress(InvalidQuery, OverflowError):
        window = _hours(_instant(answer, "start") or end - RECENT, end)
        if window.duration <= _MOST:
            return window, ()
    at = answer.response.at
    told = {key: answer.payload.get(key, b"") for key in ("start", "end")}
    problem = "the hours that it says it is of cannot be"
    seen = " .. ".join(bytes(each).decode("utf-8", "replace") for each in told.values())
    return _hours(at - RECENT, at), (Issue(path="$", problem=problem, seen=seen),)


def _hours(start: datetime, end: datetime) -> Window:
    last = floor(end)
    return Window(floor(start), last if last == end else last + HOUR)
