"""Figures are the truth whatever the vendor does, and nobody is too fast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import socialmetrics as sm
from socialmetrics.plan import By
from socialmetrics_x.windows import floor
from tests.conftest import Fetch
from tests.faults.sizes import size
from tests.x.asking_x import (
    BERLIN,
    MIXED,
    NEW,
    NOW,
    POSTS,
    figures,
    rooted,
)
from tests.x.haste_x import haste
from tests.x.sandbox_calls import ids
from tests.x.serving_x import ACME_ID, CARE_ID, simulated
from tests.x.truths_x import (
    HOUR,
    TIMED,
    TOTALS,
    Truth,
    born,
    cells,
    check_steps,
    check_totals,
    refs,
    steps,
)


@pytest.fixture(autouse=True, scope="module")
def quick(untraced: None) -> None:
    """Whole pulls, many times: coverage is measured elsewhere."""


# -- whatever the vendor does ----------------------------------------------------------


@attrs.frozen
class Variant:
    """How a service behaves, how the client is set up, and what is true then."""

    what: str
    options: Mapping[str, Any]
    settings: Mapping[str, Any] = attrs.field(factory=dict[str, Any])
    truth: Truth = attrs.field(factory=Truth)

    def __str__(self) -> str:
        return self.what


ACME_ALONE: Final = Truth(owners=(ACME_ID,))
TWO_METRICS: Final = Truth(forbidden=("retweets", "impressions"))
VARIANTS: Final = (
    Variant("foreign posts in one entry", {"wording": "tweets"}),
    Variant("nothing before a post", {"sparse": True}),
    Variant("numbers", {"numbers": 1}),
    Variant("texts", {"numbers": 0}),
    Variant("zeros for what is too old", {"aged": "zero"}),
    Variant("only what was asked", {"unasked": False}),
    Variant("an hour ahead", {"skew": 3600.0}),
    Variant("an hour behind", {"skew": -3600.0}),
    Variant("the app signs an hour late", {"skew": 3600.0}, {"app_auth": "oauth1"}),
    Variant("a bearer for every request", {"bearer_uses": 1}),
    Variant("an owner's token is dead", {"revoked": (CARE_ID,)}, truth=ACME_ALONE),
    Variant("an owner is not given", {}, {"owners": (ACME_ID,)}, ACME_ALONE),
    Variant(
        "an owner is not given, and entries are one",
        {"wording": "tweets"},
        {"owners": (ACME_ID,)},
        ACME_ALONE,
    ),
    Variant(
        "metrics that the app may not see",
        {"forbidden_metrics": ("retweets", "impressions")},
        truth=TWO_METRICS,
    ),
    Variant("too fast, in a good answer", {"limited_200": 3}),
)


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_figures_are_the_truth_whatever_the_vendor_does(
    variant: Variant, fetch: Fetch
) -> None:
    names = ["impressions", "retweets", "url_clicks"]
    window = sm.Window(NOW - 8 * HOUR, NOW)
    spans = list(steps(window, "hour", NOW))

    with haste(), simulated(**variant.options) as vendor:
        asked = fetch.by("x", **vendor.settings(**variant.settings))
        lifetime = asked.value(lambda c: c.metrics(refs(MIXED), TOTALS))
        by_hour = asked.value(
            lambda c: c.metrics(refs(MIXED), names, window, by="hour")
        )

    check_totals(lifetime, MIXED, TOTALS, variant.truth)
    check_steps(by_hour, MIXED, names, spans, variant.truth)


def test_a_dead_token_is_named_beside_the_figures_of_the_others(fetch: Fetch) -> None:
    with simulated(revoked=(CARE_ID,)) as vendor:
        series = figures(fetch, vendor, (refs(NEW), ["impressions"]))

    problems = {issue.path: issue.problem for issue in series.issues}
    assert "log in again" in problems[f"owner {CARE_ID}"]
    assert f"refused tokens: those of {CARE_ID}" in " ".join(problems.values())


@settings(deadline=None, max_examples=size(10, 250))
@given(st.data())
def test_any_question_is_answered_truly(data: st.DataObject) -> None:
    fetch = Fetch(data.draw(st.booleans()))
    pool = [*MIXED, *ids(POSTS[::20])]
    asked = data.draw(
        st.lists(st.sampled_from(pool), min_size=1, max_size=40, unique=True)
    )
    names = data.draw(
        st.lists(st.sampled_from(TIMED), min_size=1, max_size=4, unique=True)
    )
    by: By | None = data.draw(st.sampled_from([None, "hour", "day", "total"]))
    owners = data.draw(st.sampled_from([(ACME_ID,), (CARE_ID, ACME_ID)]))
    start = NOW - data.draw(st.integers(1, 24 * 80)) * HOUR
    end = start + data.draw(st.integers(1, 24 * 40)) * HOUR
    zone = data.draw(st.sampled_from(["UTC", BERLIN, "America/New_York"]))
    window = sm.Window(start, end, zone)
    options: dict[str, Any] = {
        "wording": data.draw(st.sampled_from(["tweets", "author"])),
        "sparse": data.draw(st.booleans()),
        "numbers": data.draw(st.sampled_from([0, 1, 5])),
    }

    with simulated(**options) as vendor:
        question = refs(asked), names, window
        series = figures(fetch, vendor, question, by=by, owners=owners)

    truth = Truth(owners=owners)
    early = [each for each in asked if born(each) < min(end, floor(NOW))]
    late = set(refs(asked)) - set(refs(early))
    assert {each.subject for each in series.missing} == late
    if by == "total":
        check_sums(series, early, names, window, truth)
    else:
        check_steps(series, early, names, list(steps(window, by, NOW)), truth)


def check_sums(
    series: sm.MetricSeries,
    asked: Sequence[str],
    names: Sequence[str],
    window: sm.Window,
    truth: Truth,
) -> None:
    """Every sum over the window is there, once, and true."""
    found = {(i, name): cell for (i, name, _), cell in cells(series).items()}
    every = {(i, name) for i in asked for name in names}

    assert len(found) == len(series)
    assert {each for each in every - set(found) if born(each[0]) <= window.end} == set()
    for (native_id, name), cell in found.items():
        span = window.start, window.end
        assert cell == truth.between(native_id, name, span), (native_id, name)


# -- not faster than allowed -----------------------------------------------------------

LONG: Final = sm.Window.days("2025-06-05", "2026-03-10")
LASTING: Final = refs(rooted(LONG))
NAMES: Final = ["impressions"]
ALONE: Final[dict[str, Any]] = {
    "retry": sm.Retry(),
    "owners": (ACME_ID,),
    "concurrency": 1,
}


def ids_of(subjects: Sequence[sm.Ref]) -> list[str]:
    return [each.native_id for each in subjects]


@pytest.mark.parametrize(
    ("options", "given"),
    [
        ({"per_minute": 3}, {}),
        ({"per_minute": 3}, {"per_minute": 3}),
        ({"per_minute": 3, "headers": "none"}, {"per_minute": 3}),
        ({"per_minute": 40, "per_second": 2, "headers": "second"}, {}),
    ],
    ids=["told by headers", "told by both", "told by the caller", "by the second"],
)
def test_nobody_is_faster_than_the_contract_allows(
    options: Mapping[str, Any], given: Mapping[str, Any], fetch: Fetch
) -> None:
    with haste() as clock, simulated(**options) as vendor:
        series = figures(fetch, vendor, (LASTING, NAMES, LONG), **ALONE, **given)

    check_steps(series, ids_of(LASTING), NAMES, list(steps(LONG, "day", NOW)), Truth())
    assert len(vendor.front.asked) == 10
    assert clock.ahead > 1
    assert vendor.front.answered(429) == 0


def test_calls_side_by_side_are_not_faster_either(fetch: Fetch) -> None:
    # The vendor's window is shorter than the budget's: a busy machine is late at times.
    limits: dict[str, Any] = {"per_minute": 4, "minute_seconds": 0.2, "headers": "none"}
    more: dict[str, Any] = {**ALONE, "budget": [(4, 0.4)], "concurrency": 4}

    with simulated(**limits) as vendor:
        series = figures(fetch, vendor, (LASTING, NAMES, LONG), **more)

    check_steps(series, ids_of(LASTING), NAMES, list(steps(LONG, "day", NOW)), Truth())
    assert vendor.front.answered(429) == 0


def test_of_calls_side_by_side_few_are_refused_where_headers_tell(fetch: Fetch) -> None:
    limits: dict[str, Any] = {"per_minute": 7, "minute_seconds": 0.4}
    more: dict[str, Any] = {**ALONE, "concurrency": 4}

    with simulated(**limits) as vendor:
        series = figures(fetch, vendor, (LASTING, NAMES, LONG), **more)

    check_steps(series, ids_of(LASTING), NAMES, list(steps(LONG, "day", NOW)), Truth())
    # Answers that overtake each other tell the older number last.
    assert vendor.front.answered(429) < 4


def test_a_limit_that_nobody_tells_is_met_and_waited_for(fetch: Fetch) -> None:
    with haste(), simulated(per_minute=3, headers="none") as vendor:
        series = figures(fetch, vendor, (LASTING, NAMES, LONG), **ALONE)

    check_steps(series, ids_of(LASTING), NAMES, list(steps(LONG, "day", NOW)), Truth())
    assert vendor.front.answered(429) > 0
