"""Which tool's figure answers which question, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from math import inf
from typing import Final, TypeAlias

import attrs
import numpy as np

from socialmetrics.comparison.composition import is_told, made
from socialmetrics.comparison.lots import Lot, lots
from socialmetrics.comparison.questions import Criterion, Question, questions
from socialmetrics.comparison.result import Advice, Coverage
from socialmetrics.reading import Level, Reading, Temporality
from socialmetrics.series.columns import STATUSES, Columns, ints, micros, moment
from socialmetrics.window import Window

HOUR: Final = 3600.0
DAY: Final = 24 * HOUR

Said: TypeAlias = tuple[str, Columns, Window | None]
"""A tool's name, its figures, and the window that was asked for."""
Known: TypeAlias = Mapping[tuple[str, Level, Temporality, str], Coverage]
"""The coverage by tool, level, temporality and metric."""


@attrs.frozen(kw_only=True, eq=False)
class _Tool:
    """One tool: all readings that it has figures of, and those with observed ones."""

    name: str
    columns: Columns
    window: Window | None
    readings: tuple[Reading, ...]
    observed: tuple[Lot, ...]


@attrs.frozen(kw_only=True, eq=False)
class _Offer:
    """One tool's answer to a question, and what speaks for it.

    `share` is that of the subjects that have a figure. Instants are UTC.
    """

    name: str
    question: Question
    level: Level
    readings: tuple[Reading, ...]
    share: float
    settled: datetime | None
    fresh: datetime


@attrs.frozen
class _Measure:
    """How good an offer is by one criterion, and what is said of one that is worse by
    more than `tolerance`."""

    score: Callable[[_Offer], float]
    tolerance: float
    text: Callable[[_Offer], str]


def advice(sides: Sequence[Said], coverage: Sequence[Coverage]) -> tuple[Advice, ...]:
    """For every metric and every question that makes sense of it, the tool to take.

    `coverage` is what `coverage` makes of the same figures. Of equals the first tool
    is named, and the reason tells of the others.
    """
    tools = [_tool(number, said) for number, said in enumerate(sides)]
    known: Known = {
        (each.name, each.level, each.temporality, each.metric): each
        for each in coverage
    }
    metrics = dict.fromkeys(r.metric for tool in tools for r in tool.readings)
    return tuple(
        _advice(question, metric, tools, known)
        for metric in metrics
        for question in questions()
        if question.suits(metric)
    )


def _tool(number: int, said: Said) -> _Tool:
    name, columns, window = said
    return _Tool(
        name=name,
        columns=columns,
        window=window,
        readings=columns.used_readings(),
        observed=tuple(lots(number, columns)),
    )


def _advice(
    question: Question, metric: str, tools: Sequence[_Tool], known: Known
) -> Advice:
    offers: list[_Offer] = []
    objections: list[str] = []
    for tool in tools:
        found = _answering(question, metric, tool)
        if isinstance(found, str):
            objections.append(f"{tool.name} {found}.")
        else:
            offers.append(_offer(question, tool.name, found, known))
    best, told = _best(question, offers)
    return Advice(
        metric=metric,
        question=question.id,
        title=question.title,
        name=best,
        reason=" ".join([*told, *objections]),
    )


def _answering(question: Question, metric: str, tool: _Tool) -> list[Lot] | str:
    """The tool's figures that answer the question, or why it has none."""
    readings = [each for each in tool.readings if each.metric == metric]
    if not readings:
        return "has no figure of it"
    if not any(map(question.is_answered_by, readings)):
        return question.objection(readings)
    found = [lot for lot in tool.observed if lot.reading.metric == metric]
    found = [lot for lot in found if question.is_answered_by(lot.reading)]
    if not found:
        return f"has no value of it ({_statuses(question, metric, tool.columns)})"
    window = tool.window if question.published_in_window else None
    if window is not None:
        found = [lot for lot in found if _has_posts_of(lot, window)]
    return found or "has only posts that were published before or after"


def _offer(
    question: Question, name: str, answering: Sequence[Lot], known: Known
) -> _Offer:
    there: set[Level] = {lot.reading.level for lot in answering}
    level = min(there, key=question.levels.index)
    found = [lot for lot in answering if lot.reading.level == level]
    first = found[0].reading
    covered = known.get((name, level, first.temporality, first.metric))
    return _Offer(
        name=name,
        question=question,
        level=level,
        readings=tuple(lot.reading for lot in found),
        share=covered.reported / covered.subjects if covered else 0.0,
        settled=covered.settled_through if covered else None,
        fresh=moment(max(map(_freshest, found))),
    )


def _statuses(question: Question, metric: str, columns: Columns) -> str:
    mine = columns.by_reading(
        lambda r: r.metric == metric and question.is_answered_by(r)
    )
    codes = np.unique(columns.status[mine])
    return ", ".join(STATUSES[code] for code in ints(codes))


def _has_posts_of(lot: Lot, window: Window) -> bool:
    start = lot.columns.start[lot.rows]
    inside = (start >= micros(window.start)) & (start < micros(window.end))
    return bool(inside.any())


def _freshest(lot: Lot) -> int:
    """The last instant of which the lot knows: of levels the one they are of."""
    if lot.reading.temporality == "instant":
        return int(np.minimum(lot.read, lot.columns.end[lot.rows]).max())
    return int(lot.read.max())


def _best(question: Question, offers: Sequence[_Offer]) -> tuple[str | None, list[str]]:
    """The tool to take, and the reasons: those against the others, in their order."""
    left, told = _side_by_side(offers), list[str]()
    for criterion in question.prefer if offers else ():
        measure = _MEASURES[criterion]
        best = max(map(measure.score, left))
        worse = [o for o in left if best - measure.score(o) > measure.tolerance]
        told += map(measure.text, worse)
        left = [offer for offer in left if offer not in worse]
    if not left:
        return None, []
    equal = [f"{offer.name} does as well." for offer in left[1:]]
    return left[0].name, [question.because, *told, *equal]


def _side_by_side(offers: Sequence[_Offer]) -> list[_Offer]:
    """The offers by what they say of the networks that all of them have, if any: a tool
    is no worse for what it says of others."""
    networks = [{each.network for each in offer.readings} for offer in offers]
    common = set[str].intersection(*networks) if networks else set[str]()
    return [
        attrs.evolve(
            offer,
            readings=tuple(
                each for each in offer.readings if each.network in common or not common
            ),
        )
        for offer in offers
    ]


def _level(offer: _Offer) -> float:
    return -offer.question.levels.index(offer.level)


def _has_all(offer: _Offer, has: Callable[[Reading], bool]) -> float:
    return float(all(map(has, offer.readings)))


def _is_composed(reading: Reading) -> bool:
    return made(reading) is not None or is_told(reading)


def _seconds(at: datetime | None) -> float:
    return -inf if at is None else at.timestamp()


def _share(offer: _Offer) -> str:
    return f"{offer.name} has figures of {offer.share:.0%} of the {offer.level}s only."


def _settled(offer: _Offer) -> str:
    if offer.settled is None:
        return f"All that {offer.name} has may still change."
    since = f"{offer.settled:%Y-%m-%d %H:%M} UTC"
    return f"{offer.name} has no settled figure after {since}."


def _fresh(offer: _Offer) -> str:
    return f"What {offer.name} has is only of {offer.fresh:%Y-%m-%d %H:%M} UTC."


_MEASURES: Final[Mapping[Criterion, _Measure]] = {
    "level": _Measure(
        _level,
        0.0,
        lambda offer: (
            f"{offer.name} has it of single {offer.level}s: their sum lacks others."
        ),
    ),
    "zone": _Measure(
        lambda offer: _has_all(offer, lambda reading: reading.zone is not None),
        0.0,
        lambda offer: f"Nobody states the zone of {offer.name}'s days.",
    ),
    "composition": _Measure(
        lambda offer: _has_all(offer, _is_composed),
        0.0,
        lambda offer: f"Nobody states what {offer.name} adds up.",
    ),
    "scope": _Measure(
        lambda offer: _has_all(offer, lambda reading: reading.scope != "unknown"),
        0.0,
        lambda offer: f"Nobody states whether {offer.name} counts paid distribution.",
    ),
    "coverage": _Measure(lambda offer: offer.share, 0.01, _share),
    "settled": _Measure(lambda offer: _seconds(offer.settled), DAY, _settled),
    "freshness": _Measure(lambda offer: _seconds(offer.fresh), HOUR, _fresh),
}
