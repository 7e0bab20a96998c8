"""How two figures relate, axis by axis, by the rules that are data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal

from socialmetrics.comparison.agreement import KNOWN, is_one_figure, state
from socialmetrics.comparison.phrases import phrase, unshared
from socialmetrics.comparison.result import Axis, Finding, Verdict, Where
from socialmetrics.comparison.rule import BADNESS, Days, Rule, State
from socialmetrics.reading import Reading

JUDGED: Final[tuple[Axis, ...]] = tuple(KNOWN)
"""The axes that two readings alone decide: every one but the freshness."""
_VERDICTS: Final[tuple[Verdict, ...]] = (
    "comparable",
    "comparable_after",
    "bounded",
    "unknown",
    "not_comparable",
)
_OTHER: Final[Mapping[Where, Where]] = {"left": "right", "right": "left"}

Turn = Literal["straight", "turned", "either"]


def judge(
    left: Reading, right: Reading, days: Days, rules: Sequence[Rule]
) -> Mapping[Axis, Finding]:
    """The finding on every axis in `JUDGED`, for two readings of one metric.

    `days` are the first and the last day that the figures cover. Of the rules that fit,
    an adapter's decides before the core's, then the more special one, then the worse
    answer, then the first. Raises `ValueError` where no rule decides an axis; the
    core's own leave none open.
    """
    states: dict[Axis, State] = {
        axis: state(axis, left, right, days) for axis in JUDGED
    }
    best: dict[Axis, tuple[Rule, Turn]] = {}
    for rule in rules:
        now = best.get(rule.axis)
        if rule.answer is None or (now and rule.rank <= now[0].rank):
            continue
        turn = _turn(rule, left, right, days, states)
        if turn:
            best[rule.axis] = rule, turn
    undecided = [f"{axis} ({states[axis]})" for axis in JUDGED if axis not in best]
    if undecided:
        raise ValueError(f"no rule decides {', '.join(undecided)}")
    return {axis: _finding(axis, *best[axis], left, right) for axis in JUDGED}


def verdict(findings: Iterable[Finding]) -> Verdict:
    """The worst of them, as a verdict; "unknown" without any.

    Something that differs for certain outweighs what nobody documents. Two orders that
    point to opposite sides bound nothing, so nothing is comparable then either.
    """
    told = tuple(findings)
    if not told:
        return "unknown"
    if {"left", "right"} <= {each.lesser for each in told}:
        return "not_comparable"
    return _VERDICTS[BADNESS[worst(told).answer]]


def worst(findings: Iterable[Finding]) -> Finding:
    """The finding that is farthest from "same", the first of several."""
    return max(findings, key=lambda each: BADNESS[each.answer])


def caveats(
    left: Reading, right: Reading, days: Days, rules: Sequence[Rule]
) -> tuple[Rule, ...]:
    """The notes on the two together or on one of them, those of adapters first."""
    found = [
        rule
        for rule in rules
        if rule.answer is None
        and (rule.concerns(left.metric) or rule.concerns(right.metric))
        and rule.is_in_force(days)
        and _ways(rule, left, right)
    ]
    return tuple(sorted(found, key=lambda rule: not rule.vendor))


def breaks(reading: Reading, days: Days, rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """The changes of meaning within these days, in order: there a series is cut.

    The day in `breaks_on` is the first of the new meaning.
    """
    found = [
        rule
        for rule in rules
        if rule.breaks_on is not None
        and rule.is_in_force(days)
        and rule.concerns(reading.metric)
        and rule.left.fits(reading)
    ]
    return tuple(sorted(found, key=lambda rule: str(rule.breaks_on)))


def _turn(
    rule: Rule,
    left: Reading,
    right: Reading,
    days: Days,
    states: Mapping[Axis, State],
) -> Turn | None:
    """Which way round the rule decides on these two; None where it does not."""
    if rule.axis not in states or not rule.concerns(left.metric):
        return None
    if rule.when and states[rule.axis] not in rule.when:
        return None
    if not rule.is_in_force(days):
        return None
    if rule.breaks_on is not None and is_one_figure(left, right):
        return None
    if rule.unless_net and (left.net or right.net):
        return None
    turn = _ways(rule, left, right)
    return None if rule.lesser and turn == "either" else turn


def _ways(rule: Rule, left: Reading, right: Reading) -> Turn | None:
    straight = rule.left.fits(left) and rule.right.fits(right)
    turned = rule.left.fits(right) and rule.right.fits(left)
    if straight and turned:
        return "either"
    if straight:
        return "straight"
    return "turned" if turned else None


def _finding(
    axis: Axis, rule: Rule, turn: Turn, left: Reading, right: Reading
) -> Finding:
    assert rule.answer is not None  # noqa: S101 - notes decide nothing
    lesser = rule.lesser
    if lesser and turn == "turned":
        lesser = _OTHER[lesser]
    return Finding(
        axis=axis,
        answer=rule.answer,
        text=_told(axis, rule, left, right),
        grounds=rule.grounds,
        lesser=lesser,
    )


def _told(axis: Axis, rule: Rule, left: Reading, right: Reading) -> str:
    """What the two say, and what the rule makes of it where it is not plain."""
    told = [phrase(axis, left, right)]
    if axis == "formula" and rule.answer == "different":
        told.append(unshared(left, right))
    if rule.answer != "same" or not rule.is_plain:
        told.append(rule.text)
    return " ".join(filter(None, told))
