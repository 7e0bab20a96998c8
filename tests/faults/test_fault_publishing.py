"""Publishing while the line breaks: never twice, and nothing is lost sight of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

import socialmetrics as sm
from socialmetrics.sandbox.server import serve
from socialmetrics.sandbox.world import World
from socialmetrics_hootsuite import Hootsuite, allowance
from socialmetrics_hootsuite.sandbox import Sandbox, sandbox
from tests.conftest import AnyClient, Fetch
from tests.faults import parcels
from tests.faults.parcels import TYPES, Run, Told
from tests.faults.sizes import size

WORLD: Final = World(scale=0.1)
COMPANY: Final = "139000103"
QUICK: Final = sm.Retry(tries=5, first=0.0005, longest=0.001)
PLENTY: Final[Mapping[str, Any]] = {
    **dict.fromkeys(("per_second", "per_day", "most_scheduled"), 10**9),
    "token_seconds": 10**9,
}
VENDORS: Final[Mapping[str, Mapping[str, Any]]] = {
    "plain": {},
    "hides what is new": {"invisible_reads": 7},
    "refuses one profile": {"partial": {COMPANY: 40005}, "partial_status": 207},
    "hangs": {"hang_seconds": 30},
}


@pytest.fixture(params=["Client", "AsyncClient"])
def fetch(request: pytest.FixtureRequest) -> Fetch:
    return Fetch(request.param == "AsyncClient")


@pytest.fixture(autouse=True)
def haste(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allowance, "NEXT_SECOND", 0.001)


def by(fetch: Fetch, box: Sandbox, url: str, folder: Path, timeout: float) -> Fetch:
    """A client of that service."""
    return fetch.by(
        Hootsuite,
        base_url=url,
        clock=box.state.now,
        retry=QUICK,
        budget=[(10**9, 1.0)],
        timeout=timeout,
        ledger=folder / "ledger.db",
        **box.credentials,
    )


def outcomes(asked: Fetch, box: Sandbox, *, slow: bool) -> list[list[Told]]:
    """What all the runs were told, one after the other."""
    known = asked.items(lambda client: client.profiles())
    profiles = [each for each in known if each.raw["type"] in TYPES]
    first = 10_000 if asked.is_async else 0
    seeds = range(first, first + size(4 if slow else 12, 63))

    async def all_runs(client: AnyClient) -> list[list[Told]]:
        return [
            await parcels.tried(client, run, box)
            for run in parcels.runs(box, profiles, seeds, slow=slow)
        ]

    return asked.value(all_runs)


@pytest.mark.parametrize("behaviour", VENDORS)
def test_a_draft_is_published_once_whatever_happens_to_its_requests(
    behaviour: str, fetch: Fetch, tmp_path: Path
) -> None:
    box = sandbox(WORLD, **PLENTY, **VENDORS[behaviour])
    is_slow = behaviour == "hangs"

    with serve(box.app) as running:
        asked = by(fetch, box, running.url, tmp_path, 0.25 if is_slow else 30)
        found = outcomes(asked, box, slow=is_slow)

    first = Counter(told[0].kind for told in found)
    assert first["receipt"] > 0
    assert first["OutcomeUnknown"] > 0
    refused = {COMPANY} if behaviour == "refuses one profile" else set[str]()
    for *_, last in found:
        absent = {
            each.profile.vendor_id for each in last.deliveries if not each.vendor_id
        }
        assert last.error is None or (refused and not last.deliveries)
        assert absent <= refused


def test_what_is_there_twice_would_be_seen(fetch: Fetch, tmp_path: Path) -> None:
    box = sandbox(WORLD, **PLENTY)

    with serve(box.app) as running:
        asked = by(fetch, box, running.url, tmp_path, 30)
        known = asked.items(lambda client: client.profiles())[:1]
        draft = sm.Draft(text="parcel", profiles=known)
        asked.value(lambda client: client.publish(draft, "one"))
        asked.value(lambda client: client.publish(draft, "two"))

    run = Run(draft=draft, faults=())
    with pytest.raises(AssertionError, match="twice at"):
        parcels.check(Told(), run, box)


def test_what_nobody_was_told_of_would_be_seen(fetch: Fetch, tmp_path: Path) -> None:
    box = sandbox(WORLD, **PLENTY)

    with serve(box.app) as running:
        asked = by(fetch, box, running.url, tmp_path, 30)
        known = asked.items(lambda client: client.profiles())[:1]
        draft = sm.Draft(text="parcel", profiles=known)
        asked.value(lambda client: client.publish(draft, "one"))

    run = Run(draft=draft, faults=())
    with pytest.raises(AssertionError, match="lost at"):
        parcels.check(Told(), run, box)
