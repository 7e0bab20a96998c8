"""Sprout's filter language, written so that a value can never become a filter.

    from socialmetrics_sprout import field

    field("network").eq("INSTAGRAM", "YOUTUBE")
    field("text").match_phrase("the blue car")
    field("likes").gt(10)

There is no escape rule in that language. So a value that holds one of its own
characters is refused, naming the character. (Sprout's documentation, "Filters".)
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Final

import attrs

from socialmetrics.errors import InvalidQuery
from socialmetrics.window import Window, zone

GRAIN: Final = timedelta(seconds=1)
"""Filters and times of posts are in whole seconds: no window is cut finer."""
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*")
_UNSAFE: Final = '(),"\u2026\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f'


@attrs.frozen
class Condition:
    """One filter, written out."""

    text: str

    def __str__(self) -> str:
        return self.text


@attrs.frozen
class Field:
    """A field to put a condition on; see `field`."""

    name: str

    def eq(self, *values: object) -> Condition:
        """It has one of these values."""
        return self._of("eq", self._listed(values))

    def neq(self, *values: object) -> Condition:
        """It has none of these values."""
        return self._of("neq", self._listed(values))

    def gt(self, value: float | str) -> Condition:
        """It is greater."""
        return self._of("gt", self._value(value))

    def gte(self, value: float | str) -> Condition:
        """It is greater or equal."""
        return self._of("gte", self._value(value))

    def lt(self, value: float | str) -> Condition:
        """It is less."""
        return self._of("lt", self._value(value))

    def lte(self, value: float | str) -> Condition:
        """It is less or equal."""
        return self._of("lte", self._value(value))

    def within(self, window: Window, tz: str = "UTC") -> Condition:
        """Its instant lies in the window: start included, end not.

        `tz` is the zone in which the request says that its times are meant.
        """
        start, end = seconds(window.start, tz), seconds(window.end, tz)
        return self._of("in", f"{start}...{end}")

    def days(self, first: date, last: date) -> Condition:
        """Its day is one of these, both included."""
        return self._of("in", f"{first}..{last}")

    def exists(self, is_there: bool = True) -> Condition:
        """It has any value, or none."""
        return self._of("exists", "true" if is_there else "false")

    def match_all(self, *words: str) -> Condition:
        """Its text holds every one of these words."""
        return self._of("match", " ".join(map(self._word, words)))

    def match_any(self, *words: str) -> Condition:
        """Its text holds one of these words."""
        return self._of("match", " OR ".join(map(self._word, words)))

    def match_phrase(self, phrase: str) -> Condition:
        """Its text holds these words next to each other."""
        return self._of("match", f'"{self._value(phrase)}"')

    def _of(self, operator: str, arguments: str) -> Condition:
        if not arguments:
            raise InvalidQuery(f"{self.name}.{operator} has no value")
        return Condition(f"{self.name}.{operator}({arguments})")

    def _listed(self, values: Iterable[object]) -> str:
        return ",".join(map(self._value, values))

    def _value(self, value: object) -> str:
        text = self._spelled(value)
        for character in text:
            if character in _UNSAFE or not character.isprintable():
                raise InvalidQuery(
                    f"{self.name}: the value {text!r} cannot be written in a filter "
                    f"because of {character!r}; Sprout has no way to quote it"
                )
        if not text or text != text.strip() or ".." in text:
            raise InvalidQuery(
                f"{self.name}: {text!r} cannot be written in a filter: it is empty, "
                "has blanks at an end, or holds '..', which means a range"
            )
        return text

    def _spelled(self, value: object) -> str:
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, str | int) or (
            isinstance(value, float) and value == value
        ):
            return str(value)
        raise InvalidQuery(f"{self.name}: {value!r} is neither text nor a number")

    def _word(self, word: str) -> str:
        if re.search(r"\s", word) or word == "OR":
            raise InvalidQuery(
                f"{self.name}: {word!r} is not one word; use match_phrase for several"
            )
        return self._value(word)


def field(name: str) -> Field:
    """The start of a condition. Raises `InvalidQuery` for what is no field name."""
    if not _NAME.fullmatch(name):
        raise InvalidQuery(f"{name!r} is no field name like 'network' or 'from.guid'")
    return Field(name)


def seconds(moment: datetime, tz: str = "UTC") -> str:
    """An instant as filters want it: the time in that zone, no offset, whole seconds.

    Posts have whole seconds, so "from 10:00:00.3 on" is "from 10:00:01 on". Raises
    `InvalidQuery` for the second of two times that look alike.
    """
    whole = moment.astimezone(UTC).replace(microsecond=0)
    if moment.microsecond:
        whole += timedelta(seconds=1)
    local = whole.astimezone(zone(tz)).replace(fold=0)
    if local.astimezone(UTC) != whole:
        raise InvalidQuery(
            f"{whole.isoformat()} cannot be written in {tz}, where clocks show that "
            "time twice; begin and end at other times, or use UTC"
        )
    return local.replace(tzinfo=None).isoformat()
