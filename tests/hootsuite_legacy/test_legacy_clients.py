"""Both clients against the service: published once, paced by streams, named errors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

import attrs
import pytest

import socialmetrics as sm
from socialmetrics.budget import Booking
from tests.conftest import Fetch
from tests.hootsuite_legacy.serving_legacy import (
    PAST,
    WORLD,
    Simulated,
    found,
    profiles,
    running,
)

DAY = sm.Window.days("2025-11-30", "2025-11-30")


@pytest.fixture(scope="module")
def vendor() -> Iterator[Simulated]:
    with running() as found:
        yield found


# -- reading ---------------------------------------------------------------------------


def test_a_day_of_everything(fetch: Fetch, vendor: Simulated) -> None:
    asked = vendor.by(fetch)
    everybody = profiles(asked)

    posts = asked.items(lambda client: client.posts(everybody, DAY))

    assert posts
    assert {each.created_at.date() for each in found(asked, DAY, None)} == {
        DAY.first_day
    }


# -- publishing ------------------------------------------------------------------------


def drafted(asked: Fetch, networks: Iterable[str], **more: Any) -> sm.Draft:
    wanted = [p for p in profiles(asked) if p.ref.network in networks]
    return sm.Draft(text="Look: https://shop.example/p/1", profiles=wanted, **more)


def test_a_planned_post_is_there_at_the_rounded_time(fetch: Fetch) -> None:
    at = WORLD.now + timedelta(minutes=61)

    with running() as simulated:
        asked = simulated.by(fetch)
        draft = drafted(asked, ["x", "facebook", "linkedin"], at=at, notify=True)
        receipt = asked.value(lambda client: client.publish(draft))
        made = simulated.published

    rounded = at + timedelta(minutes=4)
    assert {(one.mode, one.at, one.text) for one in made} == {
        ("at", rounded, draft.text)
    }
    assert len(made) == len(receipt.deliveries) == 6
    assert [each.vendor_id for each in receipt.deliveries] == [
        str(m.number) for m in made
    ]
    assert {(e.state, e.at, e.asked_at) for e in receipt.deliveries} == {
        ("scheduled", rounded, at)
    }


@pytest.mark.parametrize("receipt", ["list", "object", "bare", "empty", "text"])
@pytest.mark.parametrize(("at", "mode"), [(None, "now"), ("auto", "auto")])
def test_a_post_is_sent_once_whatever_the_receipt(
    receipt: str, at: Any, mode: str, fetch: Fetch
) -> None:
    with running(receipt=receipt) as simulated:
        asked = simulated.by(fetch)
        draft = drafted(asked, ["linkedin"], at=at)
        draft = attrs.evolve(draft, profiles=draft.profiles[:1])
        done = asked.value(lambda client: client.publish(draft))
        made = simulated.published

    assert [one.mode for one in made] == [mode]
    number = None if receipt in ("empty", "text") else str(made[0].number)
    assert [each.vendor_id for each in done.deliveries] == [number]


QUICK = sm.Retry(tries=2, first=0.001, longest=0.001)


def test_a_tweet_whose_answer_was_cut_off_is_found_in_its_stream(fetch: Fetch) -> None:
    with running(cuts=[1]) as simulated:
        asked = simulated.by(fetch, retry=QUICK)
        draft = drafted(asked, ["x"])
        receipt = asked.value(lambda client: client.publish(draft))
        made = simulated.published

    assert len(made) == 2
    assert {each.state for each in receipt.deliveries} == {"sent"}
    assert [each.ref for each in receipt.deliveries] == [
        sm.Ref("x", one.entry.id) for one in made if one.entry
    ]


@pytest.mark.parametrize(
    ("networks", "at"),
    [
        (["facebook"], None),
        (["x"], "auto"),
        (["x"], WORLD.now + timedelta(hours=1)),
        (["x", "facebook"], None),
    ],
)
def test_nothing_else_is_sent_again_when_its_answer_was_cut_off(
    networks: list[str], at: Any, fetch: Fetch
) -> None:
    with running(cuts=[1]) as simulated:
        asked = simulated.by(fetch, retry=QUICK)
        draft = drafted(asked, networks, at=at)
        with pytest.raises(sm.OutcomeUnknown, match="may have been done"):
            asked.value(lambda client: client.publish(draft))
        made = simulated.published

    assert len(made) == len(draft.profiles)


def test_a_token_that_was_withdrawn_is_no_loop(fetch: Fetch, vendor: Simulated) -> None:
    asked = vendor.by(fetch, access_token="another-token")

    with pytest.raises(sm.AuthRefused, match="log in again") as caught:
        profiles(asked)

    assert caught.value.status == 401


@pytest.mark.parametrize("status", [429, 403, 503])
@pytest.mark.parametrize("seconds", [None, 1000])
def test_a_limit_of_any_status_is_a_limit(
    status: int, seconds: int | None, fetch: Fetch
) -> None:
    with running(per_hour=1, limited=status, retry_after=seconds) as simulated:
        asked = simulated.by(fetch)
        with pytest.raises(sm.RateLimited, match="Rate limit exceeded") as caught:
            found(asked, PAST, ["HOME", "MENTION"])

    assert caught.value.status == status
    assert caught.value.retry_at == WORLD.now + timedelta(seconds=seconds or 3600)


@attrs.define
class Recorder:
    """A budget that lets everything through, and remembers its weight."""

    limits: tuple[sm.Limit, ...] = ()
    weights: list[int] = attrs.field(factory=list[int])

    def book(self, weight: int) -> tuple[Booking, float]:
        self.weights.append(weight)
        return Booking(0.0, weight), 0.0

    def give_back(self, booking: Booking) -> None:
        """Nothing is ever given back."""


def test_a_call_weighs_as_much_as_it_names_streams(
    fetch: Fetch, vendor: Simulated
) -> None:
    budget = Recorder()
    asked = vendor.by(fetch, budget=budget, concurrency=1)

    found(asked, PAST, None)

    first, second, *_ = budget.weights  # The list of profiles weighs nothing.
    assert (first, max(budget.weights)) == (5, 5)
    assert 1 <= second <= 5


def test_a_budget_that_never_allows_a_call_of_five_says_so(
    fetch: Fetch, vendor: Simulated
) -> None:
    asked = vendor.by(fetch, budget=[(4, 3600.0)])

    with pytest.raises(sm.InvalidQuery, match="one call weighs 5"):
        found(asked, PAST, None)
