"""What two readings say on an axis, in a sentence for an analyst."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Final

from socialmetrics import ontology
from socialmetrics.comparison.composition import is_told, made
from socialmetrics.comparison.result import Axis
from socialmetrics.reading import Reading

SCOPES: Final[Mapping[str, str]] = {
    "organic": "organic only",
    "paid": "paid only",
    "total": "organic and paid together",
    "unknown": "of undocumented scope",
}
DATE_AXES: Final[Mapping[str, str]] = {
    "activity": "by the day on which it happened",
    "publish": "by the day on which the post was published",
    "observed": "as it stood at one moment",
}
TEMPORALITIES: Final[Mapping[str, str]] = {
    "period": "what happened within the window",
    "lifetime": "everything since publication",
    "instant": "the level at one moment",
}
LEVELS: Final[Mapping[str, str]] = {
    "profile": "all of the profile",
    "post": "single posts",
    "message": "single messages",
    "topic": "all messages of a topic",
}
_SIGNS: Final[Mapping[str, str]] = {"-": "less", "/": "by"}


def phrase(axis: Axis, left: Reading, right: Reading) -> str:
    """What the two say on that axis: a sentence, with a capital and a full stop."""
    one, other = PHRASES[axis](left), PHRASES[axis](right)
    if one == other:
        return _sentence(f"{one} on both sides")
    return _sentence(f"{one} on the left, {other} on the right")


def unshared(left: Reading, right: Reading) -> str:
    """What one sum has and the other has not, as a sentence; "" where nothing."""
    one, other = made(left), made(right)
    if one is None or other is None or {one.sign, other.sign} != {"+"}:
        return ""
    sides = (("left", one, other), ("right", other, one))
    told = [
        f"only the {side} has {listed(own)}"
        for side, this, that in sides
        if (own := [each for each in this.left if each not in that.left])
    ]
    return _sentence(", ".join(told)) if told else ""


def listed(metrics: Collection[str]) -> str:
    """Canonical metrics by their titles: "likes, comments and reposts"."""
    *some, last = [_title(each) for each in metrics]
    return f"{', '.join(some)} and {last}" if some else last


def _formula(reading: Reading) -> str:
    found = made(reading)
    if found is None:
        return reading.composition if is_told(reading) else "undocumented parts"
    whole = listed(found.left)
    if found.sign == "+":
        return whole
    return f"{whole} {_SIGNS[found.sign]} {listed(found.right)}"


def _counting(reading: Reading) -> str:
    unique = reading.counting == "unique"
    told = "every person counted once" if unique else "every event counted"
    return f"{told} and what is taken back subtracted" if reading.net else told


def _threshold(reading: Reading) -> str:
    if not reading.threshold:
        return "no threshold stated"
    return f'counted by the rule "{reading.threshold}"'


def _zone(reading: Reading) -> str:
    return f"days of {reading.zone}" if reading.zone else "days of a zone nobody states"


def _title(metric: str) -> str:
    title = ontology.metric(metric).title
    return title[0].lower() + title[1:]


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


PHRASES: Final[Mapping[Axis, Callable[[Reading], str]]] = {
    "formula": _formula,
    "scope": lambda reading: SCOPES[reading.scope],
    "date_axis": lambda reading: DATE_AXES[reading.date_axis],
    "temporality": lambda reading: TEMPORALITIES[reading.temporality],
    "counting": _counting,
    "threshold": _threshold,
    "population": lambda reading: LEVELS[reading.level],
    "day_zone": _zone,
}
"""How a reading's part of the sentence is made."""
