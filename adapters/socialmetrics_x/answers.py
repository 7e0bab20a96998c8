"""Answers into blocks: the usual shape quickly, every other one patiently.

The usual answer is objects in objects in the order of our own grouping, with a whole
number as text at every end. It is decoded at once, without an object for every level.
Anything else (a word where a number should be, an hour nobody asked for) takes the
patient road, which reports what it cannot use.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, time
from functools import cache, lru_cache
from itertools import chain
from typing import Annotated, Any, Final, Protocol

import msgspec
import numpy as np
from msgspec.structs import astuple

from socialmetrics.decode import Answer, mend
from socialmetrics.model import Issue
from socialmetrics.reading import Status
from socialmetrics.typed import decoder
from socialmetrics_x.blocks import Block, Values
from socialmetrics_x.complaints import NOT_MEASURED, UNAVAILABLE, Complaints
from socialmetrics_x.grouped_tree import Leaf, leaves
from socialmetrics_x.groupings import METRIC, POST
from socialmetrics_x.layout import Table, table
from socialmetrics_x.parts import Step
from socialmetrics_x.requests import DAYS, FIGURES, HOURS, TOTALS
from socialmetrics_x.steps import hours

Root = dict[str, msgspec.Raw]
_LARGE: Final = 10.0**15
_Figure = Annotated[float, msgspec.Meta(gt=-_LARGE, lt=_LARGE)]
_NAN: Final = float("nan")
KNOWN: Final = frozenset({UNAVAILABLE, *NOT_MEASURED})
_UNFIT: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


@lru_cache(maxsize=64)
def _totals(names: tuple[str, ...]) -> type[msgspec.Struct]:
    """The totals of a post: a field a metric. What nobody asked for is left out."""
    spelled = {f"metric_{number}": name for number, name in enumerate(names)}
    fields = [(field, _Figure, _NAN) for field in spelled]
    return msgspec.defstruct("Totals", fields, rename=spelled, gc=False)


@cache
def _hours() -> type[msgspec.Struct]:
    """A day of an answer: a field an hour. Sixty times as many objects otherwise."""
    fields = [(f"at_{hour:02}", _Figure, _NAN) for hour in range(24)]
    return msgspec.defstruct(
        "Hours",
        fields,
        rename=lambda name: name.removeprefix("at_"),
        forbid_unknown_fields=True,
        gc=False,  # It holds numbers alone.
    )


def levels(endpoint: str, step: Step) -> tuple[str, ...]:
    """The levels that our own grouping has there."""
    if endpoint == "totals":
        return TOTALS
    return HOURS if step == "hour" else DAYS


def fill(
    block: Block, answer: Answer[Root], step: Step, complaints: Complaints
) -> tuple[Issue, ...]:
    """Puts an answer's figures into the block, and notes what became of every post.

    Returns what is odd about the answer.
    """
    issues = (*answer.issues, *_fill(block, answer, step))
    everything = tuple(block.names)
    listed = complaints.listed
    block.mark(complaints.ids(UNAVAILABLE), everything, Status.UNAVAILABLE)
    for key, names in NOT_MEASURED.items():
        block.mark(complaints.ids(key), names, Status.TOO_OLD)
    for key in listed.keys() - KNOWN:  # A new list names its metrics, as the old do.
        named = [name for name in everything if name in key]
        block.mark(listed[key], named, Status.NOT_REPORTED)
    return (*issues, *_odd(complaints))


def tree(raw: msgspec.Raw, path: str) -> tuple[object, tuple[Issue, ...]]:
    """A piece of an answer as plain values, and what had to be mended in it.

    It has only been found in the answer so far, not read; `path` is where. None for
    what cannot be mended.
    """
    with suppress(*_UNFIT):
        return decoder(object).decode(raw), ()
    try:
        mended, issues = mend(bytes(raw), path=path)
        return decoder(object).decode(mended), issues
    except (ValueError, RecursionError) as err:
        return None, (Issue(path=path, problem=str(err)),)


def _odd(complaints: Complaints) -> tuple[Issue, ...]:
    # What a text says without naming anything has no effect on any figure.
    is_named = complaints.listed or complaints.foreign or complaints.metrics
    told = complaints.others if is_named else complaints.texts
    lists = (
        Issue(path=f"$.{key}", problem="a list of posts", seen=", ".join(sorted(ids)))
        for key, ids in complaints.listed.items()
        if key not in KNOWN
    )
    texts = (Issue(path="$.errors", problem=text) for text in told)
    return (*texts, *lists)


def _fill(block: Block, answer: Answer[Root], step: Step) -> tuple[Issue, ...]:
    raw = answer.payload.get(FIGURES)
    if raw is None or not block.ids:
        block.mark(block.ids, block.names, Status.NOT_COLLECTED)
        return ()
    if block.endpoint == "totals":
        shape: _Shape = _Totals(block)
    else:
        shape = _Hours(block) if step == "hour" else _Days(block)
    with suppress(*_UNFIT):
        if _quickly(block, raw, shape):
            return ()
    block.values[:] = np.nan
    return tuple(_patiently(block, raw, shape))


_Pieces = dict[str, Any]


class _Shape(Protocol):
    """How the figures of one post and metric come, and how they become a row."""

    kind: Any
    whole: Any
    levels: tuple[str, ...]

    def row(self, piece: Any) -> Values | None:
        """A figure a step, NaN where there is none; None where something is odd."""
        ...


class _Totals:
    kind: Any = _Figure
    levels: tuple[str, ...] = ()

    def __init__(self, block: Block) -> None:
        post: Any = _totals(tuple(block.names))
        self.empty: msgspec.Struct = post()
        self.whole: Any = dict[str, post]

    def row(self, piece: float) -> Values:
        return np.array([piece])


class _Days:
    kind: Any = dict[str, _Figure]
    whole: Any = dict[str, dict[str, dict[str, _Figure]]]
    levels: tuple[str, ...] = DAYS[2:]

    def __init__(self, block: Block) -> None:
        self._keys = [day.isoformat() for day in block.steps.days]

    def row(self, piece: dict[str, float]) -> Values | None:
        came = [piece.pop(key, _NAN) for key in self._keys]
        return None if piece else np.array(came)


class _Hours:
    levels: tuple[str, ...] = HOURS[2:]

    def __init__(self, block: Block) -> None:
        day: Any = _hours()
        self.kind: Any = dict[str, day]
        self.whole: Any = dict[str, dict[str, dict[str, day]]]
        self._empty = day()
        days = list(dict.fromkeys(block.steps.days))
        self._keys = [day.isoformat() for day in days]
        self._begin = block.steps.hours_since(datetime.combine(days[0], time(), UTC))
        self._end = self._begin + len(block.steps)
        self._is_whole = len(days) * 24 == len(block.steps)

    def row(self, piece: dict[str, msgspec.Struct]) -> Values | None:
        days = [piece.pop(key, self._empty) for key in self._keys]
        numbers = chain.from_iterable(map(astuple, days))
        every = np.fromiter(numbers, np.float64, len(days) * 24)
        if piece or not (self._is_whole or self._fits(every)):
            return None
        return every[self._begin : self._end]

    def _fits(self, every: Values) -> bool:
        """Whether nothing came of hours outside of the steps."""
        outside = np.append(every[: self._begin], every[self._end :])
        return bool(np.isnan(outside).all())


def _quickly(block: Block, raw: msgspec.Raw, shape: _Shape) -> bool:
    if isinstance(shape, _Hours) and _at_once(block, table(raw)):
        return True
    found: _Pieces = decoder(shape.whole, strict=False).decode(raw)
    if isinstance(shape, _Totals):
        _all_totals(block, found, shape.empty)
        return True
    for native_id, name in _asked(block, found):
        row = shape.row(found[native_id][name])
        if row is None:
            return False
        block.put(native_id, name, row)
    return True


def _at_once(block: Block, found: Table | None) -> bool:
    """Whether all series were laid out alike, in hours of the block's."""
    if found is None:
        return False
    known = hours(block.steps)
    numbers = [known.get(key, -1) for key in found.hours]
    if min(numbers) < 0:
        return False
    _note_absent(block, {native_id for native_id, _, _ in found.rows})
    is_run = numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    places = slice(numbers[0], numbers[-1] + 1) if is_run else numbers
    for native_id, name, row in found.rows:
        if native_id in block.ids and name in block.names:
            block.values[block.ids[native_id], block.names[name], places] = row
    return True


def _all_totals(block: Block, found: _Pieces, empty: msgspec.Struct) -> None:
    """At once: an array for every single figure would take several times as long."""
    posts = [*found.values()]
    if [*found] != [*block.ids]:  # They nearly always come as they were asked for.
        _note_absent(block, found)
        posts = [found.get(native_id, empty) for native_id in block.ids]
    count = len(block.ids) * len(block.names)
    every = np.fromiter(chain.from_iterable(map(astuple, posts)), np.float64, count)
    block.values[:, :, 0] = every.reshape(len(block.ids), -1)


def _asked(
    block: Block, found: Mapping[str, Mapping[str, object]]
) -> Iterator[tuple[str, str]]:
    """The posts and metrics that were asked for and came. The API sends others too."""
    _note_absent(block, found)
    for native_id in block.ids:
        for name in found.get(native_id, {}):
            if name in block.names:
                yield native_id, name


def _note_absent(block: Block, found: Container[str]) -> None:
    absent = [native_id for native_id in block.ids if native_id not in found]
    block.mark(absent, block.names, Status.NOT_COLLECTED)


def _patiently(block: Block, raw: msgspec.Raw, shape: _Shape) -> Iterator[Issue]:
    """Post by post and metric by metric: what is odd costs no other one."""
    kind = dict[str, dict[str, msgspec.Raw]]
    try:
        found = decoder(kind).decode(raw)
    except _UNFIT:
        yield from _walk(block, raw, (POST, METRIC, *shape.levels), ())
        return
    for native_id, name in _asked(block, found):
        piece = found[native_id][name]
        row = None
        with suppress(*_UNFIT):
            row = shape.row(decoder(shape.kind, strict=False).decode(piece))
        if row is not None:
            block.put(native_id, name, row)
        else:
            yield from _walk(block, piece, shape.levels, (native_id, name))


def _walk(
    block: Block, raw: msgspec.Raw, below: tuple[str, ...], above: tuple[str, ...]
) -> Iterator[Issue]:
    """Every leaf by itself; what is no figure that was asked for is an issue."""
    path = ".".join(("$", FIGURES, *above))
    seen: set[str] = set(above[:1])
    found, issues = tree(raw, path)
    yield from issues
    for leaf in leaves(found, below, path):
        if isinstance(leaf, Issue):
            yield leaf
            continue
        native_id, name = above or (str(leaf.key[0]), str(leaf.key[1]))
        seen.add(native_id)
        if not _put(block, leaf, native_id, name):
            problem = "a figure that nobody asked for"
            yield Issue(path=leaf.path, problem=problem, seen=str(leaf.value))
    if not above:
        _note_absent(block, seen)


def _put(block: Block, leaf: Leaf, native_id: str, name: str) -> bool:
    _, _, day, hour = leaf.key
    place: int | None = 0
    if day is not None:
        begin = datetime.combine(day, time(hour or 0), UTC)
        place = block.steps.position(begin, is_day=hour is None)
    if place is None or native_id not in block.ids:
        return False
    if name in block.names:  # The API sends metrics that nobody asked for.
        block.values[block.ids[native_id], block.names[name], place] = leaf.value
    return True
