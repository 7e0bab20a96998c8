"""Every mistake in the table is named before anything is sent, by both clients."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest

import socialmetrics as sm
from socialmetrics.pull import AsyncPull
from socialmetrics_sprout import field
from tests.conftest import AnyClient, Fetch
from tests.sprout.bad_input import TABLE, BadInput, as_markdown
from tests.sprout.driving import NOW, WEEK, post, profile

ACME = attrs.evolve(profile(0), name="Acme")
NAMES: dict[str, Any] = {
    "sm": sm,
    "field": field,
    "datetime": datetime,
    "acme": ACME,
    "lonely": attrs.evolve(profile(1, groups=()), name="Lonely"),
    "post": post(1, NOW),
    "orphan": post(2, NOW, owner=None),
    "topic": sm.Topic(vendor_id="77", name="Acme"),
    "week": WEEK,
    "half": attrs.evolve(WEEK, end=WEEK.end - timedelta(hours=1)),
    "soon": datetime(2026, 4, 1, tzinfo=UTC),
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
        found = eval(row.example, {**NAMES, "client": client})  # noqa: S307 - our table
        is_pull = isinstance(found, AsyncPull)
        return _first(found) if is_pull else found

    asked = fetch.by("sprout", token="not-a-token", customer_id="1")
    with pytest.raises(getattr(sm, row.error), match=re.escape(row.words)):
        asked.value(tried)


def test_the_table_can_be_shown() -> None:
    head, line, *rows = as_markdown()

    assert head.count("|") == line.count("|") == 4
    assert len(rows) == len(TABLE) == len({row.what for row in TABLE})
