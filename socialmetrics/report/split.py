"""How a gap between two figures is split: from the left one, cause by cause, on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

import attrs

from socialmetrics.comparison.result import Basis, Number, Row
from socialmetrics.reading import Unit
from socialmetrics.report import verdicts, words
from socialmetrics.strangers import plain

Kind: TypeAlias = Literal["left", "cause", "unexplained", "right"]


@attrs.frozen(kw_only=True)
class Step:
    """A line of a split: what it is, what it adds, and what that comes to.

    `before` and `after` are the running figures; `low` and `high` bound the amount
    where only bounds are known (None: open).
    """

    kind: Kind
    name: str
    text: str
    amount: Number
    before: Number
    after: Number
    basis: Basis = "computed"
    low: Number | None = None
    high: Number | None = None


def has_gap(row: Row) -> bool:
    """Whether there is something to split."""
    return bool(row.gap) or any(cause.amount for cause in row.causes)


def remark(row: Row) -> str:
    """What the two values say of each other: "same figure", "gap −12 (−3 %)", or
    whether an order holds; "" where one is missing."""
    if row.left is None or row.right is None:
        return ""
    lesser = verdicts.lesser(row)
    if lesser is not None:
        ends = (row.left, row.right) if lesser == "left" else (row.right, row.left)
        low, high = (words.number(each, unit(row)) for each in ends)
        return f"{low} \u2264 {high} {'holds' if ends[0] <= ends[1] else 'is broken'}"
    if not row.gap:
        return "same figure"
    return f"gap {_with_share(row)}"


def _with_share(row: Row) -> str:
    gap = words.number(row.gap or 0, unit(row), signed=True)
    part = words.share(row.gap or 0, row.left or 0)
    return f"{gap} ({part})" if part else gap


def size(row: Row) -> Number:
    """How large a gap is."""
    return abs(row.gap or 0)


def unit(row: Row) -> Unit:
    """What both figures are counted in."""
    return row.left_reading.unit


def steps(row: Row) -> Iterator[Step]:
    """The left figure, the causes in order, what is unexplained, the right figure."""
    left, right = row.left or 0, row.right or 0
    yield _end("left", row.left_name, left)
    running = left
    for cause in row.causes:
        yield Step(
            kind="cause",
            name=words.spaced(cause.name),
            text=verdicts.told_of(cause.text, row),
            amount=cause.amount,
            before=running,
            after=running + cause.amount,
            basis=cause.basis,
            low=cause.low,
            high=cause.high,
        )
        running += cause.amount
    rest = row.unexplained or 0
    yield Step(
        kind="unexplained",
        name="unexplained",
        text="No cause accounts for it; it is never spread over them." if rest else "",
        amount=rest,
        before=running,
        after=right,
    )
    yield _end("right", row.right_name, right)


def _end(kind: Kind, name: str, value: Number) -> Step:
    return Step(
        kind=kind,
        name=plain(name),
        text="",
        amount=value,
        before=0,
        after=value,
    )


def in_terms(row: Row) -> str:
    """What the left figure is in the right one's terms, where it was converted."""
    if row.verdict != "comparable_after" or row.converted in {None, row.left}:
        return ""
    told = words.number(row.converted or 0, unit(row))
    return (
        f"In the terms of {plain(row.right_name)}, {plain(row.left_name)} says {told}."
    )


def is_vague(row: Row) -> bool:
    """Whether the size of a cause is not known exactly."""
    return any(cause.basis != "computed" for cause in row.causes)


def bounds(step: Step, unit: Unit) -> str:
    """What is known of an amount that has bounds: "from −110 to 0"; else ""."""
    low, high = (
        None if each is None else words.number(each, unit, signed=True)
        for each in (step.low, step.high)
    )
    if low and high:
        return f"from {low} to {high}"
    if low or high:
        return f"at least {low}" if low else f"at most {high}"
    return ""


def headline(row: Row) -> str:
    """Why the two figures differ, as a title: "Why A says 924 and B says 2,261"."""
    kind = unit(row)
    left, right = words.number(row.left or 0, kind), words.number(row.right or 0, kind)
    return (
        f"Why {plain(row.left_name)} says {left} "
        f"and {plain(row.right_name)} says {right}"
    )


def outcome(row: Row) -> str:
    """How far the gap is explained, as a sentence."""
    whole = f"The gap is {_with_share(row)}"
    if row.unexplained and not any(cause.amount for cause in row.causes):
        return f"{whole}, and none of it is explained."
    if row.unexplained:
        rest = words.number(row.unexplained, unit(row), signed=True)
        return f"{whole}; {rest} of it stays unexplained."
    tail = "; some of its causes are known within bounds only."
    return whole + (tail if is_vague(row) else ", and its causes explain all of it.")
