"""Which figures of two tools meet: of which level, in which buckets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, TypeAlias

import attrs
import numpy as np

from socialmetrics.comparison.buckets import (
    LONGEST_DAY,
    SHORTEST_DAY,
    By,
    Scheme,
    Spans,
    Steps,
    calendar,
    exact,
    is_daily,
    within,
)
from socialmetrics.comparison.cells import Cells, plain
from socialmetrics.comparison.cutting import cut
from socialmetrics.comparison.deriving import derivable, with_derived
from socialmetrics.comparison.lifting import over_posts, put_together
from socialmetrics.comparison.pool import Kind, Pool
from socialmetrics.comparison.strays import Stray, strays
from socialmetrics.comparison.terms import numbered
from socialmetrics.ontology import needed
from socialmetrics.reading import Level
from socialmetrics.series.columns import Columns, moment, own_zone
from socialmetrics.series.select import inside
from socialmetrics.window import Window

Target: TypeAlias = Literal["profile", "post"]


@attrs.frozen(kw_only=True)
class Wish:
    """What is to be compared: which days, in which steps, of accounts or of posts."""

    window: Window | None
    by: By | None
    level: Target | None
    tz: str | None
    metrics: tuple[str, ...]

    @property
    def counted(self) -> frozenset[str]:
        """The metrics that are asked for, and what they are worked out of."""
        return frozenset(self.metrics).union(*map(needed, self.metrics))


@attrs.frozen(kw_only=True, eq=False)
class Meeting:
    """Figures of two tools in one shape. `raised`: they stand for accounts, though at
    least one tool counts posts. `terms` are those of the left and of the right with
    all further figures that only explain. `steps` are the longest spans (microseconds)
    that figures had before they were put together, 0 for lifetime totals. `days` are
    the days that both were cut to, None where they were not. `strays` are left out."""

    left: Cells
    right: Cells
    strays: tuple[tuple[Stray, ...], tuple[Stray, ...]]
    days: tuple[Cells, Cells] | None
    terms: tuple[Cells, Cells]
    kinds: tuple[Kind, Kind]
    steps: tuple[int, int]
    level: Level
    raised: bool


def meetings(pool: Pool, pair: tuple[int, int], wish: Wish) -> Iterator[Meeting]:
    """Everything that these two tools have in common."""
    left, right = (pool.kinds(side) for side in pair)
    done: set[tuple[Kind, Kind]] = set()
    forth = [(a, _partner(a, right, pool, wish)) for a in left]
    back = [(_partner(b, left, pool, wish), b) for b in right]
    for one, other in (*forth, *back):
        if one is not None and other is not None and (one, other) not in done:
            done.add((one, other))
            yield _meeting(pool, pair, (one, other), wish)


def _partner(kind: Kind, others: Sequence[Kind], pool: Pool, wish: Wish) -> Kind | None:
    """The other tool's figures that are most like these."""
    there = [each for each in others if _can_meet(kind, each, pool, wish)]
    return min(there, key=lambda each: _unlike(kind, each), default=None)


def _can_meet(one: Kind, other: Kind, pool: Pool, wish: Wish) -> bool:
    if (one[1] == "instant") != (other[1] == "instant"):
        return False
    if one[0] == other[0] and (wish.level is None or wish.level == one[0]):
        return True
    posts_only = {one[0], other[0]} <= {"post", "profile"}
    can_raise = posts_only and pool.has_owners
    return can_raise and wish.level in (None, "profile")


def _unlike(one: Kind, other: Kind) -> tuple[bool, bool]:
    return one[1] != other[1], one[0] != other[0]


def _meeting(
    pool: Pool, pair: tuple[int, int], kinds: tuple[Kind, Kind], wish: Wish
) -> Meeting:
    levels = {kind[0] for kind in kinds}
    raised = "post" in levels and (len(levels) > 1 or wish.level == "profile")
    sides = [pool.figures(side, kind) for side, kind in zip(pair, kinds, strict=True)]
    steps = [Steps(each) for each in sides]
    schemes = _schemes(steps, kinds, wish, raised=raised)
    is_cut = wish.by not in (None, "day") and all(map(_has_days, steps, kinds))
    shapers = [
        Shaper(pool=pool, kind=kind, scheme=scheme, raised=raised, is_cut=is_cut)
        for kind, scheme in zip(kinds, schemes, strict=True)
    ]
    fine = [each.fine(of) for each, of in zip(shapers, sides, strict=True)]
    if is_cut:
        fine = [*cut(fine[0], fine[1], wish.counted)]
    shaped = [each.whole(cells) for each, cells in zip(shapers, fine, strict=True)]
    wanted = derivable([cells.columns for cells in shaped], wish.metrics)
    left, right = (
        with_derived(cells, scheme.labels, wanted)
        for cells, scheme in zip(shaped, schemes, strict=True)
    )
    lost, missed = (
        tuple(strays(pool, columns, kind, scheme, raised=raised))
        for columns, kind, scheme in zip(sides, kinds, schemes, strict=True)
    )
    return Meeting(
        left=left,
        right=right,
        strays=(lost, missed),
        days=(fine[0], fine[1]) if is_cut else None,
        terms=(
            shapers[0].with_parts(pair[0], left, fine[0]),
            shapers[1].with_parts(pair[1], right, fine[1]),
        ),
        kinds=kinds,
        steps=(steps[0].longest, steps[1].longest),
        level="profile" if raised else kinds[0][0],
        raised=raised,
    )


def _has_days(steps: Steps, kind: Kind) -> bool:
    """Whether these figures can be laid beside others day by day."""
    return kind[1] != "lifetime" and steps.longest <= LONGEST_DAY


@attrs.frozen(kw_only=True)
class Shaper:
    """Brings one side's figures of a kind to the shape in which both sides meet.

    `is_cut`: they are laid beside each other by day first, and then put together.
    """

    pool: Pool
    kind: Kind
    scheme: Scheme
    raised: bool
    is_cut: bool

    def fine(self, columns: Columns) -> Cells:
        """In the steps in which both sides are cut to what both have."""
        by_day = attrs.evolve(self.scheme, by="day") if self.is_cut else self.scheme
        return _shaped(self.pool, columns, self.kind, by_day, raised=self.raised)

    def whole(self, cells: Cells) -> Cells:
        """In the steps in which they are compared."""
        if not self.is_cut:
            return cells
        return put_together(cells, self.scheme.labels(cells.columns), holes=False)

    def with_parts(self, side: int, cells: Cells, fine: Cells) -> Cells:
        """The cells with the figures that only explain, of the same days as `fine`; the
        very same cells where there are none."""
        if not self.pool.has_parts(side):
            return cells
        every = self.fine(self.pool.figures(side, self.kind, parts=True))
        if self.is_cut:
            key, there = numbered((every, fine))
            every = every.taken(np.isin(key, there))
        return self.whole(every)


def _schemes(
    sides: Sequence[Steps],
    kinds: tuple[Kind, Kind],
    wish: Wish,
    *,
    raised: bool,
) -> tuple[Scheme, Scheme]:
    """How rows of either side are put into buckets, numbered alike."""
    one, other = sides
    lasting = [kind[1] == "lifetime" for kind in kinds]
    zones = _zone(one, other, wish), _zone(other, one, wish)
    if all(lasting) and not raised:
        return Scheme(window=wish.window), Scheme(window=wish.window)
    if any(lasting):
        by, window = wish.by or "total", wish.window or _span(sides, lasting)
        first, second = (calendar(by, tz, window) for tz in zones)
        return first, second
    if wish.by is not None:
        first, second = (calendar(wish.by, tz, wish.window) for tz in zones)
        return first, second
    return _fitting(one, other, zones, wish)


def _fitting(
    one: Steps, other: Steps, zones: tuple[str | None, str | None], wish: Wish
) -> tuple[Scheme, Scheme]:
    """The larger steps of the two, which the smaller ones are put together to."""
    window = wish.window
    if one.are_days and other.are_days:
        return calendar("day", None, window), calendar("day", None, window)
    if (other.are_days and one.longest < SHORTEST_DAY) or (
        one.are_days and other.longest < SHORTEST_DAY
    ):
        first, second = (calendar("day", tz, window) for tz in zones)
        return first, second
    is_smaller = one.longest < other.longest
    spans = Spans.of((other if is_smaller else one).columns)
    if one.longest == other.longest or spans.overlap:
        return exact(window), exact(window)
    if is_smaller:
        return within(spans, window), exact(window)
    return exact(window), within(spans, window)


def _zone(own: Steps, partner: Steps, wish: Wish) -> str | None:
    """In whose days figures are counted: their own where they are days or longer, else
    those of the partner. None: each reading's own."""
    if own.longest >= SHORTEST_DAY:
        return None
    if wish.tz is not None:
        return wish.tz
    if partner.are_days:
        zones = dict.fromkeys(map(own_zone, partner.columns.used_readings()))
        if len(zones) == 1:
            return next(iter(zones))
    return wish.window.tz if wish.window else "UTC"


def _span(sides: Sequence[Steps], lasting: Sequence[bool]) -> Window:
    """The window of what has one, for lifetime totals of posts published in it; of such
    totals alone the days (UTC) on which these were published."""
    both = zip(sides, lasting, strict=True)
    spans = [each.columns for each, is_total in both if not is_total]
    every = spans or [each.columns for each in sides]
    first = moment(min(int(each.start.min()) for each in every))
    if spans:
        return Window(first, moment(max(int(each.end.max()) for each in spans)))
    last = moment(max(int(each.start.max()) for each in every))
    return Window.days(first.date(), last.date())


def _shaped(
    pool: Pool, columns: Columns, kind: Kind, scheme: Scheme, *, raised: bool
) -> Cells:
    if scheme.window is not None:
        fits = inside(columns, scheme.shown(columns))
        columns = columns.take(fits)
    if kind[1] == "lifetime" or scheme.keeps(columns):
        cells = plain(columns, scheme.labels(columns))
    else:
        cells = plain(columns, columns.start)
        cells = put_together(cells, scheme.labels(cells.columns), holes=True)
    if not raised or kind[0] == "profile":
        return cells
    return over_posts(cells, pool, scheme.bounds(cells.columns, cells.label))


def by_day(pool: Pool, side: int, kind: Kind, wish: Wish) -> Cells:
    """One side's figures of a kind by day, those of posts put to their account."""
    columns = pool.figures(side, kind)
    own = None if is_daily(columns) else wish.tz
    scheme = calendar("day", own, wish.window)
    cells = _shaped(pool, columns, kind, scheme, raised=True)
    return with_derived(cells, scheme.labels, derivable([cells.columns], wish.metrics))


def in_total(pool: Pool, side: int, kind: Kind, wish: Wish) -> Cells:
    """One side's figures of a kind, in one sum a subject, and derived ones."""
    columns = pool.figures(side, kind)
    scheme = calendar("total", wish.tz, wish.window)
    cells = _shaped(pool, columns, kind, scheme, raised=False)
    return with_derived(cells, scheme.labels, derivable([cells.columns], wish.metrics))
