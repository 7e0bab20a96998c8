"""Why a metric does not come, and what could be asked instead."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from socialmetrics.model import Missing, Profile
from socialmetrics.ontology import needed
from socialmetrics_hootsuite.analytics.entries import (
    Endpoint,
    Entry,
    entries,
    network_of,
    networks,
)


@attrs.frozen
class Question:
    """A name, with or without a scope, asked of one endpoint and network."""

    endpoint: Endpoint
    network: str
    name: str
    scope: str | None
    asked: str

    @property
    def place(self) -> str:
        """Of what it was asked, in words."""
        known = network_of(self.network)
        return f"{self.endpoint} of {known.title if known else self.network}"

    @property
    def is_listed(self) -> bool:
        """Whether the data have that name there, whatever its scope."""
        here = entries(self.endpoint, self.network)
        return any(entry.reading.name == self.name for entry in here)

    def offered(self) -> Iterator[Entry]:
        """All that is known to be there."""
        found = entries(self.endpoint, self.network)
        return (entry for entry in found if entry.state != "absent")


def missing(question: Question) -> Missing:
    """The reason why nothing answers, and what would."""
    tells = (_absent, _other_scope, _resembled, _derived)
    reason = next(filter(None, (tell(question) for tell in tells)), None)
    return Missing(
        metric=question.asked,
        reason=reason or _unknown(question),
        alternatives=tuple(dict.fromkeys(_alternatives(question))),
        network=question.network,
    )


def why_without(profile: Profile) -> str | None:
    """Why a profile has no analytics; None where it has."""
    told = profile.raw.get("type")
    slug = profile.ref.network
    own = network_of(slug)
    if own is None:
        return why_no(slug)
    if not isinstance(told, str) or told == own.type:
        return None
    return (
        f"Hootsuite's Analytics API has no {told} profiles, of {own.title} only "
        f"{own.type}"
    )


def why_no(network: str) -> str:
    """What is said of a network without analytics."""
    return f"Hootsuite's Analytics API has no {network}, only {', '.join(networks())}"


def _absent(question: Question) -> str:
    for entry in entries(question.endpoint, question.network):
        named = question.name in (entry.reading.name, entry.reading.metric)
        if entry.state == "absent" and named:
            return entry.reading.note
    return ""


def _other_scope(question: Question) -> str:
    scopes = sorted({entry.reading.scope for entry in _of_any_scope(question)})
    if not scopes:
        return ""
    return (
        f"Hootsuite has {question.name} for {question.place} only with the scope "
        f"{' or '.join(scopes)}"
    )


def _resembled(question: Question) -> str:
    for entry in question.offered():
        if question.name in entry.near:
            note = f" ({entry.reading.note})" if entry.reading.note else ""
            if entry.reading.name == question.name:
                return (
                    f"what Hootsuite calls {question.name} for {question.place} is "
                    f"{entry.reading.metric} here{note}"
                )
            return (
                f"Hootsuite has no {question.name} for {question.place}; the nearest "
                f"is {entry.reading.name}{note}"
            )
    return ""


def _derived(question: Question) -> str:
    parts = dict.fromkeys(entry.reading.metric for entry in _parts(question))
    if not parts:
        return ""
    return (
        f"Hootsuite has no {question.name} for {question.place}; it is worked out from "
        f"others, of which it has {', '.join(parts)}"
    )


def _unknown(question: Question) -> str:
    return (
        f"no metric of Hootsuite is known to be {question.name} for {question.place}; "
        "its own list of names is not public, and a name from there can be asked for"
    )


def _alternatives(question: Question) -> Iterator[str]:
    for entry in _of_any_scope(question):
        yield entry.reading.label
    for entry in question.offered():
        if question.name in entry.near and entry.reading.scope != "paid":
            yield entry.reading.metric
    for entry in _parts(question):
        yield entry.reading.metric


def _of_any_scope(question: Question) -> Iterator[Entry]:
    return (
        entry
        for entry in question.offered()
        if entry.answers_to(question.name, entry.reading.scope)
    )


def _parts(question: Question) -> Iterator[Entry]:
    parts = needed(question.name)
    return (
        entry
        for entry in question.offered()
        if entry.reading.metric in parts and entry.reading.scope != "paid"
    )
