"""Totals of several answers on one page: each by itself costs more than it holds."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from socialmetrics.model import Issue, Source
from socialmetrics.series import MetricSeries
from socialmetrics.series.columns import micros
from socialmetrics.wire import Page
from socialmetrics_x.blocks import Block


@attrs.define
class Gathered:
    """Blocks of the same metrics, until somebody takes them as a page."""

    _blocks: list[Block] = attrs.field(factory=list[Block], init=False)
    _sources: list[Source] = attrs.field(factory=list[Source], init=False)
    _issues: list[Issue] = attrs.field(factory=list[Issue], init=False)

    def add(
        self, block: Block, source: Source, issues: tuple[Issue, ...]
    ) -> Iterator[Page[MetricSeries]]:
        """Keeps one more; the page of those before, if they have other metrics."""
        if self._blocks and self._blocks[0].names != block.names:
            yield from self.pages()
        self._blocks.append(block)
        self._sources.append(source)
        self._issues += issues

    def pages(self) -> Iterator[Page[MetricSeries]]:
        """A page of all that was kept, if anything was."""
        if not self._blocks:
            return
        source = self._sources[-1]
        block = Block.joined(self._blocks)
        series = block.series(*self._sources, now=micros(source.fetched_at))
        issues = tuple(self._issues)
        for kept in (self._blocks, self._sources, self._issues):
            kept.clear()
        yield Page((series,), issues, source)
