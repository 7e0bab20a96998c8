"""The lists of a text: faults, advice, coverage, and figures without a partner.

What is alike is told once: of all the metrics to which it applies.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Final, TypeVar

from socialmetrics.comparison.result import Advice, Coverage, Fault, Unmatched
from socialmetrics.report import words
from socialmetrics.report.compared import Compared

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)
_METRIC: Final = "\0"
"""Stands for the metric in what is said of several."""


def faults(compared: Compared) -> list[str]:
    """Every fault, in one sentence."""
    return [_broken(compared, each) for each in compared.faults]


def _broken(compared: Compared, each: Fault) -> str:
    return (
        f"{each.severity}: {compared.label(each.subject)}, "
        f"{words.span(each.start, each.end, None)}: {each.text} "
        f"({words.number(each.lesser)} should be at most "
        f"{words.number(each.greater)}; {each.grounds.id})"
    )


def advice(compared: Compared) -> dict[str, list[str]]:
    """By question the tools to take, each with its metrics and the reason."""
    return {
        title: [
            f"{_titles(each.metric for each in some)}: "
            f"{name or 'None of these'}: {reason}"
            for (name, reason), some in _alike(asked, _answer).items()
        ]
        for title, asked in _alike(compared.advice, _question).items()
    }


def _question(each: Advice) -> str:
    return each.title


def _answer(each: Advice) -> tuple[str | None, str]:
    return each.name, each.reason


def coverage(compared: Compared) -> list[str]:
    """Every tool and level with what is covered to the same extent."""
    alike = _alike(compared.coverage, _covered).items()
    return [
        f"{extent} ({_titles(each.metric for each in some)}); {settled}"
        for (extent, settled), some in alike
    ]


def _covered(each: Coverage) -> tuple[str, str]:
    counts = (
        (each.unreportable, "not reportable"),
        (each.awaiting, "awaiting"),
        (each.missing, "missing"),
    )
    told = "".join(f", {count:,} {word}" for count, word in counts if count)
    of = f"{each.name}, {words.kind_of(each)}"
    through = each.settled_through
    settled = words.last_day(through) if through else "not known"
    return (
        f"{of}: {each.reported:,} of {each.subjects:,} reported{told}",
        f"settled through: {settled}",
    )


def unmatched(compared: Compared) -> list[str]:
    """Every tool and reason with the metrics that have no partner for it."""
    return [_alone(some) for some in _alike(compared.unmatched, _reason).values()]


def _alone(some: Sequence[Unmatched]) -> str:
    name, reason, instead = _reason(some[0])
    metrics = list(dict.fromkeys(each.metric for each in some))
    count = words.plural(sum(each.figures for each in some), "figure")
    why = reason.replace(_METRIC, words.listed(metrics))
    tail = f"; instead: {instead}".replace(_METRIC, words.listed(metrics))
    return f"{name}, {_titles(metrics)}: {count}; {why}{tail if instead else ''}"


def _reason(each: Unmatched) -> tuple[str, str, str]:
    """Why it has no partner and what would help, whatever its metric is."""
    metric = re.compile(rf"(?<![\w.]){re.escape(each.metric)}(?!\w|\.\w)")
    return (
        each.name,
        metric.sub(_METRIC, each.reason),
        metric.sub(_METRIC, each.instead),
    )


def _titles(metrics: Iterable[str]) -> str:
    return words.listed(dict.fromkeys(map(words.title_of, metrics)))


def _alike(things: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    """These things by what they have in common, in the order of the first ones."""
    found: dict[K, list[T]] = {}
    for each in things:
        found.setdefault(key(each), []).append(each)
    return found
