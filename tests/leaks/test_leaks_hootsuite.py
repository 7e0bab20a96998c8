"""No credential of Hootsuite's shows in anything that a failing run leaves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pytest

import socialmetrics as sm
from socialmetrics.cli.main import main
from socialmetrics_hootsuite import lifecycle, media
from tests.conftest import AnyClient, Fetch
from tests.core.servers import Server, Talk, written
from tests.leaks import ways_hootsuite as ways
from tests.leaks.surfaces import (
    BEARER,
    CLIENT_SECRET,
    QUICK,
    REFRESH,
    SIGNATURE,
    SUCCESSOR,
    Given,
    Heard,
    forms,
    leaks,
    parts_of,
    shown,
    told_by,
)
from tests.leaks.talks import FAULTS, Fault
from tests.leaks.ways_hootsuite import files


@pytest.fixture(autouse=True)
def haste(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "TRIES", 2)
    monkeypatch.setattr(media, "PAUSE", 0.0)
    monkeypatch.setattr(lifecycle, "PAUSE", 0.0)


def seen(
    way: str | ways.Way, talk: Talk, fetch: Fetch, given: Given, folder: Path
) -> Iterator[tuple[str, str]]:
    """Everything that a run shows: its client, its result or its error."""
    settings, call = ways.WAYS[way] if isinstance(way, str) else way
    surfaces: list[tuple[str, str]] = []

    async def look(client: AnyClient) -> Any:
        surfaces.extend(parts_of(client))
        try:
            return await ways.done(call(client))
        finally:
            surfaces.extend(parts_of(client))

    with Server(talk) as server:
        given(settings(server.url, folder), "hootsuite")
        asked = fetch.by("hootsuite", retry=QUICK, timeout=2)
        try:
            found = asked.value(look)
            surfaces += shown("result", found)
        except sm.SocialMetricsError as err:
            surfaces += told_by(err)
    assert server.requests
    yield from surfaces


def heard_of(heard: Heard) -> Iterator[tuple[str, str]]:
    yield "log", heard.log.getvalue()
    yield from (("warning", text) for text in heard.warned)


RUNS: Final = [
    pytest.param(way, talk, id=f"{way}-{talk}")
    for way in ways.WAYS
    for talk in ways.TALKS
]


@pytest.mark.parametrize(("way", "talk"), RUNS)
def test_a_failing_run_of_hootsuite_shows_no_secret_anywhere(
    way: str, talk: str, fetch: Fetch, heard: Heard, given: Given, tmp_path: Path
) -> None:
    surfaces = [*seen(way, ways.TALKS[talk], fetch, given, tmp_path)]

    assert leaks([*surfaces, *heard_of(heard), *files(tmp_path)]) == set()
    assert any(name == "repr of _engine" for name, _ in surfaces)


@pytest.mark.parametrize("store", ways.STORES)
@pytest.mark.parametrize("call", [ways.upload, ways.publish_with_media])
def test_a_failing_upload_shows_no_secret_anywhere(
    call: ways.Call,
    store: str,
    fetch: Fetch,
    heard: Heard,
    given: Given,
    tmp_path: Path,
) -> None:
    way = (ways.by_user, call)

    surfaces = [*seen(way, ways.STORES[store].talk, fetch, given, tmp_path)]

    assert leaks([*surfaces, *heard_of(heard), *files(tmp_path)]) == set()
    assert any(name == "traceback" for name, _ in surfaces)


def test_a_store_of_uploads_never_sees_a_token(
    fetch: Fetch, given: Given, tmp_path: Path
) -> None:
    way = (ways.by_user, ways.upload)
    talk = ways.STORES["403"].talk

    with Server(talk) as server:
        given(way[0](server.url, tmp_path), "hootsuite")
        asked = fetch.by("hootsuite", retry=QUICK)
        with suppress(sm.SocialMetricsError):
            asked.value(way[1])

    puts = [head for head, _ in server.requests if head.startswith(b"PUT")]
    assert puts
    for head in puts:
        assert b"authorization" not in head.lower()
        assert all(form.encode() not in head for form in forms(BEARER))
    others = b"".join(b"".join(e) for e in server.requests if e[0] not in puts)
    assert all(form.encode() not in others for form in forms(SIGNATURE))


def test_the_form_of_a_renewal_has_no_access_token_and_no_client_secret(
    fetch: Fetch, given: Given, tmp_path: Path
) -> None:
    with Server(Fault(written(b'{"data": []}')).talk) as server:
        given(ways.by_refresh(server.url, tmp_path), "hootsuite")
        fetch.by("hootsuite", retry=QUICK).items(lambda client: client.profiles())

    (_, form), (head, body) = server.requests
    assert b"refresh_token" in form
    for secret in (CLIENT_SECRET, BEARER):
        assert all(spelled.encode() not in form for spelled in forms(secret))
    for secret in (CLIENT_SECRET, REFRESH, SUCCESSOR):
        assert all(spelled.encode() not in head + body for spelled in forms(secret))


# -- a login ---------------------------------------------------------------------------


def test_a_login_that_has_begun_shows_neither_state_nor_verifier(
    fetch: Fetch, given: Given, tmp_path: Path
) -> None:
    given(ways.by_app("https://platform.example", tmp_path), "hootsuite")

    begun = fetch.by("hootsuite").value(ways.login_begins)

    hidden = [begun.state.reveal(), begun.verifier.reveal()]
    seen_of = "".join(text for _, text in shown("begun", begun))
    assert not [secret for secret in hidden if secret in seen_of]


# -- the command line ------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["401", "500", "unreadable", "dropped"])
@pytest.mark.parametrize("settings", [ways.by_token, ways.by_user, ways.by_member])
@pytest.mark.parametrize(
    "command",
    [
        ["profiles", "hootsuite"],
        ["config", "hootsuite"],
        ["publish", "hootsuite", "Hello", "--profile", "facebook:1", "--key", "k"],
    ],
    ids=lambda command: command[0],
)
def test_the_command_line_shows_no_secret_of_hootsuite(
    command: list[str],
    settings: Any,
    fault: str,
    nowhere: Path,
    capsys: pytest.CaptureFixture[str],
    given: Given,
) -> None:
    with Server(FAULTS[fault].talk) as server:
        given(settings(server.url, nowhere), "hootsuite")
        code = main(["--debug", *command])

    out, err = capsys.readouterr()
    assert leaks([("stdout", out), ("stderr", err), *files(nowhere)]) == set()
    assert (code == 0) is (command[0] == "config")


@pytest.mark.parametrize(
    "given",
    [
        {"access_token": f"{BEARER}\n"},
        {"access_token": [BEARER]},
        {"access_token": BEARER, "refresh_token": REFRESH},
        {"refresh_token": REFRESH},
        {"client_id": "fake", "client_secret": f" {CLIENT_SECRET}"},
        {"client_secret": CLIENT_SECRET},
        {"client_secret": CLIENT_SECRET, "client_id": ["fake"]},
        {"access_token": BEARER, "base_url": f"https://{REFRESH}@vendor.example"},
    ],
)
def test_a_setting_of_hootsuite_that_is_refused_is_not_shown(given: Any) -> None:
    with pytest.raises(sm.SocialMetricsError) as caught:
        sm.connect("hootsuite", **given).close()

    error = caught.value
    assert leaks([("str", str(error)), *shown("error", error)]) == set()
