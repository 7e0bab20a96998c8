"""Which requests an operation takes: by owner, by so many posts, by 28 days.

Lifetime figures come from totals: public ones for any post by the app itself, private
ones by the owner. Figures by the hour or day of a window come from historical, those
of the last hours from 28hr; both by the owner alone. What the age in an id shows to be
refused is not asked for; within a day of a limit the vendor decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import chain, compress, zip_longest
from math import ceil
from typing import Any, Final

import attrs

from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Missing, Post, Ref
from socialmetrics.plan import MetricsQuery, Plan
from socialmetrics.reading import Reading, Status
from socialmetrics.series import MetricSeries
from socialmetrics.window import Window
from socialmetrics_x.entries import Endpoint, Entry
from socialmetrics_x.gaps import NO_OWNER, select
from socialmetrics_x.ids import (
    FIRST,
    NETWORK,
    created,
    numbers,
    post_id,
    post_ids,
    smallest,
)
from socialmetrics_x.known import Known
from socialmetrics_x.parts import GapPart, Names, PostsPart
from socialmetrics_x.requests import MOST
from socialmetrics_x.windows import EARLIEST, before_all, check_days, floor, pieces

NEAR: Final = timedelta(days=1)
AGES: Final = {
    "impressions": timedelta(days=90),
    "engagements": timedelta(days=90),
    "video_views": timedelta(days=1800),
}
"""Until which age totals has them."""
UNSORTED: Final = 10
"""Requests' worth of posts in a part whose owners are not known: those of one owner
among them are asked for together, once it is learnt."""

TOGETHER: Final = 5
"""Requests for totals in a part: so small an answer costs less to read among others."""
PARTS: Final = 40
"""There are at least as many parts, so that many calls may be under way."""


@attrs.frozen(kw_only=True)
class _Chosen:
    """What is asked for of one endpoint."""

    endpoint: Endpoint
    entries: tuple[Entry, ...]
    missing: tuple[Missing, ...]
    resolved: tuple[tuple[str, Reading], ...]

    def names(self, *, private: bool | None = None) -> Names:
        """The vendor's names; `private` narrows to what needs the owner, or not."""
        found = (e for e in self.entries if private in (None, e.needs_owner))
        return tuple(dict.fromkeys(each.reading.name for each in found))


def metrics(query: MetricsQuery, known: Known) -> Plan[MetricSeries]:
    """The plan for these figures. Raises `InvalidQuery` for what cannot be asked."""
    endpoint = _endpoint(query)
    posts, strangers = _posts(query, known)
    chosen = _choose(endpoint, query.metrics, has_owner=bool(known.owners))
    parts: list[PostsPart] = []
    if posts:
        ids = tuple(posts)
        make = _lifetime if endpoint == "totals" else _timed
        parts = list(make(chosen, ids, query, known))
    lacking = {each.metric for each in chosen.missing}
    late = _unborn(posts, query) if endpoint == "historical" else ()
    return Plan(
        parts=tuple(parts),
        available=tuple(m for m in query.metrics if posts and m not in lacking),
        missing=(*chosen.missing, *strangers, *late),
        resolved=chosen.resolved,
        notes=tuple(_notes(parts, query)),
    )


def _endpoint(query: MetricsQuery) -> Endpoint:
    if query.window is not None:
        if floor(query.now) <= query.window.start:
            raise InvalidQuery(
                f"{query.window} lies in the future: the last full hour ended at "
                f"{floor(query.now).isoformat()}"
            )
        return "historical"
    if query.by == "day":
        raise InvalidQuery(
            "by='day' needs a window: Window.days('2026-03-02', '2026-03-08')"
        )
    return "28hr" if query.by == "hour" else "totals"


def _posts(query: MetricsQuery, known: Known) -> tuple[dict[str, None], list[Missing]]:
    """The ids of X's posts, each once; of everything else, why it has no figures."""
    refs = [each for each in query.subjects if isinstance(each, Ref)]
    if len(refs) == len(query.subjects) and {ref.network for ref in refs} == {NETWORK}:
        return dict.fromkeys(post_ids([ref.native_id for ref in refs])), []
    ids: dict[str, None] = {}
    strangers: list[Missing] = []
    for subject in query.subjects:
        ref = subject if isinstance(subject, Ref) else subject.ref
        is_post = ref is subject or isinstance(subject, Post)
        if not is_post or ref.network != NETWORK:
            strangers += _strange(ref, query.metrics)
            continue
        native_id = post_id(ref.native_id)
        ids[native_id] = None
        if isinstance(subject, Post) and subject.profile in known.owners:
            known.owns(subject.profile, [native_id])
    return ids, strangers


def _strange(ref: Ref, asked: Sequence[str]) -> Iterator[Missing]:
    for metric in asked:
        yield Missing(
            metric=metric,
            subject=ref,
            network=ref.network,
            reason="X's Engagement API counts posts of X, and nothing else",
            alternatives=("give posts: Ref('x', id)",),
        )


def _choose(endpoint: Endpoint, asked: Sequence[str], *, has_owner: bool) -> _Chosen:
    entries: list[Entry] = []
    missing: list[Missing] = []
    resolved: list[tuple[str, Reading]] = []
    for metric in asked:
        found = select(endpoint, metric)
        if isinstance(found, Missing):
            missing.append(found)
        elif found[0].needs_owner and not has_owner:
            why = NO_OWNER.format(metric)
            missing.append(Missing(metric=metric, network=NETWORK, reason=why))
        else:
            entries += found
            resolved += [(metric, entry.reading) for entry in found]
    return _Chosen(
        endpoint=endpoint,
        entries=tuple(entries),
        missing=tuple(missing),
        resolved=tuple(resolved),
    )


# -- totals since publication ------------------------------------------------------


def _lifetime(
    chosen: _Chosen, ids: Names, query: MetricsQuery, known: Known
) -> Iterator[PostsPart]:
    size = ceil(ceil(len(ids) / MOST["totals"]) / PARTS)
    requests = min(size, TOGETHER)
    public = (
        _cut(whole, requests) for whole in _totals(chosen, ids, query, private=False)
    )
    private = (
        _sorted(each, known, requests)
        for each in _totals(chosen, ids, query, private=True)
    )
    # In turns: what was worked out for posts is at hand when they come again.
    both = zip_longest(chain.from_iterable(public), chain.from_iterable(private))
    yield from filter(None, chain.from_iterable(both))
    for name in chosen.names():
        old = _too_old(name, ids, query)
        if old:
            yield GapPart(
                endpoint="totals",
                ids=old,
                names=(name,),
                status=Status.TOO_OLD,
                at=query.now,
                requests=0,
            )


def _totals(
    chosen: _Chosen, ids: Names, query: MetricsQuery, *, private: bool
) -> Iterator[PostsPart]:
    for names, posts in _by_age(chosen.names(private=private), ids, query):
        yield PostsPart(endpoint="totals", ids=posts, names=names, at=query.now)


def _by_age(
    names: Names, ids: Names, query: MetricsQuery
) -> Iterator[tuple[Names, Names]]:
    """Posts by the metrics that they are young enough for."""
    groups: dict[Names, list[str]] = {}
    old = {name: frozenset(_too_old(name, ids, query)) for name in names}
    every = frozenset[str]().union(*old.values())
    if not every:  # Nearly always.
        return iter([(names, ids)] if names else [])
    for native_id in ids:
        fit = names
        if native_id in every:
            fit = tuple(name for name in names if native_id not in old[name])
        groups.setdefault(fit, []).append(native_id)
    return ((fit, tuple(found)) for fit, found in groups.items() if fit)


def _too_old(name: str, ids: Names, query: MetricsQuery) -> Names:
    """The posts that totals surely refuses that metric for."""
    if name not in AGES:
        return ()
    youngest = smallest(query.now - AGES[name] - NEAR)
    found = numbers(ids)
    is_old = (found >= FIRST) & (found < youngest)
    return tuple(compress(ids, is_old.tolist())) if is_old.any() else ()


# -- hours and days ----------------------------------------------------------------


def _timed(
    chosen: _Chosen, ids: Names, query: MetricsQuery, known: Known
) -> Iterator[PostsPart]:
    names = chosen.names()
    if not names:
        return
    is_hourly = query.by == "hour"
    zone = None if query.window is None else query.window.tz
    is_local = not is_hourly and zone != "UTC"
    if query.window is not None and is_local:
        check_days(query.window)
    whole = PostsPart(
        endpoint=chosen.endpoint,
        ids=ids,
        names=names,
        at=query.now,
        step="hour" if is_hourly or is_local else "day",
        zone=zone if is_local else None,
    )
    if query.window is None:
        yield from _sorted(whole, known)
        return
    for piece in before_all(query.window):
        yield from _before(_there(whole, piece))
    for piece in pieces(query.window, query.now):
        yield from _sorted(_there(whole, piece), known)


def _there(whole: PostsPart, piece: Window) -> PostsPart:
    """That piece, of the posts that were made by then."""
    ids = tuple(each for each in whole.ids if not _is_born_after(each, piece))
    return attrs.evolve(whole, ids=ids, window=piece)


def _before(whole: PostsPart) -> Iterator[GapPart]:
    """As large as other parts, because every cell of it is made."""
    for part in _cut(whole):
        told: dict[str, Any] = attrs.asdict(part, recurse=False)
        told["requests"] = 0
        yield GapPart(**told, status=Status.TOO_OLD)


def _is_born_after(native_id: str, window: Window) -> bool:
    begin = created(native_id)
    return begin is not None and begin >= window.end


def _unborn(ids: Iterable[str], query: MetricsQuery) -> Iterator[Missing]:
    """Posts that were made after all of the window: they have no figures in it."""
    window = query.window
    last = floor(query.now) if window is None else min(window.end, floor(query.now))
    for native_id in ids:
        begin = created(native_id)
        if window is not None and begin is not None and begin >= last:
            for metric in query.metrics:
                yield Missing(
                    metric=metric,
                    subject=Ref(NETWORK, native_id),
                    network=NETWORK,
                    reason=f"the post was made at {begin}, after the window",
                )


# -- whose, and how many -----------------------------------------------------------


def _sorted(whole: PostsPart, known: Known, requests: int = 1) -> Iterator[PostsPart]:
    """By owner where it is known; else in larger parts, to be sorted when asked."""
    for owners, ids in known.by_owner(whole.ids):
        mine = attrs.evolve(whole, ids=tuple(ids), owners=owners or known.owners)
        if len(owners) == 1:
            yield from _cut(mine, requests)
        else:
            for part in _cut(mine, UNSORTED):  # Of nobody: it is told, not asked.
                yield part if owners else attrs.evolve(part, requests=0)


def _cut(whole: PostsPart, requests: int = 1) -> Iterator[PostsPart]:
    """Parts of as many posts as so many requests hold."""
    most = MOST[whole.endpoint]
    for start in range(0, len(whole.ids), most * requests):
        ids = whole.ids[start : start + most * requests]
        yield attrs.evolve(whole, ids=ids, requests=ceil(len(ids) / most))


def _notes(parts: Sequence[PostsPart], query: MetricsQuery) -> Iterator[str]:
    owners = {owner for part in parts for owner in part.owners}
    if owners:
        what = "owner is" if len(owners) == 1 else "owners are"
        yield f"{len(owners)} {what} asked for; contracts may count owners by month"
    for part in parts:
        if isinstance(part, GapPart) and part.endpoint == "totals":
            (name,) = part.names
            yield (
                f"{name}: {len(part.ids)} of the posts are older than "
                f"{AGES[name].days} days; X tells no totals of them"
            )
    window = query.window
    if window is not None and window.start < EARLIEST:
        yield f"X knows nothing of the time before {EARLIEST:%Y-%m-%d}"
    if window is not None and window.end > floor(query.now):
        yield (
            f"the window ends after the last full hour; figures end at "
            f"{floor(query.now).isoformat()}"
        )
