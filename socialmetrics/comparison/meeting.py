"""Which figures of two tools meet: of which level, in which buckets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Literal, TypeAlias

import attrs
import numpy as np

from socialmetrics import ontology
from socialmetrics.comparison.buckets import (
    By,
    Scheme,
    Spans,
    calendar,
    exact,
    is_daily,
    longest,
    within,
)
from socialmetrics.comparison.cutting import cut
from socialmetrics.comparison.lifting import (
    Cells,
    keys,
    only,
    over_posts,
    over_time,
    plain,
    put_together,
)
from socialmetrics.comparison.pool import NOBODY, Kind, Pool
from socialmetrics.comparison.terms import numbered
from socialmetrics.derivation import derive, is_derivable
from socialmetrics.errors import NotComparable
from socialmetrics.reading import Level
from socialmetrics.series import MetricSeries
from socialmetrics.series.build import join
from socialmetrics.series.columns import (
    Columns,
    Instants,
    Plain,
    Rows,
    own_zone,
)
from socialmetrics.series.select import inside
from socialmetrics.window import Window

HOURS: Final = 23 * 3_600_000_000  # figures shorter than a day
Target: TypeAlias = Literal["profile", "post"]


@attrs.frozen(kw_only=True)
class Wish:
    """What is to be compared: which days, in which steps, of accounts or of posts."""

    window: Window | None
    by: By | None
    level: Target | None
    tz: str | None
    metrics: tuple[str, ...]


@attrs.frozen(kw_only=True, eq=False)
class Meeting:
    """Figures of two tools in one shape. `raised`: they stand for accounts, though at
    least one tool counts posts. `terms` are those of the left and of the right with
    all further figures that only explain. `steps` are the longest spans (microseconds)
    that figures had before they were put together, 0 for lifetime totals."""

    left: Cells
    right: Cells
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
    can_raise = posts_only and bool((pool.owner != NOBODY).any())
    return can_raise and wish.level in (None, "profile")


def _unlike(one: Kind, other: Kind) -> tuple[bool, bool]:
    return one[1] != other[1], one[0] != other[0]


def _meeting(
    pool: Pool, pair: tuple[int, int], kinds: tuple[Kind, Kind], wish: Wish
) -> Meeting:
    levels = {kind[0] for kind in kinds}
    raised = "post" in levels and (len(levels) > 1 or wish.level == "profile")
    sides = [pool.figures(side, kind) for side, kind in zip(pair, kinds, strict=True)]
    schemes = _schemes(sides, kinds, wish, raised=raised)
    is_cut = wish.by not in (None, "day") and "lifetime" not in {k[1] for k in kinds}
    shapers = [
        Shaper(pool=pool, kind=kind, scheme=scheme, raised=raised, is_cut=is_cut)
        for kind, scheme in zip(kinds, schemes, strict=True)
    ]
    fine = [each.fine(of) for each, of in zip(shapers, sides, strict=True)]
    if is_cut:
        fine = [*cut(*fine)]
    shaped = [each.whole(cells) for each, cells in zip(shapers, fine, strict=True)]
    wanted = _wanted([cells.columns for cells in shaped], wish)
    left, right = (
        _with_derived(cells, scheme, wanted)
        for cells, scheme in zip(shaped, schemes, strict=True)
    )
    return Meeting(
        left=left,
        right=right,
        terms=(
            shapers[0].with_parts(pair[0], left, fine[0]),
            shapers[1].with_parts(pair[1], right, fine[1]),
        ),
        kinds=kinds,
        steps=(longest(sides[0]), longest(sides[1])),
        level="profile" if raised else kinds[0][0],
        raised=raised,
    )


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
        if not self.pool.is_part[self.pool.side == side].any():
            return cells
        every = self.fine(self.pool.figures(side, self.kind, parts=True))
        if self.is_cut:
            key, there = numbered((every, fine))
            every = only(every, np.isin(key, there))
        return self.whole(every)


def _schemes(
    sides: Sequence[Columns],
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
    one: Columns, other: Columns, zones: tuple[str | None, str | None], wish: Wish
) -> tuple[Scheme, Scheme]:
    """The larger steps of the two, which the smaller ones are put together to."""
    window = wish.window
    if is_daily(one) and is_daily(other):
        return calendar("day", None, window), calendar("day", None, window)
    if (is_daily(other) and longest(one) < HOURS) or (
        is_daily(one) and longest(other) < HOURS
    ):
        first, second = (calendar("day", tz, window) for tz in zones)
        return first, second
    if longest(one) == longest(other):
        return exact(window), exact(window)
    if longest(one) < longest(other):
        return within(Spans.of(other), window), exact(window)
    return exact(window), within(Spans.of(one), window)


def _zone(own: Columns, partner: Columns, wish: Wish) -> str | None:
    """In whose days figures are counted: their own where they are days, else those of
    the partner. None: each reading's own."""
    if is_daily(own):
        return None
    if wish.tz is not None:
        return wish.tz
    if is_daily(partner):
        zones = dict.fromkeys(map(own_zone, partner.used_readings()))
        if len(zones) == 1:
            return next(iter(zones))
    return wish.window.tz if wish.window else "UTC"


def _span(sides: Sequence[Columns], lasting: Sequence[bool]) -> Window | None:
    """The window of what has one, for lifetime totals of posts published in it."""
    from socialmetrics.series.columns import moment

    spans = [
        each
        for each, is_total in zip(sides, lasting, strict=True)
        if not is_total and len(each)
    ]
    if not spans:
        return None
    first = min(int(each.start.min()) for each in spans)
    last = max(int(each.end.max()) for each in spans)
    return Window(moment(first), moment(last)) if first < last else None


def _shaped(
    pool: Pool, columns: Columns, kind: Kind, scheme: Scheme, *, raised: bool
) -> Cells:
    if scheme.window is not None:
        fits = inside(columns, scheme.shown(columns))
        columns = columns.take(fits)
    label = scheme.labels(columns)
    as_they_are = kind[1] == "lifetime" or scheme.keeps(columns)
    cells = plain(columns, label) if as_they_are else over_time(columns, label)
    if not raised or kind[0] == "profile":
        return cells
    return over_posts(cells, pool, scheme.bounds(cells.columns, cells.label))


def _wanted(sides: Sequence[Columns], wish: Wish) -> tuple[str, ...]:
    """The derived metrics that one of them has, or that are asked for."""
    there = (r.metric for each in sides for r in each.used_readings())
    names = dict.fromkeys((*wish.metrics, *there))
    return tuple(each for each in names if is_derivable(each))


def _with_derived(cells: Cells, scheme: Scheme, wanted: Sequence[str]) -> Cells:
    """The cells, and what can be worked out of them."""
    columns = cells.columns
    there = {reading.metric for reading in columns.used_readings()}
    made: list[Columns] = []
    for metric in wanted:
        if metric not in there and there & ontology.needed(metric):
            try:
                made.append(derive(MetricSeries(columns), metric).columns)
            except NotComparable as err:
                cells.refused[metric] = (
                    str(err.args[0]).partition(" (rule: ")[0],
                    err.instead,
                )
    made = [each for each in made if len(each)]
    if not made:
        return cells
    more = join(made)
    both = join([columns, more])
    label = np.concatenate([cells.label, scheme.labels(more)])
    rows = _parts(both, label, len(columns))
    return Cells(
        columns=both,
        label=label,
        as_of=_spread(np.minimum, cells.as_of, rows),
        members=_spread(np.minimum, cells.members, rows),
        without=_spread(np.maximum, cells.without, rows),
        left_out=_spread(np.maximum, cells.left_out, rows),
        refused=cells.refused,
    )


def _parts(both: Columns, label: Instants, count: int) -> tuple[Rows, Rows]:
    """For every derived row and part of it: which derived one, and which part."""
    place = keys(both, label, np.zeros(len(both), np.int32))
    words, group = np.unique(place, return_inverse=True)
    order = np.argsort(group[:count], kind="stable")
    first = np.searchsorted(group[:count][order], np.arange(len(words)), "left")
    size = np.bincount(group[:count], minlength=len(words))
    mine = group[count:]
    owner = np.repeat(np.arange(len(mine)), size[mine])
    offset = np.arange(len(owner)) - np.repeat(
        np.cumsum(size[mine]) - size[mine], size[mine]
    )
    return owner, order[first[mine][owner] + offset]


def _spread(fold: np.ufunc, known: Plain, parts: tuple[Rows, Rows]) -> Plain:
    """A column for the derived rows too: the least, or the most, of their parts."""
    owner, part = parts
    _, heads = np.unique(owner, return_index=True)
    more: Plain = fold.reduceat(known[part], heads)
    return np.concatenate([known, more])


def by_day(pool: Pool, side: int, kind: Kind, wish: Wish) -> Cells:
    """One side's figures of a kind by day, those of posts put to their account."""
    columns = pool.figures(side, kind)
    own = None if is_daily(columns) else wish.tz
    scheme = calendar("day", own, wish.window)
    cells = _shaped(pool, columns, kind, scheme, raised=True)
    return _with_derived(cells, scheme, _wanted([cells.columns], wish))


def in_total(pool: Pool, side: int, kind: Kind, wish: Wish) -> Cells:
    """One side's figures of a kind, in one sum a subject, and derived ones."""
    columns = pool.figures(side, kind)
    scheme = calendar("total", wish.tz, wish.window)
    cells = _shaped(pool, columns, kind, scheme, raised=False)
    return _with_derived(cells, scheme, _wanted([cells.columns], wish))
