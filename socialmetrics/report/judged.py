"""Verdicts in words, each reason told once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

import attrs

from socialmetrics.comparison.result import Summary
from socialmetrics.report import verdicts, words
from socialmetrics.report.table import Pairing, pairing

Sentences: TypeAlias = list[tuple[str, list[str]]]
"""Verdicts as sentences, each with its reasons."""


@attrs.frozen
class Judged:
    """What is said of two tools: the verdict as a sentence, and the reasons."""

    pair: Pairing
    sentence: str
    reasons: tuple[str, ...]


def judged(summary: Summary) -> Judged:
    """What is said of a metric and two tools."""
    told = verdicts.sentence(summary), tuple(verdicts.reasons(summary))
    return Judged(pairing(summary), *told)


def unrepeated(
    alike: Mapping[tuple[Judged, ...], Sequence[str]],
) -> Iterator[tuple[str, Sentences]]:
    """The titles of metrics, and what is said of each pair of tools. Where a reason
    was told of an earlier metric and the same tools, that one is named instead."""
    known: dict[tuple[Pairing, str], str] = {}
    for told, titles in alike.items():
        yield (
            words.listed(titles),
            [(each.sentence, _told(each, known)) for each in told],
        )
        for each in told:
            for reason in each.reasons:
                known.setdefault((each.pair, reason), titles[0])


def _told(each: Judged, known: Mapping[tuple[Pairing, str], str]) -> list[str]:
    """The reasons that are new, and for the others where they were told."""
    again: dict[str, list[str]] = {}
    fresh: list[str] = []
    for reason in each.reasons:
        earlier = known.get((each.pair, reason))
        if earlier is None:
            fresh.append(reason)
        else:
            again.setdefault(earlier, []).append(reason)
    return [
        *fresh,
        *(f"{_axes(reasons)}: as for {title}." for title, reasons in again.items()),
    ]


def _axes(reasons: Iterable[str]) -> str:
    first, *others = (each.partition(":")[0] for each in reasons)
    return words.listed([first, *map(str.lower, others)])
