"""All figures of all tools in one set of columns, so that words have one code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import Final, TypeAlias

import attrs
import numpy as np

from socialmetrics.comparison.limits import within_limits
from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Post, Profile, Ref
from socialmetrics.ontology import needed
from socialmetrics.reading import Level, Reading, Temporality
from socialmetrics.series import MetricSeries
from socialmetrics.series.build import join
from socialmetrics.series.columns import (
    NONE,
    Codes,
    Columns,
    Instants,
    Mask,
    Plain,
    Rows,
    micros,
    recode,
)
from socialmetrics.series.select import inside
from socialmetrics.window import Window

NOBODY: Final = -1
Kind: TypeAlias = tuple[Level, Temporality]
"""What figures must have in common to be laid beside each other as they are."""


@attrs.frozen(kw_only=True, eq=False)
class Known:
    """What posts and profiles tell about subjects: what else they are called, whose
    they are, and when they were published."""

    aliases: Mapping[Ref, Ref]
    owners: Mapping[Ref, Ref]
    created: Mapping[Ref, int]


@attrs.frozen(kw_only=True, eq=False)
class Pool:
    """The figures of all sides, one after the other.

    `side` numbers the tool of every row; `is_part` marks rows that only explain, and
    are not compared themselves. `owner` and `created` have one entry a subject: the
    code of the profile that published it (`NOBODY`: not known), and when (`NONE`).
    """

    names: tuple[str, ...]
    columns: Columns
    side: Plain
    is_part: Mask
    owner: Codes
    created: Instants

    def has_parts(self, side: int) -> bool:
        """Whether that side has figures that only explain."""
        return bool(self.is_part.any() and self.is_part[self.side == side].any())

    def readings(self, side: int) -> tuple[Reading, ...]:
        """The readings that side has, to be compared."""
        return self._readings[side]

    @cached_property
    def _readings(self) -> tuple[tuple[Reading, ...], ...]:
        columns = self.columns.take(_rows(~self.is_part))
        sides = self.side[~self.is_part]
        return tuple(
            columns.take(_rows(sides == side)).used_readings()
            for side in range(len(self.names))
        )

    def kinds(self, side: int, metric: str | None = None) -> tuple[Kind, ...]:
        """The kinds of figures that side has, to be compared; with `metric`, of it."""
        found = self.readings(side)
        wanted = (r for r in found if metric in (None, r.metric))
        return tuple(dict.fromkeys(map(kind_of, wanted)))

    def told(self, side: int, window: Window | None, metrics: Sequence[str]) -> Columns:
        """All that side's figures that were to be compared."""
        mine = (self.side == side) & ~self.is_part
        if metrics:
            wanted = set(metrics).union(*map(needed, metrics))
            mine &= self.columns.by_reading(lambda r: r.metric in wanted)
        columns = self.columns.take(_rows(mine))
        return columns if window is None else columns.take(inside(columns, window))

    @cached_property
    def has_owners(self) -> bool:
        """Whether of any post with a figure it is known whose it is."""
        owned = np.flatnonzero(self.owner != NOBODY)
        return bool(len(owned)) and bool(np.isin(self.columns.subject, owned).any())

    def figures(self, side: int, kind: Kind, *, parts: bool = False) -> Columns:
        """That side's figures of that kind; with `parts` those that only explain too.

        Words keep their codes. Rows that stand together are not copied.
        """
        mine = self.columns.by_reading(lambda reading: kind_of(reading) == kind)
        mine &= self.side == side
        return self.columns.take(_rows(mine if parts else mine & ~self.is_part))


def _rows(mine: Mask) -> Rows | slice:
    """The rows that are chosen; as a slice where they stand together."""
    rows = np.flatnonzero(mine)
    first, last = (int(rows[0]), int(rows[-1]) + 1) if len(rows) else (0, 0)
    return slice(first, last) if last - first == len(rows) else rows


def kind_of(reading: Reading) -> Kind:
    """The kind of figures that the reading is of."""
    return reading.level, reading.temporality


def known(posts: Iterable[Post], profiles: Iterable[Profile]) -> Known:
    """What these posts and profiles tell. Raises `InvalidQuery` where one id of a
    vendor stands for two accounts of a network."""
    accounts = _accounts(profiles)
    owners: dict[Ref, Ref] = {}
    created: dict[Ref, int] = {}
    names: dict[Ref, set[Ref]] = {}
    for post in posts:
        if not isinstance(post, Post):  # pyright: ignore[reportUnnecessaryIsInstance]  # whatever somebody gives
            raise InvalidQuery(f"posts holds {post!r}, which is not a Post")
        created[post.ref] = micros(post.created_at)
        for name in _other_names(post):
            names.setdefault(name, set()).add(post.ref)
        owner = accounts.get((post.ref.network, post.profile or ""))
        if owner is not None:
            owners[post.ref] = owner
    # What is a post's own id, or stands for two posts, is nobody's other name.
    own = {name: refs for name, refs in names.items() if name not in created}
    aliases = {name: ref for name, (ref, *more) in own.items() if not more}
    return Known(aliases=aliases, owners=owners, created=created)


def _accounts(profiles: Iterable[Profile]) -> dict[tuple[str, str], Ref]:
    found: dict[tuple[str, str], Ref] = {}
    for profile in profiles:
        if not isinstance(profile, Profile):  # pyright: ignore[reportUnnecessaryIsInstance]  # whatever somebody gives
            raise InvalidQuery(f"profiles holds {profile!r}, which is not a Profile")
        for name in (profile.vendor_id, profile.ref.native_id):
            before = found.setdefault((profile.ref.network, name), profile.ref)
            if before != profile.ref:
                raise InvalidQuery(
                    f"{name!r} is the id of two accounts, {before} and {profile.ref}; "
                    "compare them one at a time"
                )
    return found


def _other_names(post: Post) -> Iterator[Ref]:
    """The vendor's id and the permalink, as references that an export may have."""
    for name in (post.vendor_id, post.url):
        if name and name != post.ref.native_id and name == name.strip():
            yield Ref(post.ref.network, name)


def pool(
    sides: Sequence[tuple[str, MetricSeries]],
    parts: Sequence[MetricSeries],
    told: Known,
) -> Pool:
    """One set of columns. Parts belong to the first side that has figures of their
    vendor, else to none. Raises `InvalidQuery` for figures beyond all measure."""
    resolved = [(name, _resolved(series, told)) for name, series in sides]
    extra = [_resolved(series, told) for series in parts]
    pieces: list[tuple[int, bool, Columns]] = []
    seen: set[str] = set()
    for number, (_, columns) in enumerate(resolved):
        pieces.append((number, False, columns))
        vendors = {reading.vendor for reading in columns.used_readings()} - seen
        seen |= vendors
        pieces += [(number, True, each) for each in _of(extra, vendors.__contains__)]
    others = _of(extra, lambda vendor: vendor not in seen)
    pieces += [(len(sides), True, each) for each in others]
    return _pooled(tuple(name for name, _ in sides), pieces, told)


def _of(
    extra: Sequence[Columns], is_wanted: Callable[[str], bool]
) -> Iterator[Columns]:
    """What of each is of those vendors."""
    for columns in extra:
        kept = columns.take(columns.by_reading(lambda r: is_wanted(r.vendor)))
        if len(kept):
            yield kept


def _pooled(
    names: tuple[str, ...], pieces: Sequence[tuple[int, bool, Columns]], told: Known
) -> Pool:
    sizes = [len(columns) for _, _, columns in pieces]
    columns = within_limits(join([columns for _, _, columns in pieces]))
    columns, owner = _with_owners(columns, told.owners)
    return Pool(
        names=names,
        columns=columns,
        side=np.repeat(np.array([n for n, _, _ in pieces], np.int16), sizes),
        is_part=np.repeat(np.array([part for _, part, _ in pieces], np.bool_), sizes),
        owner=owner,
        created=_created(columns, told.created),
    )


def _with_owners(columns: Columns, owners: Mapping[Ref, Ref]) -> tuple[Columns, Codes]:
    """The columns with every owner and its posts among the subjects, those without a
    figure too, and the owner's code of each."""
    if not owners:
        return columns, np.full(len(columns.subjects), NOBODY, np.int32)
    codes = {ref: code for code, ref in enumerate(columns.subjects)}
    for ref in chain(owners, owners.values()):
        codes.setdefault(ref, len(codes))
    owner = np.full(len(codes), NOBODY, np.int32)
    for ref, own in owners.items():
        owner[codes[ref]] = codes[own]
    return attrs.evolve(columns, subjects=tuple(codes)), owner


def _created(columns: Columns, told: Mapping[Ref, int]) -> Instants:
    """When each subject was published: as posts say, else as lifetime totals do."""
    far = np.iinfo(np.int64).max
    found = np.full(len(columns.subjects), far, np.int64)
    lifetime = columns.by_reading(lambda reading: reading.temporality == "lifetime")
    np.minimum.at(found, columns.subject[lifetime], columns.start[lifetime])
    for code, ref in enumerate(columns.subjects) if told else ():
        found[code] = told.get(ref, found[code])
    return np.where(found == far, NONE, found)


def _resolved(series: MetricSeries, told: Known) -> Columns:
    """The columns with every subject under the reference that posts give it."""
    columns = series.columns
    if not told.aliases:
        return columns
    words, codes = recode(told.aliases.get(ref, ref) for ref in columns.subjects)
    return attrs.evolve(columns, subjects=words, subject=codes[columns.subject])
