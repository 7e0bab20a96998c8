"""Why a metric does not come, and what could be asked instead."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import attrs

from socialmetrics.model import Missing
from socialmetrics.ontology import needed
from socialmetrics_sprout.entries import (
    ENDPOINTS,
    Endpoint,
    Entry,
    entries,
    networks,
    title,
)


@attrs.frozen
class Question:
    """A name, with or without a scope, asked of one endpoint and network on a day."""

    endpoint: Endpoint
    network: str
    name: str
    scope: str | None
    today: date

    @property
    def label(self) -> str:
        """The name as it was asked for."""
        return f"{self.name}[scope={self.scope}]" if self.scope else self.name

    @property
    def place(self) -> str:
        """Of what it was asked, in words."""
        topics = self.endpoint == "topics"
        return "topics" if topics else f"{self.endpoint} of {title(self.network)}"

    @property
    def absent(self) -> str:
        """The beginning of most reasons."""
        return f"Sprout has no {self.name} for {self.place}"

    def offered(self) -> Iterator[Entry]:
        """All that the vendor answers for there on that day."""
        found = entries(self.endpoint, self.network)
        return (entry for entry in found if entry.is_offered(self.today))

    def answers(self) -> list[Entry]:
        """What the name means there on that day, the preferred ones alone if any."""
        found = [
            entry for entry in self.offered() if entry.answers_to(self.name, self.scope)
        ]
        best = [entry for entry in found if entry.preferred]
        return best or found


def missing(question: Question) -> Missing:
    """The reason why nothing answers, and what would."""
    tells = (_gone, _other_scope, _resembled, _derived, _elsewhere)
    return Missing(
        metric=question.label,
        reason=next(filter(None, (tell(question) for tell in tells))),
        alternatives=_alternatives(question),
        network=question.network,
    )


def _gone(question: Question) -> str:
    for entry in entries(question.endpoint, question.network):
        if entry.answers_to(question.name, question.scope):
            return _why_gone(entry, question)
    return ""


def _why_gone(entry: Entry, question: Question) -> str:
    if entry.state == "never":
        return entry.reading.note
    if not entry.is_gone(question.today):
        return f"Sprout has {entry.reading.name} only since {entry.since}"
    if entry.state == "undated":
        return (
            f"Sprout's tables have no {entry.reading.name} for {question.place} any "
            f"more; it left them without an announcement before {entry.until}"
        )
    return f"Sprout removed {entry.reading.name} from {question.place} on {entry.until}"


def _other_scope(question: Question) -> str:
    scopes = sorted({entry.reading.scope for entry in _of_any_scope(question)})
    if not scopes:
        return ""
    return (
        f"Sprout has {question.name} for {question.place} only with the scope "
        f"{' or '.join(scopes)}"
    )


def _resembled(question: Question) -> str:
    for entry in question.offered():
        if entry.near == question.name:
            note = f" ({entry.reading.note})" if entry.reading.note else ""
            return f"{question.absent}; the nearest is {entry.reading.name}{note}"
    return ""


def _derived(question: Question) -> str:
    parts = [each.reading.metric for each in _parts_offered(question)]
    if not parts:
        return ""
    return (
        f"{question.absent}; it is worked out from others, of which it has "
        f"{', '.join(dict.fromkeys(parts))}"
    )


def _elsewhere(question: Question) -> str:
    others = [
        title(network)
        for network in networks()
        if attrs.evolve(question, network=network).answers()
    ]
    if others:
        return f"{question.absent}, but for {', '.join(others)}"
    levels = [
        endpoint
        for endpoint in ENDPOINTS
        if attrs.evolve(question, endpoint=endpoint).answers()
    ]
    return f"{question.absent}{', but for ' if levels else ''}{' and '.join(levels)}"


def _alternatives(question: Question) -> tuple[str, ...]:
    here = entries(question.endpoint, question.network)
    named = [each for each in here if each.answers_to(question.name, question.scope)]
    meant = {name for each in named for name in (each.near, each.reading.metric)}
    meant -= {"", question.name}
    found = [entry.reading.label for entry in _of_any_scope(question)]
    for entry in question.offered():
        is_meant = entry.preferred and entry.reading.metric in meant
        if is_meant or entry.near in {question.name, *meant}:
            found.append(entry.reading.metric)
    found += [entry.reading.metric for entry in _parts_offered(question)]
    return tuple(dict.fromkeys(found))


def _of_any_scope(question: Question) -> Iterator[Entry]:
    return (
        entry
        for entry in question.offered()
        if entry.answers_to(question.name, entry.reading.scope)
    )


def _parts_offered(question: Question) -> Iterator[Entry]:
    parts = needed(question.name)
    return (
        entry
        for entry in question.offered()
        if entry.preferred and entry.reading.metric in parts
    )
