"""Every mistake in the table is named before anything is sent, by both clients."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

import socialmetrics as sm
from socialmetrics.pull import AsyncPull
from socialmetrics_hootsuite import Hootsuite, webhooks
from tests.conftest import AnyClient, Fetch
from tests.hootsuite.bad_input_hootsuite import TABLE, as_markdown
from tests.x.bad_input_x import BadInput

NOW: Final = datetime(2026, 3, 11, 6, tzinfo=UTC)


def profile(number: int, network: str, type_: str, owner: str) -> sm.Profile:
    raw: Mapping[str, object] = {"type": type_, "owner": owner}
    return sm.Profile(
        ref=sm.Ref(network, str(number)), vendor_id=str(number), name="Acme", raw=raw
    )


NAMES: Final[dict[str, Any]] = {
    "sm": sm,
    "Hootsuite": Hootsuite,
    "webhooks": webhooks,
    "date": date,
    "acme": profile(1, "x", "TWITTER", "ORGANIZATION"),
    "page": profile(2, "facebook", "FACEBOOKPAGE", "ORGANIZATION"),
    "person": profile(3, "linkedin", "LINKEDIN", "MEMBER"),
    "pin": profile(4, "pinterest", "PINTEREST", "ORGANIZATION"),
    "tiktok": profile(5, "tiktok", "TIKTOKBUSINESS", "ORGANIZATION"),
    "business": profile(6, "instagram", "INSTAGRAMBUSINESS", "ORGANIZATION"),
    "photo": sm.Media(vendor_id="1", kind="photo"),
    "orphan": sm.Post(ref=sm.Ref("facebook", "9"), vendor_id="9", created_at=NOW),
    "week": sm.Window.days("2026-03-02", "2026-03-08"),
    "half": sm.Window(NOW - timedelta(hours=30), NOW),
    "now": NOW,
}


async def _first(pull: Any) -> None:
    async for _ in pull:
        return


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


def tried(row: BadInput, fetch: Fetch) -> Any:
    def done(client: AnyClient) -> Any:
        def post(**said: Any) -> Any:
            return client.publish(sm.Draft(text="a", **said))

        names = {**NAMES, "client": client, "adapter": client.adapter, "post": post}
        found = eval(row.example, names)  # noqa: S307 - our table
        return _first(found) if isinstance(found, AsyncPull) else found

    return fetch.by(Hootsuite, access_token="not-a-token", clock=NOW).value(done)


@pytest.mark.block_network
@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.what)
def test_a_mistake_is_named_before_anything_is_sent(
    row: BadInput, fetch: Fetch
) -> None:
    if row.is_raised:
        with pytest.raises(getattr(sm, row.outcome), match=re.escape(row.words)):
            tried(row, fetch)
        return

    reasons = [each.reason for each in tried(row, fetch).missing]

    assert len(reasons) == 1
    assert row.words in reasons[0]


def test_the_table_can_be_shown() -> None:
    head, line, *rows = as_markdown()

    assert head.count("|") == line.count("|") == 4
    assert len(rows) == len(TABLE) == len({row.what for row in TABLE})
