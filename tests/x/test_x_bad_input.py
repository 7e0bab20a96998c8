"""Every mistake in the table ends as the table says, with both clients."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import attrs
import pytest

import socialmetrics as sm
from socialmetrics.model import Profile
from socialmetrics.oauth1 import Owner
from socialmetrics.pull import AsyncPull
from socialmetrics.reading import Status
from tests.conftest import AnyClient, Fetch
from tests.x.asking_x import CROWD, CROWD_OWNERS, FIVE, ONE_OF_EACH
from tests.x.bad_input_x import TABLE, BadInput, as_markdown
from tests.x.sandbox_calls import ACME, CARE, HOURS, WORLD, posts_of
from tests.x.serving_x import ACME_ID, Front, Simulated, bearer_of, simulated

NOW: Final = WORLD.now
WEEK: Final = sm.Window.days("2026-03-02", "2026-03-08")
OWN: Final = [post for post in WORLD.posts if post.account.ref.native_id == ACME_ID]
OLD: Final = posts_of(ACME)[-1].ref
NAMES: Final[dict[str, Any]] = {
    "sm": sm,
    "Owner": Owner,
    "datetime": datetime,
    "post": posts_of(ACME)[9].ref,
    "gone": next(post.ref for post in OWN if post.deleted_at is not None),
    "locked": next(post.ref for post in OWN if post.protected),
    "old": OLD,
    "foreign": posts_of(CARE)[-1].ref,
    "acme": Profile(ref=sm.Ref("x", ACME_ID), vendor_id=ACME_ID, name="Acme"),
    "many": [sm.Ref("x", str(int(OLD.native_id) * 2 + n)) for n in range(10_000)],
    "each": ONE_OF_EACH,
    "ids": [posts_of(ACME)[9].ref.native_id],
    "me": ACME_ID,
    "sums": {"sums": ["engagement.type"]},
    "four": list(HOURS),
    "week": WEEK,
    "soon": sm.Window.days("2026-04-01", "2026-04-02"),
    "until_soon": sm.Window.days("2026-03-10", "2026-04-02"),
    "half": attrs.evolve(WEEK, end=WEEK.end + timedelta(minutes=30)),
    "in_india": sm.Window.days("2026-03-02", "2026-03-08", "Asia/Kolkata"),
    "long_ago": sm.Window.days("2014-08-01", "2014-08-02"),
    "for_ever": sm.Window.days("2014-08-31", "2026-03-10"),
    "now": NOW,
}


@pytest.fixture(scope="module")
def vendor() -> Iterator[Simulated]:
    with simulated() as found:
        yield found


@pytest.fixture(scope="module")
def crowd() -> Iterator[Simulated]:
    with simulated(CROWD, revoked=(FIVE[2],)) as found:
        yield found


@pytest.fixture(scope="module")
def bearer(vendor: Simulated) -> str:
    return bearer_of(vendor.url)


@attrs.frozen
class Asker:
    """How a client of the examples connects, and what its service saw."""

    settings: Mapping[str, Any]
    front: Front


@pytest.fixture
def askers(vendor: Simulated, crowd: Simulated, bearer: str) -> dict[str, Asker]:
    keyless = {"consumer_key": None, "consumer_secret": None}
    alone = vendor.settings(owners=(), bearer_token=bearer, **keyless)
    five = {**crowd.settings(), "owners": CROWD_OWNERS}
    return {
        "client": Asker(vendor.settings(owners=(ACME_ID,)), vendor.front),
        "public": Asker(alone, vendor.front),
        "five": Asker(five, crowd.front),
    }


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


async def _first(pull: Any) -> None:
    async for _ in pull:
        return


def tried(row: BadInput, asker: Asker, fetch: Fetch) -> Any:
    """What the example gives, or raises."""
    name = row.example.partition(".")[0]

    def evaluated(client: AnyClient) -> Any:
        names = {**NAMES, name: client} if name in CLIENTS else NAMES
        found = eval(row.example, names)  # noqa: S307 - our own table
        return _first(found) if isinstance(found, AsyncPull) else found

    asker.front.calls.clear()
    return fetch.by("x", **asker.settings).value(evaluated)


CLIENTS: Final = ("client", "public", "five")
RAISED: Final = [row for row in TABLE if row.is_raised]
ANSWERED: Final = [row for row in TABLE if not row.is_raised]


def asker_of(row: BadInput, askers: Mapping[str, Asker]) -> Asker:
    return askers.get(row.example.partition(".")[0], askers["client"])


@pytest.mark.parametrize("row", RAISED, ids=lambda row: row.what)
def test_a_mistake_is_named_before_anything_is_sent(
    row: BadInput, fetch: Fetch, askers: Mapping[str, Asker]
) -> None:
    asker = asker_of(row, askers)

    with pytest.raises(getattr(sm, row.outcome), match=re.escape(row.words)):
        tried(row, asker, fetch)

    is_the_vendors = issubclass(getattr(sm, row.outcome), sm.Rejected)
    assert bool(asker.front.calls) is is_the_vendors


@pytest.mark.parametrize("row", ANSWERED, ids=lambda row: row.what)
def test_what_is_no_mistake_is_answered_with_the_reason(
    row: BadInput, fetch: Fetch, askers: Mapping[str, Asker]
) -> None:
    asker = asker_of(row, askers)

    found = tried(row, asker, fetch)

    holds = {**NAMES, "found": found, "calls": asker.front.calls}
    assert eval(row.holds, holds)  # noqa: S307 - our own table
    if row.outcome == "missing":
        assert len(found) == 0
        assert row.words in " ".join(each.reason for each in found.missing)
        assert not asker.front.calls
    elif row.outcome != "answered":
        assert {point.status for point in found} == {Status(row.outcome)}
        assert row.words in " ".join(issue.problem for issue in found.issues)


def test_the_table_can_be_shown() -> None:
    head, line, *rows = as_markdown()

    assert head.count("|") == line.count("|") == 4
    assert len(rows) == len(TABLE) == len({row.what for row in TABLE})
