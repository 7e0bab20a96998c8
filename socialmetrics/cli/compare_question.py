"""What `compare` asks: tools by their adapters, and files by reading them."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Final

import attrs
import numpy as np

from socialmetrics.cli.compare_sides import Source
from socialmetrics.cli.exits import Usage
from socialmetrics.cli.weeks import Steps
from socialmetrics.comparison.comparing import compare
from socialmetrics.comparison.comparison import Comparison
from socialmetrics.gathering import Prepared, prepare
from socialmetrics.model import Profile, Ref
from socialmetrics.pull import OnProgress
from socialmetrics.series import MetricSeries
from socialmetrics.window import Window

LISTING: Final = (
    "posts= and profiles= say",
    "an adapter on one more side that lists the account's posts says",
)
"""What a program gives to say whose posts there are, and what does so here."""


@attrs.frozen(kw_only=True, eq=False)
class Answer:
    """The comparison, the series behind it by the names of the sides, and what is good
    to know. `left_out` are metrics that only one of the tools has a value of."""

    comparison: Comparison
    series: Mapping[str, MetricSeries]
    notes: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Question:
    """Whose figures, of when, and which."""

    sources: tuple[Source, ...]
    profile: str | None
    window: Window | None
    metrics: tuple[str, ...]
    by: Steps
    lookback: timedelta

    @contextmanager
    def prepared(self) -> Generator[Ready]:
        """Files are read, tools connected and asked for the account."""
        files = {each.name: each.read() for each in self.sources if each.is_file}
        with ExitStack() as stack:
            clients = {
                each.name: stack.enter_context(each.connect())
                for each in self.sources
                if not each.is_file
            }
            tools = None
            if clients and self.profile and self.window:
                tools = prepare(
                    clients,
                    self.profile,
                    self.window,
                    self.metrics,
                    lookback=self.lookback,
                    beside=files.values(),
                )
            yield Ready(question=self, files=files, tools=tools)


def question(
    sources: tuple[Source, ...],
    profile: str | None,
    window: Window | None,
    metrics: tuple[str, ...],
    *,
    by: Steps,
    lookback: int,
) -> Question:
    """What is asked. Raises `Usage` for what is missing, or of no use."""
    has_tools = not all(each.is_file for each in sources)
    if has_tools and not profile:
        raise Usage("--profile is missing; name the account, like --profile x:@acme")
    if has_tools and window is None:
        raise Usage(
            "days are missing; write --week 2026-W10, or --from 2026-03-02 --to "
            "2026-03-08"
        )
    if profile and not has_tools:
        raise Usage("--profile is for adapters; files have the accounts that they have")
    if lookback < 0:
        raise Usage(f"--lookback {lookback} is below zero")
    return Question(
        sources=sources,
        profile=profile,
        window=window,
        metrics=metrics,
        by=by,
        lookback=timedelta(days=lookback),
    )


@attrs.frozen(kw_only=True, eq=False)
class Ready:
    """Everything that can be known before figures are asked for."""

    question: Question
    files: Mapping[str, MetricSeries]
    tools: Prepared | None

    def answer(self, progress: OnProgress | None) -> Answer:
        """Asks the tools, and compares."""
        if self.tools is None:
            return self._of_files()
        refs = {each.ref for each in self.tools.accounts}
        found = self.tools.gather(progress=progress)
        files = {name: _of(each, refs) for name, each in self.files.items()}
        every = {**found.series, **files}
        series = {each.name: every[each.name] for each in self.question.sources}
        found = attrs.evolve(found, series=series)
        return Answer(
            comparison=spoken(found.compare(by=self.question.by)),
            series=series,
            notes=(*self._accounts(), *self._notes(files)),
            left_out=found.left_out,
        )

    def _of_files(self) -> Answer:
        asked, (left, right, *more) = self.question, self.files.values()
        comparison = compare(
            left,
            right,
            *more,
            window=asked.window,
            by=asked.by,
            metrics=asked.metrics,
            names=tuple(self.files),
        )
        return Answer(comparison=spoken(comparison), series=self.files)

    def _accounts(self) -> Iterator[str]:
        """What else fits the name that was given."""
        others = self.tools.others if self.tools else ()
        if others:
            named = ", ".join(map(written, others))
            yield (
                f"{self.question.profile} fits {named} as well, which not all of the "
                "tools have: left out"
            )

    def _notes(self, files: Mapping[str, MetricSeries]) -> Iterator[str]:
        window = self.question.window
        now = (
            max(each.client.now() for each in self.tools.tools) if self.tools else None
        )
        if window and now and window.end > now:
            yield f"{window} is not over at {now:%Y-%m-%d %H:%M} UTC: figures will grow"
        for name, series in self.files.items():
            others = len(series) - len(files[name])
            if others:
                yield f"{name}: {others:,} figures of other accounts are left out"


def written(account: Profile) -> str:
    """An account as it is to be typed."""
    if account.handle:
        return f"{account.ref.network}:@{account.handle}"
    return str(account.ref)


def spoken(comparison: Comparison) -> Comparison:
    """With the reasons in the words of the command line."""
    return attrs.evolve(
        comparison,
        unmatched=tuple(
            attrs.evolve(each, instead=each.instead.replace(*LISTING))
            for each in comparison.unmatched
        ),
    )


def _of(series: MetricSeries, accounts: Collection[Ref]) -> MetricSeries:
    """Without the figures of other accounts; posts stay, whosever they are."""
    columns = series.columns
    is_mine = np.array([each in accounts for each in columns.subjects], np.bool_)
    kept = columns.by_reading(lambda reading: reading.level != "profile")
    kept |= is_mine[columns.subject]
    if kept.all():
        return series
    return MetricSeries(
        columns.take(kept), missing=series.missing, issues=series.issues
    )
