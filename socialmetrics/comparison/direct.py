"""Gaps between figures of the same subjects, for any number of rows at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs
import numpy as np

from socialmetrics.comparison.chain import COMPUTED, Bounds, Shift, rest, shift
from socialmetrics.comparison.claims import may_fall
from socialmetrics.comparison.composition import parts
from socialmetrics.comparison.evidence import Evidence
from socialmetrics.comparison.overlays import DOUBTFUL, Half, freshness
from socialmetrics.comparison.result import Axis
from socialmetrics.comparison.terms import Standing, Terms
from socialmetrics.series.columns import NONE, Instants, Mask, Rows, Values

KNOWN_SCOPES: Final = frozenset({"organic", "paid", "total"})


@attrs.frozen(kw_only=True, eq=False)
class Common:
    """What both sides are brought to: which metrics are added up, in which scope.

    `metrics` None: a common formula is not known.
    """

    metrics: tuple[str, ...] | None
    scope: str


@attrs.frozen(kw_only=True, eq=False)
class Pair:
    """Rows of two sides that belong together, and what else is known of both.

    `terms` are further figures of the left and the right, `key` what they are found by;
    `agreed` the axes on which both readings say the same.
    """

    left: Half
    right: Half
    terms: tuple[Terms, Terms]
    key: Instants
    agreed: frozenset[Axis]

    def told(self, at: int, metrics: tuple[str, ...], scope: str) -> Values:
        """What one side tells in other terms of what its figures are of; else NaN."""
        half = (self.left, self.right)[at]
        standing = Standing.of(half.cells, half.rows)
        return self.terms[at].total(metrics, scope, self.key, standing)

    @property
    def falls(self) -> bool:
        """Whether figures can go down."""
        return may_fall(self.left.reading) or may_fall(self.right.reading)

    @property
    def parts_fall(self) -> bool:
        """Whether a part can be above the whole: never since publication."""
        return self.falls and not (self.left.lasts and self.right.lasts)


def terms_of(pair: Pair) -> tuple[list[Shift], Common]:
    """The causes that lie in what is added up: formula, then scope."""
    formula, metrics, base = _formula(pair)
    scopes, scope = _scope(pair, metrics, base)
    return [*formula, *scopes], Common(metrics=metrics, scope=scope)


@attrs.frozen(eq=False)
class _Base:
    """Both figures on the way to common terms."""

    left: Values
    right: Values


def _formula(pair: Pair) -> tuple[list[Shift], tuple[str, ...] | None, _Base]:
    one, other = parts(pair.left.reading), parts(pair.right.reading)
    start = _Base(pair.left.value, pair.right.value)
    if "formula" in pair.agreed or (one is not None and one == other):
        told = [each for each in (one, other) if each is not None]
        return [], min(told, key=len, default=None), start
    applies = _both(pair)
    bounds = _inclusion(one, other, falls=pair.parts_fall)
    if other is not None:
        found = pair.told(0, other, pair.left.reading.scope)
        if not np.isnan(found[applies]).all():
            text = f"counted as {_sum(other)}, as the right side does"
            step = shift("formula", text, found - start.left, applies, bounds)
            return [step], other, _Base(found, start.right)
    if one is not None:
        found = pair.told(1, one, pair.right.reading.scope)
        if not np.isnan(found[applies]).all():
            text = f"the right side counts {_of(other)} instead of {_sum(one)}"
            step = shift("formula", text, start.right - found, applies, bounds)
            return [step], one, _Base(start.left, found)
    nan = np.full(len(applies), np.nan)
    text = f"{_of(one)} on the left, {_of(other)} on the right; the parts were not read"
    return [shift("formula", text, nan, applies, bounds)], None, start


def _inclusion(
    one: tuple[str, ...] | None, other: tuple[str, ...] | None, *, falls: bool
) -> Bounds:
    if one is None or other is None or falls:
        return None, None
    if set(one) < set(other):
        return 0.0, None
    return (None, 0.0) if set(other) < set(one) else (None, None)


def _sum(metrics: tuple[str, ...]) -> str:
    return " + ".join(metrics)


def _of(metrics: tuple[str, ...] | None) -> str:
    return "parts that are not documented" if metrics is None else _sum(metrics)


def _scope(
    pair: Pair, metrics: tuple[str, ...] | None, base: _Base
) -> tuple[list[Shift], str]:
    one, other = pair.left.reading.scope, pair.right.reading.scope
    applies = _both(pair)
    if "scope" in pair.agreed:
        return [], one
    bounds = _within(one, other, falls=pair.parts_fall)
    if metrics is not None and {one, other} <= KNOWN_SCOPES:
        found = pair.told(0, metrics, other)
        if not np.isnan(found[applies]).all():
            text = f"{other} instead of {one}"
            return [shift("scope", text, found - base.left, applies, bounds)], other
        found = pair.told(1, metrics, one)
        if not np.isnan(found[applies]).all():
            text = f"{other} instead of {one}, as the right side tells both"
            return [shift("scope", text, base.right - found, applies, bounds)], one
    nan = np.full(len(applies), np.nan)
    text = f"{one} on the left, {other} on the right; only one of them was read"
    return [shift("scope", text, nan, applies, bounds)], one


def _within(one: str, other: str, *, falls: bool) -> Bounds:
    if falls or not {one, other} <= KNOWN_SCOPES or "total" not in (one, other):
        return None, None
    return (0.0, None) if other == "total" else (None, 0.0)


def in_time(pair: Pair, common: Common, proof: Evidence, born: Instants) -> list[Shift]:
    """The causes that lie in time, for posts: date axis, window, freshness.

    `born` is when every row's post was published.
    """
    if pair.left.lasts != pair.right.lasts:
        return [
            *_date_axis(pair, common, proof, born),
            *_late(pair, common, proof, born),
        ]
    if pair.left.lasts:
        return [*_late(pair, common, proof, born)]
    return [*_window(pair, common, proof, born)]


def amount(
    common: Common,
    proof: Evidence,
    posts: Rows,
    span: tuple[Instants, Instants],
    born: Instants,
) -> Values:
    """What every post collected in [start, end); NaN where nobody can tell."""
    if common.metrics is None:
        return np.full(len(posts), np.nan)
    found = np.zeros(len(posts))
    for metric in common.metrics:
        one = np.full(len(posts), np.nan)
        for track in proof.of(metric, common.scope):
            value, known = track.between(posts, *span, born)
            one = np.where(np.isnan(one) & known, value, one)
        found = found + one
    return found


def _date_axis(
    pair: Pair, common: Common, proof: Evidence, born: Instants
) -> Iterator[Shift]:
    """A post's total since publication against what happened in a window."""
    is_added = pair.right.lasts
    counted = pair.left if is_added else pair.right
    read = pair.left.as_of
    seen = np.minimum(counted.end, read)
    spans = (
        ("before", born, np.maximum(born, counted.start), born < counted.start),
        ("after", seen, read, seen < read),
    )
    for where, start, end, applies in spans:
        found = np.zeros(len(applies))  # Nothing, where there is no such time.
        if (_both(pair) & applies).any():
            did = amount(common, proof, counted.subject, (start, end), born)
            found = np.where(applies, did if is_added else -did, found)
        word = "counted" if is_added else "not counted"
        yield shift(
            "date_axis",
            f"activity {where} the window is {word}",
            found,
            _both(pair),
            _bounds(pair, is_more=is_added),
        )


def _bounds(pair: Pair, *, is_more: bool) -> Bounds:
    """What never falls can only be more, or only be less."""
    if pair.falls:
        return None, None
    return (0.0, None) if is_more else (None, 0.0)


def _late(
    pair: Pair, common: Common, proof: Evidence, born: Instants
) -> Iterator[Shift]:
    """What happened between the two readings, where the right one is a lifetime total,
    or has a window that was not over."""
    left, right = pair.left.as_of, pair.right.as_of
    if not pair.right.lasts:
        left, right = (np.minimum(each, pair.right.end) for each in (left, right))
    early, late = np.minimum(left, right), np.maximum(left, right)
    if not (early < late).any():
        return
    found = amount(common, proof, pair.left.subject, (early, late), born)
    sign = np.where(right >= left, 1.0, -1.0)
    for is_later, text in (
        (True, "activity after the left side was read"),
        (False, "activity after the right side was read is not in it"),
    ):
        applies = _both(pair) & (early < late) & ((right > left) == is_later)
        bounds = _bounds(pair, is_more=is_later)
        yield shift("freshness", text, sign * found, applies, bounds)


def _window(
    pair: Pair, common: Common, proof: Evidence, born: Instants
) -> Iterator[Shift]:
    left, right = pair.left, pair.right
    apart = _both(pair) & ((left.start != right.start) | (left.end != right.end))
    if not apart.any():
        return
    one = amount(common, proof, left.subject, (left.start, left.end), born)
    other = amount(common, proof, left.subject, (right.start, right.end), born)
    text = "the right side's window begins and ends at other instants"
    yield shift("window_and_zone", text, other - one, apart)


def provisional(pair: Pair) -> list[Shift]:
    """The cause that nobody can know: a vendor may still change its figure."""
    doubtful = freshness(pair.left, pair.right) == DOUBTFUL
    doubtful &= _both(pair) & (pair.left.value != pair.right.value)
    if not doubtful.any():
        return []
    text = "one of the vendors may still change its figure"
    return [shift("freshness", text, np.full(len(doubtful), np.nan), doubtful)]


def untold(pair: Pair, shifts: list[Shift]) -> list[Shift]:
    """The cause that nobody can see: posts of an account that nobody told of.

    An account's figure is that of all its posts, so where all causes were computed and
    still leave something, it is of others.
    """
    lost = _both(pair) & (rest(pair.left.value, pair.right.value, shifts) != 0)
    for each in shifts:
        lost &= each.basis <= COMPUTED
    if not lost.any():
        return []
    text = "posts that nobody told of may be in the account's figure"
    return [shift("population", text, np.full(len(lost), np.nan), lost)]


def needs_posts(pair: Pair) -> bool:
    """Whether two figures of accounts differ in time, which only posts can explain."""
    left, right = pair.left, pair.right
    apart = (left.start != right.start) | (left.end != right.end)
    running = np.minimum(left.end, left.as_of) != np.minimum(right.end, right.as_of)
    return bool((_both(pair) & (apart | running)).any())


def _both(pair: Pair) -> Mask:
    """The rows that have both values."""
    found: Mask = ~(np.isnan(pair.left.value) | np.isnan(pair.right.value))
    return found


def born_of(created: Instants, pair: Pair) -> Instants:
    """When every row's post was published, `NONE` where nobody says."""
    found = created[pair.left.subject]
    if pair.left.lasts:
        return np.where(found == NONE, pair.left.start, found)
    return np.where((found == NONE) & pair.right.lasts, pair.right.start, found)
