"""Comparisons for tests of reports: three tools that count one profile's week."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from typing import TypeAlias

import attrs

from socialmetrics.comparison.result import (
    AXES,
    Advice,
    Answer,
    Axis,
    Cause,
    Conversion,
    Coverage,
    Day,
    Fault,
    Finding,
    Grounds,
    Line,
    Number,
    Row,
    Side,
    Summary,
    Unmatched,
    Verdict,
    Where,
)
from socialmetrics.model import Ref, Source
from socialmetrics.reading import Reading, Settled, Status
from socialmetrics.series import MetricSeries
from socialmetrics.window import Window
from tests.series.figures import ACME, DAY, IMPRESSIONS, MONDAY, TOTAL_LIKES, point

TOOLS = ("Toolbox", "Network", "Planner")
WEEK = Window.days("2026-03-02", "2026-03-08")
READ = datetime(2026, 3, 11, 6, tzinfo=UTC)
VERDICTS: Mapping[Answer, Verdict] = {
    "same": "comparable",
    "convertible": "comparable_after",
    "ordered": "bounded",
    "different": "not_comparable",
    "unknown": "unknown",
}
RULES = {
    axis: Grounds(
        id=f"{axis}.documented",
        text=f"What the documents say of {axis.replace('_', ' ')} decides.",
        source="https://docs.example.com/metrics",
        valid_from=date(2024, 1, 1),
    )
    for axis in AXES
}
SCOPE = Grounds(
    id="organic-is-at-most-total",
    text="Organic impressions are never above all impressions.",
    source="network documents, read 2026-01-15",
    valid_from=date(2023, 5, 1),
    valid_to=date(2027, 12, 31),
)
TEXTS: Mapping[Axis, str] = {
    "formula": "{left} counts ten actions, {right} three",
    "scope": "{left} counts organic impressions, {right} all of them",
    "date_axis": "{left} counts the week's activity, {right} the posts of this week",
    "freshness": "{right} was refreshed a day earlier",
}
Answers: TypeAlias = Mapping[Axis, Answer]


def findings(answers: Answers, left: str, right: str) -> dict[Axis, Finding]:
    """A finding for every axis: the same, unless these answers say otherwise."""
    return {
        axis: finding(axis, answers.get(axis, "same"), left, right) for axis in AXES
    }


def finding(axis: Axis, answer: Answer, left: str, right: str) -> Finding:
    """What is said of these tools on that axis."""
    text = "both alike" if answer == "same" else TEXTS.get(axis, "they differ.")
    return Finding(
        axis=axis,
        answer=answer,
        text=text.format(left=left, right=right),
        grounds=SCOPE if answer == "ordered" else RULES[axis],
        lesser="left" if answer == "ordered" else None,
    )


@attrs.frozen(kw_only=True)
class Pair:
    """What a test says of two figures; all else is made up."""

    metric: str = "impressions"
    left: Number | None = 100
    right: Number | None = 100
    left_name: str = "Toolbox"
    right_name: str = "Network"
    subject: Ref = ACME
    breakdown: str = ""
    verdict: Verdict = "comparable"
    answers: Answers = attrs.field(factory=dict[Axis, Answer])
    causes: tuple[Cause, ...] = ()
    conversions: tuple[Conversion, ...] = ()
    left_status: Status | None = Status.OBSERVED
    right_status: Status | None = Status.OBSERVED
    left_reading: Reading = IMPRESSIONS
    right_reading: Reading = IMPRESSIONS
    start: datetime = WEEK.start
    end: datetime | None = WEEK.end

    def row(self, number: int) -> Row:
        """The row of that number."""
        explained = sum(cause.amount for cause in self.causes)
        rest = None
        if self.left is not None and self.right is not None:
            rest = self.right - self.left - explained
        return Row(
            number=number,
            subject=self.subject,
            metric=self.metric,
            breakdown=self.breakdown,
            start=self.start,
            end=self.end,
            left_name=self.left_name,
            right_name=self.right_name,
            left=self.left,
            right=self.right,
            left_status=self.left_status,
            right_status=self.right_status,
            left_reading=named(self.left_reading, self.metric),
            right_reading=named(self.right_reading, self.metric),
            verdict=self.verdict,
            axes=findings(self.answers, self.left_name, self.right_name),
            conversions=self.conversions,
            causes=self.causes,
            unexplained=rest,
        )

    def summary(self, **counts: int) -> Summary:
        """What is said of its metric and tools."""
        valued = self.left is not None and self.right is not None
        told = {
            "rows": 1,
            "valued": int(valued),
            "equal": int(valued and self.left == self.right),
        }
        told |= {"only_left": 0, "only_right": 0, **counts}
        return Summary(
            metric=self.metric,
            left_name=self.left_name,
            right_name=self.right_name,
            verdict=self.verdict,
            axes=findings(self.answers, self.left_name, self.right_name),
            rows=told["rows"],
            valued=told["valued"],
            equal=told["equal"],
            only_left=told["only_left"],
            only_right=told["only_right"],
        )


def named(reading: Reading, metric: str) -> Reading:
    """That reading of another metric."""
    return attrs.evolve(reading, metric=metric, name=f"n_{metric}")


@attrs.frozen(kw_only=True)
class Made:
    """A comparison that was not computed but written down."""

    window: Window | None = WEEK
    sides: tuple[Side, ...] = ()
    rows: Sequence[Row] = ()
    summaries: tuple[Summary, ...] = ()
    faults: tuple[Fault, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    advice: tuple[Advice, ...] = ()
    unmatched: tuple[Unmatched, ...] = ()
    caveats: tuple[Grounds, ...] = ()
    rules: tuple[Grounds, ...] = ()
    days: tuple[Line, ...] = ()
    raw: MetricSeries | None = None

    def lines(self) -> tuple[Line, ...]:
        return self.days

    def behind(self, number: int, where: Where) -> MetricSeries:
        if self.raw is not None:
            return self.raw
        row = self.rows[number]
        value = row.left if where == "left" else row.right
        reading = row.left_reading if where == "left" else row.right_reading
        return MetricSeries.from_points(
            point(
                None if value is None else value / 2,
                MONDAY + i * DAY,
                reading=reading,
                settled=Settled.YES if i else Settled.NO,
            )
            for i in range(2)
        )

    def label(self, ref: Ref) -> str:
        return "@acme on X" if ref == ACME else str(ref)


def side(name: str) -> Side:
    """A tool that was read on Wednesday."""
    return Side(name=name, vendors=(name.lower(),), read_at=READ)


def made(*pairs: Pair, tools: Sequence[str] = TOOLS) -> Made:
    """A comparison of these pairs, each summed up by itself."""
    summaries = {
        (each.metric, each.left_name, each.right_name): each.summary() for each in pairs
    }
    return Made(
        sides=tuple(side(name) for name in tools),
        rows=tuple(pair.row(number) for number, pair in enumerate(pairs)),
        summaries=tuple(summaries.values()),
        rules=(*RULES.values(), SCOPE),
    )


GAP = Pair(
    metric="engagements.vendor",
    left=2_261,
    right=924,
    left_name="Network",
    right_name="Planner",
    verdict="not_comparable",
    answers={"formula": "different", "date_axis": "different"},
    causes=(
        Cause(
            name="formula",
            amount=-1_453,
            basis="computed",
            text="quotes, clicks and follows are not counted",
        ),
        Cause(
            name="date_axis",
            amount=226,
            basis="computed",
            text="this week's posts gained 356 after it, older ones 130 in it",
        ),
        Cause(
            name="freshness",
            amount=-110,
            basis="bounded",
            low=-140,
            high=0,
            text="activity after the last refresh of Planner",
        ),
    ),
)


def acme(days: int = 7) -> Made:
    """One profile's week at three tools, with everything that a report can show."""
    total = attrs.evolve(IMPRESSIONS, scope="total")
    pairs = (
        Pair(left=24_383, right=24_383),
        Pair(
            left=24_383,
            right=54_528,
            verdict="bounded",
            answers={"scope": "ordered"},
            right_reading=total,
        ),
        Pair(
            left=24_383,
            right=25_238,
            right_name="Planner",
            verdict="not_comparable",
            answers={"date_axis": "different"},
            right_reading=named(TOTAL_LIKES, "impressions"),
            causes=(
                Cause(
                    name="date_axis",
                    amount=0,
                    basis="unknown",
                    text="per-post periods were not fetched",
                ),
            ),
        ),
        attrs.evolve(GAP, left_name="Toolbox"),
        GAP,
        Pair(
            metric="engagements.public",
            left=808,
            right=924,
            right_name="Planner",
            verdict="comparable_after",
            answers={"date_axis": "convertible", "freshness": "convertible"},
            conversions=(
                Conversion(
                    axis="date_axis",
                    side="right",
                    text="older posts' activity of the week was added",
                ),
            ),
            causes=(
                Cause(name="date_axis", amount=226, basis="computed", text="as above"),
            ),
        ),
        Pair(
            metric="quotes",
            left=None,
            right=None,
            left_status=Status.NOT_REPORTED,
            right_status=Status.TOO_OLD,
            verdict="unknown",
            answers={"formula": "unknown"},
        ),
    )
    return attrs.evolve(
        made(*pairs),
        faults=(fault(),),
        coverage=tuple(
            coverage(name, metric)
            for name in TOOLS
            for metric in ("impressions", "likes")
        ),
        advice=advice(),
        unmatched=(
            Unmatched(
                name="Planner",
                metric="views",
                figures=12,
                subjects=3,
                examples=(ACME, Ref("x", "101")),
                reason="no other tool has views of X",
                instead="ask Network for impressions",
            ),
        ),
        caveats=(SCOPE,),
        days=tuple(lines("impressions", days)),
    )


def fault() -> Fault:
    return Fault(
        grounds=SCOPE,
        severity="fault",
        subject=ACME,
        start=WEEK.start,
        end=WEEK.end,
        lesser=1_200,
        lesser_metric="reach",
        lesser_name="Toolbox",
        greater=1_100,
        greater_metric="impressions",
        greater_name="Toolbox",
        text="reach is above impressions",
    )


def coverage(name: str, metric: str) -> Coverage:
    return Coverage(
        name=name,
        level="post",
        temporality="lifetime",
        metric=metric,
        subjects=1_200,
        reported=1_180,
        unreportable=12,
        awaiting=5,
        missing=3,
        settled_through=None if name == "Planner" else WEEK.end,
    )


def advice() -> tuple[Advice, ...]:
    return (
        Advice(
            metric="impressions",
            question="activity",
            title="What happened this week?",
            name="Toolbox",
            reason="it counts activity by day, and all days are settled",
        ),
        Advice(
            metric="quotes",
            question="activity",
            title="What happened this week?",
            name=None,
            reason="quotes come only as totals of a post's life",
        ),
    )


def lines(metric: str, days: int, tools: Sequence[str] = TOOLS) -> Iterator[Line]:
    """Daily lines of every tool; the last days of each are not settled."""
    for number, name in enumerate(tools):
        told = tuple(
            Day(
                day=date(2026, 3, 2) + i * timedelta(days=1),
                value=3_000 + 300 * number + (i * 397 + number * 611) % 900,
                settled=i < days - 2 - number,
            )
            for i in range(days)
        )
        settled = [each.day for each in told if each.settled]
        yield Line(
            name=name,
            subject=ACME,
            metric=metric,
            reading=named(IMPRESSIONS, metric),
            days=told,
            settled_through=settled[-1] if settled else None,
        )


def large(metrics: Sequence[str], days: int) -> Made:
    """Many metrics over many days, every pair of tools with a gap."""
    pairs = [
        attrs.evolve(GAP, metric=metric, left_name=left, right_name=right)
        for metric in metrics
        for left, right in combinations(TOOLS, 2)
    ]
    return attrs.evolve(
        made(*pairs),
        days=tuple(line for metric in metrics for line in lines(metric, days)),
        coverage=tuple(coverage(name, each) for name in TOOLS for each in metrics),
        advice=advice(),
    )


def source(number: int) -> Source:
    """The source of a request of that number."""
    return Source(
        vendor="toolbox",
        endpoint="profiles",
        request_id=f"req-{number}",
        api_version=None,
        fetched_at=READ + number * timedelta(minutes=1),
    )
