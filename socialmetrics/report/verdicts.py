"""What is said of two figures, in words: the verdict, its reasons, how many agree."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from socialmetrics.comparison.result import (
    ANSWERS,
    AXES,
    Answer,
    Conversion,
    Finding,
    Row,
    Summary,
    Verdict,
    Where,
)
from socialmetrics.report.words import listed, plural, spaced
from socialmetrics.strangers import plain

Pair: TypeAlias = Row | Summary

SIGNS: Final[Mapping[Verdict, str]] = {
    "comparable": "=",
    "comparable_after": "\N{LEFTWARDS ARROW OVER RIGHTWARDS ARROW}",
    "bounded": "\N{LESS-THAN OR EQUAL TO}",
    "not_comparable": "\N{NOT EQUAL TO}",
    "unknown": "?",
}
WORDS: Final[Mapping[Verdict, str]] = {
    "comparable": "comparable",
    "comparable_after": "comparable after conversion",
    "bounded": "bounded",
    "not_comparable": "not comparable",
    "unknown": "unknown",
}
_SIDES: Final = re.compile(
    r"\b(on )?the (left|right)(?: side| figure| one)?\b", re.IGNORECASE
)
_REASONS: Final[Mapping[Verdict, Answer]] = {
    "comparable_after": "convertible",
    "bounded": "ordered",
    "not_comparable": "different",
    "unknown": "unknown",
}
_CLAIMS: Final[Mapping[Verdict, str]] = {
    "comparable": "{both} can be set side by side",
    "comparable_after": "{both} can be compared after a conversion of",
    "bounded": "{both} differ in a known direction",
    "not_comparable": "{both} cannot be set side by side",
    "unknown": "Whether {both} can be compared is not known",
}


def sentence(pair: Pair) -> str:
    """The verdict on two tools as a sentence, with the axes that decided it."""
    both = f"{plain(pair.left_name)} and {plain(pair.right_name)}"
    claim = bound(pair) or _CLAIMS[pair.verdict].format(both=both)
    axes = [f"the {spaced(each.axis)}" for each in deciding(pair)]
    if not axes:
        return f"{claim.removesuffix(' of')}."
    joint = " " if pair.verdict == "comparable_after" else ", because of "
    return f"{claim}{joint}{listed(axes)}."


def reasons(pair: Pair) -> list[str]:
    """What was found on the axes that decided the verdict, each as a sentence."""
    return [
        f"{spaced(each.axis).capitalize()}: {told_of(each.text, pair)}"
        for each in deciding(pair)
    ]


def told_of(text: str, pair: Pair) -> str:
    """A text on "the left" and "the right" with the names of the tools instead, and
    with a full stop."""
    names = {"left": plain(pair.left_name), "right": plain(pair.right_name)}
    told = _SIDES.sub(
        lambda found: f"{'at ' if found[1] else ''}{names[found[2]]}", plain(text)
    )
    return told if told.endswith((".", "?", "!")) or not told else f"{told}."


def bound(pair: Pair) -> str:
    """Which tool can never be above the other; "" where that is not the verdict."""
    side = lesser(pair)
    if side is None:
        return ""
    names = plain(pair.left_name), plain(pair.right_name)
    low, high = names if side == "left" else names[::-1]
    return f"{low} can never be above {high}"


def lesser(pair: Pair) -> Where | None:
    """The side that can never be above the other, where one verdict says so."""
    sides: set[Where] = {each.lesser for each in deciding(pair) if each.lesser}
    return sides.pop() if pair.verdict == "bounded" and len(sides) == 1 else None


def deciding(pair: Pair) -> list[Finding]:
    """The findings that made the verdict what it is."""
    wanted = _REASONS.get(pair.verdict)
    found = [pair.axes[axis] for axis in AXES if axis in pair.axes]
    deciders = [each for each in found if each.answer == wanted]
    if not deciders and pair.verdict == "not_comparable":
        # Two orders that point to opposite sides.
        return [each for each in found if each.answer == "ordered"]
    return deciders


def tally(summary: Summary) -> str:
    """How many pairs of figures there are, and how many of them agree."""
    counts_ = (
        (summary.equal, "the same"),
        (summary.valued - summary.equal, "different"),
        (summary.rows - summary.valued, "without one of the values"),
    )
    told = ", ".join(f"{count:,} {word}" for count, word in counts_ if count)
    alone = (
        (summary.left_name, summary.only_left),
        (summary.right_name, summary.only_right),
    )
    tail = [f"; {count:,} only at {plain(name)}" for name, count in alone if count]
    return f"{plural(summary.rows, 'pair')} of figures: {told or 'none'}{''.join(tail)}"


def answers(axes: Sequence[Finding]) -> str:
    """How many axes have each answer: "7 same, 2 different"."""
    told = [each.answer for each in axes]
    found = [f"{told.count(each)} {each}" for each in ANSWERS if each in told]
    return ", ".join(found) or "nothing was found"


def side_of(step: Conversion, pair: Pair) -> str:
    """Whose figures a conversion changed."""
    names = {"left": pair.left_name, "right": pair.right_name}
    return plain(names.get(step.side, "both"))
