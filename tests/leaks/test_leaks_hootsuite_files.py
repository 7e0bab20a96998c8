"""What Hootsuite's publishing and logins leave in files is safe there."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from stat import S_IMODE
from typing import Final

import pytest

import socialmetrics as sm
from tests.conftest import Fetch
from tests.core.servers import Server, answering, written
from tests.leaks import ways_hootsuite as ways
from tests.leaks.surfaces import (
    CLIENT_SECRET,
    QUICK,
    REFRESH,
    SUCCESSOR,
    VERIFIER,
    Given,
    forms,
    leaks,
    shown,
)
from tests.leaks.talks import FAULTS, Fault
from tests.leaks.ways_hootsuite import files

PRIVATE: Final = 0o600


@pytest.mark.parametrize("way", ["publish", "login ends", "refresh"])
def test_what_is_kept_is_for_its_owner_alone(
    way: str, fetch: Fetch, given: Given, tmp_path: Path
) -> None:
    settings, call = ways.WAYS[way]
    with Server(FAULTS["500"].talk) as server:
        given(settings(server.url, tmp_path), "hootsuite")
        with suppress(sm.SocialMetricsError):
            fetch.by("hootsuite", retry=QUICK).value(call)

    kept = [path for path in tmp_path.rglob("*") if path.is_file() and _size(path)]
    assert {S_IMODE(path.stat().st_mode) for path in kept} == {PRIVATE}
    name = "ledger.db" if way == "publish" else "tokens.json"
    assert any(path.name == name for path in kept)


def _size(path: Path) -> int:
    return path.stat().st_size


def test_a_token_file_keeps_the_tokens_and_no_secret_of_the_app(
    fetch: Fetch, given: Given, tmp_path: Path
) -> None:
    with Server(Fault(written(b'{"data": []}')).talk) as server:
        given(ways.by_refresh(server.url, tmp_path), "hootsuite")
        fetch.by("hootsuite", retry=QUICK).items(lambda client: client.profiles())

    text = (tmp_path / "tokens.json").read_text("utf-8")
    assert SUCCESSOR in text
    for secret in (CLIENT_SECRET, REFRESH, VERIFIER):
        assert all(form not in text for form in forms(secret))


def test_a_ledger_that_is_read_shows_no_secret(
    fetch: Fetch, given: Given, tmp_path: Path
) -> None:
    page = ways.PAGE
    made = b'{"data": [{"id": "1", "state": "SENT", "socialProfile": {"id": "%b"}}]}'
    answer = written(made % page.vendor_id.encode())

    with Server(answering(answer)) as server:
        given(ways.by_token(server.url, tmp_path), "hootsuite")
        asked = fetch.by("hootsuite", retry=QUICK)
        draft = sm.Draft(text="Hello", profiles=[page])
        first = asked.value(lambda client: client.publish(draft, "k"))
        again = asked.value(lambda client: client.publish(draft, "k"))

    assert first.deliveries == again.deliveries
    told = [*shown("receipt", first), *shown("receipt again", again)]
    assert leaks([*told, *files(tmp_path)]) == set()
    assert [name for name, _ in files(tmp_path) if name == "ledger.db"]
