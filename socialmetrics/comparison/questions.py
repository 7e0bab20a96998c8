"""What analysts ask, and which figures answer it: data, read and checked."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Final, Literal

import attrs
import msgspec

from socialmetrics import ontology
from socialmetrics.reading import DateAxis, Level, Reading, Temporality
from socialmetrics.typed import converted

FILE: Final = "questions.toml"

Criterion = Literal[
    "level",
    "zone",
    "composition",
    "scope",
    "coverage",
    "settled",
    "freshness",
]
"""By what one tool's figures are better than another's."""


@attrs.frozen(kw_only=True)
class Question:
    """What is asked, and the readings that answer it.

    `levels` and `prefer` have the best and the weightiest first. `metrics` is empty
    where every metric may be asked for. With `published_in_window` only posts that
    were published in it count. `because` says why such a figure answers, `instead`
    what is wrong with those of other temporalities.
    """

    id: str
    title: str
    temporality: Temporality
    date_axis: DateAxis
    levels: tuple[Level, ...]
    prefer: tuple[Criterion, ...]
    because: str
    metrics: frozenset[str]
    published_in_window: bool
    instead: tuple[tuple[Temporality, str], ...]

    def suits(self, metric: str) -> bool:
        """Whether it makes sense to ask that of the metric."""
        if not ontology.is_canonical(metric):
            return False
        comes_so = self.temporality in ontology.metric(metric).temporalities
        return comes_so and (not self.metrics or metric in self.metrics)

    def is_answered_by(self, reading: Reading) -> bool:
        """Whether figures of that reading answer it."""
        return (
            (reading.temporality, reading.date_axis)
            == (self.temporality, self.date_axis)
        ) and reading.level in self.levels

    def objection(self, readings: Iterable[Reading]) -> str:
        """Why figures of these readings, none of which fits, do not answer it."""
        there = {reading.temporality for reading in readings}
        found = [text for temporality, text in self.instead if temporality in there]
        levels = " or ".join(self.levels)
        return found[0] if found else f"has no such figure of a {levels}"


class _Question(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    title: str
    temporality: Temporality
    date_axis: DateAxis
    levels: tuple[Level, ...]
    prefer: tuple[Criterion, ...]
    because: str
    metrics: frozenset[str] = frozenset()
    published_in_window: bool = False
    instead: dict[Temporality, str] = {}


class _File(msgspec.Struct, forbid_unknown_fields=True):
    question: list[_Question]


@cache
def questions() -> tuple[Question, ...]:
    """Every question, in the order of the file."""
    content = files("socialmetrics.comparison").joinpath(FILE).read_text("utf-8")
    return read(content)


def read(content: str) -> tuple[Question, ...]:
    """The questions of such a file. Raises `ValueError`, naming file and question."""
    try:
        rows = converted(tomllib.loads(content), _File).question
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as err:
        raise ValueError(f"{FILE}: {err}") from err
    ids = [row.id for row in rows]
    for row in rows:
        fault = "its id is not the only one" if ids.count(row.id) > 1 else _fault(row)
        if fault:
            raise ValueError(f"{FILE}: {row.id}: {fault}")
    return tuple(map(_question, rows))


def _question(row: _Question) -> Question:
    return Question(
        id=row.id,
        title=row.title,
        temporality=row.temporality,
        date_axis=row.date_axis,
        levels=row.levels,
        prefer=row.prefer,
        because=row.because,
        metrics=row.metrics,
        published_in_window=row.published_in_window,
        instead=tuple(row.instead.items()),
    )


def _fault(row: _Question) -> str:
    if not row.title.endswith("?") or not row.because.endswith("."):
        return "needs a title that is a question, and because as a sentence"
    if not row.levels or not row.prefer:
        return "needs levels, and what to prefer"
    for name, words in (("levels", row.levels), ("prefer", row.prefer)):
        if len(set(words)) < len(words):
            return f"{name} names something twice"
    if row.temporality in row.instead:
        return f"instead speaks of {row.temporality} figures, which answer it"
    strangers = sorted(
        filter(lambda name: not ontology.is_canonical(name), row.metrics)
    )
    return f"metrics names the unknown {', '.join(strangers)}" if strangers else ""
