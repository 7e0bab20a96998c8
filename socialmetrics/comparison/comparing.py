"""`compare`: from series to a comparison."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import TypeVar, get_args

import numpy as np

from socialmetrics import ontology
from socialmetrics.comparison.alone import Acquaintance, Lonely
from socialmetrics.comparison.buckets import By
from socialmetrics.comparison.comparison import Comparison, Rows
from socialmetrics.comparison.composition import origin
from socialmetrics.comparison.evidence import Evidence
from socialmetrics.comparison.judging import caveats
from socialmetrics.comparison.meeting import Target, Wish
from socialmetrics.comparison.pool import Pool, known, pool
from socialmetrics.comparison.result import Grounds, Side
from socialmetrics.comparison.rules import rules
from socialmetrics.comparison.summing import summaries, unmatched
from socialmetrics.comparison.table import Batch
from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Post, Profile
from socialmetrics.series import MetricSeries
from socialmetrics.series.columns import ints
from socialmetrics.series.select import span
from socialmetrics.window import Window, zone

T = TypeVar("T")


def compare(
    left: MetricSeries,
    right: MetricSeries,
    *more: MetricSeries,
    window: Window | None = None,
    by: By | None = None,
    level: Target | None = None,
    tz: str | None = None,
    metrics: Iterable[str] = (),
    posts: Iterable[Post] = (),
    profiles: Iterable[Profile] = (),
    parts: Iterable[MetricSeries] = (),
    names: Sequence[str] | None = None,
) -> Comparison:
    """Which figures of two tools or more may be set side by side, and why they differ.

    Figures meet by subject, canonical metric and window: hours are put together to the
    other side's days, figures of posts to their account where the other side counts
    accounts (`posts` and `profiles` say whose posts they are, and what other ids and
    addresses they have). `by` puts them into days, weeks, months or one total, `level`
    says whether accounts or posts are compared; None: as fine as both sides can.
    `window` leaves out what is not in it; lifetime totals are in it when their post was
    published in it. Without one, it is what the figures span. `tz` is the zone of days
    for figures by the hour; None: that of the side that has days.

    `metrics` limits it to these, and works out derived ones. `parts` are further
    figures that only explain: other scopes, the parts of totals, posts by the hour.
    `names` are what the tools are called; None: after their vendors.

    What cannot be compared is no error: it is in `unmatched`, with the reason. Raises
    `InvalidQuery` for what is no series, for unknown metrics, steps or zones, and for
    figures beyond all measure: above 1e290, or at an end of the calendar.
    """
    series = (left, right, *more)
    extra = _listed("parts", parts)
    for each in (*series, *extra):
        if not isinstance(each, MetricSeries):  # pyright: ignore[reportUnnecessaryIsInstance]  # whatever somebody gives
            raise InvalidQuery(f"{each!r} is not a MetricSeries, to be compared")
    sides = [*zip(_names(series, names), series, strict=True)]
    wish = _wish(series, window, by, level, tz, metrics)
    accounts = _listed("profiles", profiles)
    told = known(_listed("posts", posts), accounts)
    everything = pool(sides, extra, told)
    batches, lonely = _matched(everything, len(series), wish)
    used = tuple(dict.fromkeys(_grounds(batches)))
    return Comparison(
        window=window,
        sides=tuple(_side(name, each) for name, each in sides),
        rows=Rows(tuple(batches)),
        summaries=tuple(summaries(batches, lonely, everything.names)),
        unmatched=tuple(dict.fromkeys(unmatched(lonely, everything.names))),
        caveats=tuple(dict.fromkeys(_notes(batches))),
        rules=used,
        pool=everything,
        wish=wish,
        labels={each.ref: _called(each) for each in sorted(accounts, key=_has_handle)},
    )


def _matched(
    everything: Pool, count: int, wish: Wish
) -> tuple[list[Batch], list[Lonely]]:
    batches, lonely = list[Batch](), list[Lonely]()
    proof = Evidence(everything)
    for pair in combinations(range(count), 2):
        both = Acquaintance(pool=everything, pair=pair, wish=wish, proof=proof)
        both.meet()
        batches += both.batches
        lonely += both.lonely
    return batches, lonely


def _grounds(batches: Iterable[Batch]) -> Iterator[Grounds]:
    for batch in batches:
        for axes, _ in batch.cases:
            yield from (finding.grounds for finding in axes.values())


def _notes(batches: Iterable[Batch]) -> Iterator[Grounds]:
    known_rules = rules()
    for batch in batches:
        pair = batch.left.reading, batch.right.reading
        for rule in caveats(*pair, batch.days, known_rules):
            yield rule.grounds


def _side(name: str, series: MetricSeries) -> Side:
    columns = series.columns
    vendors = dict.fromkeys(origin(each) for each in columns.used_readings())
    used = ints(np.unique(columns.source))
    read = [columns.sources[code].fetched_at for code in used]
    return Side(name=name, vendors=tuple(vendors), read_at=max(read, default=None))


def _has_handle(profile: Profile) -> bool:
    return profile.handle is not None


def _called(profile: Profile) -> str:
    name = f"@{profile.handle}" if profile.handle else profile.name
    return f"{name} on {profile.ref.network}"


def _names(
    series: Sequence[MetricSeries], names: Sequence[str] | None
) -> tuple[str, ...]:
    if names is None:
        return _own_names(series)
    found = _listed("names", names)
    if len(found) != len(series):
        raise InvalidQuery(f"names={names!r}: give one for each of {len(series)} tools")
    if not all(isinstance(each, str) and each.strip() for each in found):  # pyright: ignore[reportUnnecessaryIsInstance]  # whatever somebody gives
        raise InvalidQuery(f"names={names!r}: a name is a text that is not blank")
    if len(set(found)) < len(found):
        raise InvalidQuery(f"names={names!r}: every tool needs a name of its own")
    return found


def _own_names(series: Sequence[MetricSeries]) -> tuple[str, ...]:
    """The vendors of each; numbered where two would be called alike."""
    found: list[str] = []
    for number, each in enumerate(series, 1):
        vendors = dict.fromkeys(map(origin, each.columns.used_readings()))
        name = " + ".join(vendors) or f"series {number}"
        found.append(name if name not in found else f"{name} ({number})")
    return tuple(found)


def _wish(
    series: Sequence[MetricSeries],
    window: Window | None,
    by: By | None,
    level: Target | None,
    tz: str | None,
    metrics: Iterable[str],
) -> Wish:
    for name, value, known_words in (
        ("by", by, get_args(By)),
        ("level", level, get_args(Target)),
    ):
        if value is not None and value not in known_words:
            raise InvalidQuery(f"{name}={value!r} is none of {', '.join(known_words)}")
    if tz is not None:
        zone(tz)
    return Wish(
        window=span(window), by=by, level=level, tz=tz, metrics=_wanted(series, metrics)
    )


def _wanted(series: Sequence[MetricSeries], metrics: Iterable[str]) -> tuple[str, ...]:
    """The metrics asked for. Raises `InvalidQuery` for one that nobody knows."""
    found = _listed("metrics", metrics)
    there = {r.metric for each in series for r in each.columns.used_readings()}
    for name in found:
        if not isinstance(name, str):  # pyright: ignore[reportUnnecessaryIsInstance]  # whatever somebody gives
            raise InvalidQuery(f"metrics holds {name!r}, which is not the name of one")
        if name not in there and not ontology.is_canonical(name):
            near = ontology.did_you_mean(name, [*there, *_canonical()])
            raise InvalidQuery(
                f"metric {name!r} is neither canonical nor in any of the series{near}"
            )
    return tuple(dict.fromkeys(found))


def _canonical() -> Iterator[str]:
    return (metric.id for metric in ontology.metrics())


def _listed(name: str, given: Iterable[T]) -> tuple[T, ...]:
    if isinstance(given, str) or not isinstance(given, Iterable):  # pyright: ignore[reportUnnecessaryIsInstance]  # whatever somebody gives
        raise InvalidQuery(f"{name}={given!r} is not a list; give several, or none")
    return tuple(given)
