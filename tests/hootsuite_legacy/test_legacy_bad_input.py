"""Every mistake in the table is named before anything is sent, by both clients."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import attrs
import pytest

import socialmetrics as sm
from socialmetrics.pull import AsyncPull
from socialmetrics_hootsuite.legacy import HootsuiteLegacy, Seen
from tests.conftest import AnyClient, Fetch
from tests.hootsuite_legacy.bad_input_legacy import TABLE, as_markdown
from tests.hootsuite_legacy.driving_legacy import NOW, WEEK, profile
from tests.sprout.bad_input import BadInput


def place(network: str) -> sm.Location:
    return sm.Location(places=[sm.Ref(network, "1")])


NAMES: dict[str, Any] = {
    "sm": sm,
    "HootsuiteLegacy": HootsuiteLegacy,
    "Seen": Seen,
    "datetime": datetime,
    "acme": profile(11, name="Acme"),
    "page": profile(22, "facebook", name="Page"),
    "company": profile(33, "linkedin", name="Company"),
    "foreign": attrs.evolve(profile(), vendor_id="t:1"),
    "place": place,
    "photo": sm.Media(vendor_id="1", kind="photo"),
    "audience": {"type": "CUSTOM", "id": 1, "name": "Friends"},
    "week": WEEK,
    "now": NOW,
}


async def _first(pull: Any) -> None:
    async for _ in pull:
        return


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


@pytest.mark.block_network
@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.what)
def test_a_mistake_is_named_before_anything_is_sent(
    row: BadInput, fetch: Fetch
) -> None:
    def tried(client: AnyClient) -> Any:
        def post(**said: Any) -> Any:
            return client.publish(sm.Draft(text="a", **said))

        names = {**NAMES, "client": client, "post": post}
        found = eval(row.example, names)  # noqa: S307 - our table
        is_pull = isinstance(found, AsyncPull)
        return _first(found) if is_pull else found

    asked = fetch.by(HootsuiteLegacy, access_token="not-a-token", clock=NOW)
    with pytest.raises(getattr(sm, row.error), match=re.escape(row.words)):
        asked.value(tried)


def test_the_table_can_be_shown() -> None:
    head, line, *rows = as_markdown()

    assert head.count("|") == line.count("|") == 4
    assert len(rows) == len(TABLE) == len({row.what for row in TABLE})
