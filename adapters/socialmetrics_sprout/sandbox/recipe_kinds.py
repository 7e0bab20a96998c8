"""The forms in which a figure can be made of the world's truth."""

from __future__ import annotations

from typing import Literal

import attrs

from socialmetrics.sandbox.measures import Scope

Level = Literal["profile", "post"]
Presence = Literal["any", "video", "visual", "story", "poll", "photo"]
Term = tuple[str, Scope | None]


@attrs.frozen
class Counts:
    """A sum of measures, or the distinct people behind it. None: the usual scope.

    `per` divides it; `only` names the posts that have the key at all.
    """

    terms: tuple[Term, ...]
    unique: bool = False
    per: int = 1
    only: Presence = "any"


@attrs.frozen
class Ratio:
    """One count per another, times `factor`; absent where the other is nought."""

    top: Counts
    bottom: Counts
    factor: float = 1.0


@attrs.frozen
class Flow:
    """What comes to the profile itself: gains minus losses, or a portion of them."""

    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()
    num: int = 1
    den: int = 1
    rest: bool = False


@attrs.frozen
class Gauge:
    """A level at the end of the day: followers, fans, following or pins."""

    name: str


@attrs.frozen
class Split:
    """The followers at the end of the day, by something."""

    kind: str


@attrs.frozen
class Published:
    """How many posts were published that day, if asked by something."""

    by: Literal["", "post_type", "content_type"] = ""


@attrs.frozen
class Fixed:
    """A number that belongs to the post itself."""

    name: str
    only: Presence = "any"
