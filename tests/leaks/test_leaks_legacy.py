"""No credential shows in a failing run of Hootsuite's Engagement API."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest

import socialmetrics as sm
from tests.conftest import AnyClient, Fetch
from tests.core.servers import Server
from tests.leaks.surfaces import (
    BEARER,
    QUICK,
    Given,
    Heard,
    leaks,
    parts_of,
    shown,
    told_by,
)
from tests.leaks.talks import FAULTS, Echo
from tests.leaks.ways_hootsuite import Call, done, files

TWEETER: Final = sm.Profile(ref=sm.Ref("x", "hootsuite:1"), vendor_id="1", name="One")
DAY: Final = sm.Window.days("2026-01-01", "2026-01-01")
TALKS: Final = {
    **{name: fault.talk for name, fault in FAULTS.items()},
    **{f"echo {code}": Echo(code).talk for code in (200, 400, 401, 403, 500)},
}


def publish(client: AnyClient) -> Any:
    return client.publish(sm.Draft(text="Hello", profiles=[TWEETER]), "a key")


async def messages(client: AnyClient) -> Any:
    found = client.messages([TWEETER], DAY)
    if isinstance(found, sm.Pull):
        return list(found)
    return [each async for each in found]


@pytest.mark.parametrize("talk", TALKS)
@pytest.mark.parametrize("call", [publish, messages])
def test_a_failing_run_of_the_engagement_api_shows_no_secret_anywhere(
    call: Call, talk: str, fetch: Fetch, heard: Heard, given: Given, tmp_path: Path
) -> None:
    surfaces: list[tuple[str, str]] = []

    async def look(client: AnyClient) -> Any:
        surfaces.extend(parts_of(client))
        return await done(call(client))

    with Server(TALKS[talk]) as server:
        settings = {"base_url": server.url, "ledger": str(tmp_path / "ledger.db")}
        given({**settings, "access_token": BEARER}, "hootsuite_legacy")
        asked = fetch.by("hootsuite_legacy", retry=QUICK, timeout=2)
        try:
            surfaces += shown("result", asked.value(look))
        except sm.SocialMetricsError as err:
            surfaces += told_by(err)

    surfaces += [("log", heard.log.getvalue()), *files(tmp_path)]
    assert server.requests
    assert leaks(surfaces) == set()
