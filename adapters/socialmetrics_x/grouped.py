"""Many answers to one question in the API's own words, merged into one.

The question is cut by posts and by windows; every answer covers one piece. Counts add
over pieces that share nothing. What a piece lacks is told, never taken for zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Final, TypeAlias

import attrs

from socialmetrics.model import Issue
from socialmetrics_x.complaints import LISTS, NOT_MEASURED, complaints
from socialmetrics_x.grouped_tree import (
    Key,
    Leaf,
    by_number,
    is_id,
    is_list,
    leaves,
    rank,
    seen,
)
from socialmetrics_x.groupings import DAY, METRIC, POST

FOREIGN: Final = "forbidden"
"""In `Grouped.listed`: posts of somebody else, which the API tells in a text."""
_SPAN: Final = ("start", "end")
_Sum: TypeAlias = int | Fraction  # Fractions add up the same in any order.


@attrs.frozen(kw_only=True)
class Row:
    """The figure at one leaf; None for each level that the grouping does not have.

    `day` and `hour` are UTC. An hour without a day is that hour of all days together.
    """

    post: str | None
    metric: str | None
    day: date | None
    hour: int | None
    value: int | float


@attrs.frozen(kw_only=True)
class Grouped:
    """All answers as one.

    `rows` are by grouping, sorted by post (as a number), metric, day and hour, None
    first. `start` and `end` (UTC) are the outermost that answers told, None on totals.
    `listed` are posts by the API's own list, by `FOREIGN`, or by the reason given to
    `Merge.leave_out`. `partial` are by grouping the posts of which its sums lack
    something, over posts, metrics or time; a grouping without such posts is absent.
    """

    rows: Mapping[str, tuple[Row, ...]]
    start: datetime | None
    end: datetime | None
    listed: Mapping[str, tuple[str, ...]]
    partial: Mapping[str, tuple[str, ...]]
    issues: tuple[Issue, ...]


@attrs.define
class Merge:
    """Takes answers in any order. `is_total` tells that they are of totals.

    The groupings are those of the request, checked. An equal issue is kept once.
    """

    groupings: Mapping[str, tuple[str, ...]]
    is_total: bool = attrs.field(kw_only=True)
    _sums: dict[str, dict[Key, _Sum]] = attrs.field(init=False)
    _listed: dict[str, set[str]] = attrs.field(init=False, factory=dict[str, set[str]])
    _spans: dict[str, set[datetime]] = attrs.field(init=False)
    _issues: set[Issue] = attrs.field(init=False, factory=set[Issue])

    def __attrs_post_init__(self) -> None:
        self._sums = {name: {} for name in self.groupings}
        self._spans = {name: set() for name in _SPAN}

    def add(self, root: Mapping[str, object]) -> None:
        """Adds one answer, the root of its JSON. Raises nothing; see the issues.

        Answers must not overlap. Where that can be seen (a post of totals, or a post's
        hour of a day, that comes again) the last figure stands and an issue tells it.
        """
        for name in self.groupings:
            if name in root:
                self._add_tree(name, root[name])
            else:
                self._note(f"$.{name}", "the answer lacks this grouping")
        if not self.is_total:
            self._add_span(root)
        for key in root.keys() - self.groupings.keys() - set(_SPAN):
            self._add_other(key, root[key])

    def leave_out(self, reason: str, ids: Iterable[str]) -> None:
        """Tells of posts that no answer will cover, or not for the whole time.

        The reason becomes a key of `Grouped.listed`.
        """
        self._listed.setdefault(reason, set()).update(ids)

    def result(self) -> Grouped:
        """What the answers so far say together; more may be added afterwards."""
        rows = {name: self._rows(name) for name in self.groupings}
        partial = {name: by_number(self._lacking(name)) for name in self.groupings}
        issues = self._issues.union(*map(self._doubts, self.groupings))
        return Grouped(
            rows=rows,
            start=min(self._spans["start"], default=None),
            end=max(self._spans["end"], default=None),
            listed={key: by_number(ids) for key, ids in sorted(self._listed.items())},
            partial={name: ids for name, ids in partial.items() if ids},
            issues=tuple(sorted(issues, key=attrs.astuple)),
        )

    def _add_tree(self, name: str, tree: object) -> None:
        sums = self._sums[name]
        for found in leaves(tree, self.groupings[name], f"$.{name}"):
            if isinstance(found, Issue):
                self._issues.add(found)
            elif found.key in sums and self._is_single(found.key):
                self._note(found.path, "came again; the last one stands")
                sums[found.key] = _exact(found)
            else:
                sums[found.key] = sums.get(found.key, 0) + _exact(found)

    def _is_single(self, key: Key) -> bool:
        """Pieces are cut at full hours, so an hour of a post is in one of them only."""
        post, _, day, hour = key
        is_moment = day is not None and hour is not None
        return post is not None and (self.is_total or is_moment)

    def _add_span(self, root: Mapping[str, object]) -> None:
        for name in _SPAN:
            moment = _moment(root.get(name))
            if moment is None:
                told = seen(root[name]) if name in root else ""
                self._note(f"$.{name}", "no moment with a zone", told)
            else:
                self._spans[name].add(moment)

    def _add_other(self, key: str, value: object) -> None:
        is_ids = LISTS.fullmatch(key) is not None
        if key != "errors" and not is_ids:
            self._note(f"$.{key}", "an unknown key", seen(value))
        elif not is_list(value):
            self._note(f"$.{key}", "no list", seen(value))
        elif is_ids:
            self._add_ids(key, value, f"$.{key}")
        else:
            self._add_errors(value)

    def _add_errors(self, errors: list[object]) -> None:
        path = "$.errors"
        said = complaints(errors, {})
        for foreign in said.foreign:
            self._add_ids(FOREIGN, foreign.ids, path)
        for name in said.metrics:
            self._note(path, "the app may not see this metric", name)
        for text in said.others:
            self._note(path, "the API complains", text)
        if said.is_limited:
            self._note(path, "the rate limit was met")

    def _add_ids(self, key: str, ids: Iterable[object], path: str) -> None:
        for each in ids:
            if is_id(str(each)):
                self.leave_out(key, [str(each)])
            else:
                self._note(path, "no id of a post", seen(each))

    def _note(self, path: str, problem: str, told: str = "") -> None:
        self._issues.add(Issue(path=path, problem=problem, seen=told))

    def _rows(self, name: str) -> tuple[Row, ...]:
        sums = self._sums[name]
        dropped = self._not_measured(name)
        return tuple(_row(k, sums[k]) for k in sorted(sums.keys() - dropped, key=rank))

    def _not_measured(self, name: str) -> set[Key]:
        """Zeros that stand for nothing, because their posts are listed."""
        voids = {
            (post, metric)
            for key, metrics in NOT_MEASURED.items()
            for post in self._listed.get(key, ())
            for metric in metrics
        }
        sums = self._sums[name]
        return {key for key, value in sums.items() if not value and key[:2] in voids}

    def _lacking(self, name: str) -> set[str]:
        """The posts that are in only a part of what its sums go over."""
        levels = self.groupings[name]
        some = set[str]().union(*(self._listed.get(key, ()) for key in NOT_MEASURED))
        rest = (ids for key, ids in self._listed.items() if key not in NOT_MEASURED)
        gone = set[str]().union(*rest)
        if POST not in levels:
            return some | gone
        over_metrics = some if METRIC not in levels else set[str]()
        over_time = gone if DAY not in levels and not self.is_total else set[str]()
        return (over_metrics | over_time) & {key[0] or "" for key in self._sums[name]}

    def _doubts(self, name: str) -> set[Issue]:
        sums, told = self._sums[name], dict[str, str]()
        if lacking := self._lacking(name):
            told[f"its sums lack figures of {len(lacking)} posts"] = _few(lacking)
        if dropped := self._not_measured(name):
            posts = {key[0] or "" for key in dropped}
            told[f"{len(dropped)} zeros left out that were not measured"] = _few(posts)
        if len({day is None for _, _, day, _ in sums}) > 1:
            told["hours of all days and of single days; they are apart"] = ""
        return {Issue(path=f"$.{name}", problem=p, seen=ids) for p, ids in told.items()}


def _exact(leaf: Leaf) -> _Sum:
    return Fraction(leaf.value) if isinstance(leaf.value, float) else leaf.value


def _row(key: Key, value: _Sum) -> Row:
    post, metric, day, hour = key
    told = value if isinstance(value, int) else float(value)
    return Row(post=post, metric=metric, day=day, hour=hour, value=told)


def _moment(told: object) -> datetime | None:
    if not isinstance(told, str):
        return None
    try:
        found = datetime.fromisoformat(told)
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _few(ids: Iterable[str]) -> str:
    first, *others = by_number(ids)
    return f"{first} and {len(others)} more" if others else first
