"""What can be set about the simulated service, and what goes wrong on purpose."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from socialmetrics.errors import InvalidQuery
from socialmetrics.sandbox.server import serve, spawn
from socialmetrics_hootsuite.sandbox import Options, app, credentials, sandbox
from tests.hootsuite_sandbox.hootsuite_calls import (
    KEYS,
    WORLD,
    Running,
    ahead,
    refused,
    service,
)

ORDER = {"text": "hello", "socialProfileIds": ["139000001"]}


def faulty(*faults: str, name: str = "publish", **more: Any) -> Any:
    return service(faults={name: faults}, **more)


def count(box: Running) -> int:
    return len(box.state.outbox.copies("hello"))


# Options.


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"per_second": 0}, "per_second=0 must be at least 1"),
        ({"per_day": 0}, "per_day"),
        ({"token_seconds": 0}, "token_seconds"),
        ({"review_steps": 0}, "review_steps"),
        ({"invisible_reads": -1}, "invisible_reads=-1 must not be below 0"),
        ({"lead_seconds": -1}, "lead_seconds"),
        ({"hang_seconds": -0.1}, "hang_seconds"),
        ({"vintage": "2018"}, "vintage='2018' is none of"),
        ({"long_text": "never"}, "long_text"),
        ({"analytics_errors": "text"}, "analytics_errors"),
        ({"revoked_status": 400}, "revoked_status"),
        ({"partial_status": 500}, "partial_status"),
        ({"app_scopes": ["publish"]}, "app_scopes: unknown"),
        ({"faults": {"reading": ["cut"]}}, "faults: unknown"),
        ({"faults": {"publish": ["explode"]}}, "faults['publish']: unknown"),
        ({"denied": {"everything": 4003}}, "denied: unknown"),
        ({"denied": {"publish": 1}}, "1 is no error code"),
        ({"partial": {"139000001": 2}}, "2 is no error code"),
        ({"redirect_uris": ["http://app.example/"]}, "redirect_uris"),
        ({"lags": {"LINKEDIN": 5}}, "lags: unknown"),
        ({"lags": {"TWITTER": -5}}, "lags"),
    ],
)
def test_options_that_make_no_sense_are_refused_by_name(
    options: dict[str, Any], text: str
) -> None:
    with pytest.raises(InvalidQuery) as caught:
        Options(**options)

    assert text in str(caught.value)


@pytest.mark.parametrize("name", ["reauth", "failing", "partial", "review"])
def test_options_name_profiles_that_there_are(name: str) -> None:
    options: dict[str, Any] = {name: {"5": 5000} if name == "partial" else ["5"]}

    with pytest.raises(InvalidQuery, match=f"{name}: there are no profiles"):
        sandbox(WORLD, **options)


def test_options_come_as_json_too() -> None:
    found = Options(review=["1"], faults={"publish": ["cut"]}, lags={})

    assert found.review == ("1",)
    assert found.faults == {"publish": ("cut",)}
    assert hash(found.redirect_uris)


def test_the_sandbox_tells_what_it_is() -> None:
    box = sandbox(WORLD)

    assert box.credentials == credentials() == {"access_token": KEYS["access_token"]}
    assert box.now == WORLD.now
    assert "Chosen where the documents are silent" in box.notes
    assert "2024-02-01 to 2026-03-11" in box.notes
    for secret in (KEYS["access_token"], KEYS["client_secret"]):
        assert secret not in repr(box.state)
    assert app(WORLD).routes


# Faults of single calls.


@pytest.mark.parametrize(
    ("fault", "status", "commits"),
    [
        ("500", 500, 0),
        ("502", 502, 0),
        ("html_500", 500, 0),
        ("access_denied", 403, 0),
        ("commit_then_html_500", 500, 1),
        ("429", 429, 0),
        ("max_rate", 429, 0),
        ("hang", 504, 0),
        ("commit_then_500", 500, 1),
        ("commit_then_502", 502, 1),
        ("commit_then_hang", 504, 1),
        ("commit_then_garbled", 200, 1),
    ],
)
def test_a_call_can_go_wrong_before_or_after_it_was_carried_out(
    fault: str, status: int, commits: int
) -> None:
    with faulty(fault, hang_seconds=0.01) as box:
        answer = box.publish()

        assert answer.status_code == status
        assert count(box) == commits
        assert box.publish().status_code == 200
        assert count(box) == commits + 1


def test_what_is_said_when_it_goes_wrong() -> None:
    with faulty(
        "500", "502", "429", "max_rate", "access_denied", "commit_then_garbled"
    ) as box:
        refused(box.publish(), 500, 5000)
        assert box.publish().text.startswith("<html>")
        refused(box.publish(), 429, 1003)
        assert box.publish().text.startswith("max rate reached:")
        assert box.publish().text.startswith("Access denied")
        garbled = box.publish()
        assert garbled.headers["content-type"].startswith("text/html")
        with pytest.raises(ValueError, match="Expecting value"):
            garbled.json()


@pytest.mark.parametrize(("fault", "commits"), [("cut", 0), ("commit_then_cut", 1)])
def test_without_a_server_a_cut_is_an_error(fault: str, commits: int) -> None:
    with faulty(fault) as box:
        with pytest.raises(ConnectionResetError):
            box.publish()

        assert count(box) == commits


def test_faults_wait_their_turn_and_can_be_added() -> None:
    with faulty("", "502") as box:
        assert [box.publish().status_code for _ in range(3)] == [200, 502, 200]
        box.state.faults["publish"].append("500")
        assert [box.publish().status_code for _ in range(2)] == [500, 200]


def test_what_is_refused_is_refused_before_the_fault() -> None:
    with faulty("commit_then_502") as box:
        refused(box.publish(text=""), 400, 4000)
        assert box.publish().status_code == 200


def test_taking_back_can_go_wrong_as_well() -> None:
    with faulty("502", "commit_then_502", name="delete") as box:
        (told,) = box.made(scheduledSendTime=ahead(hours=1))
        path = f"messages/{told['id']}"

        answers = [box.ask("DELETE", path) for _ in range(3)]

        assert [one.status_code for one in answers] == [502, 502, 404]
        refused(answers[2], 404, 4001)


# On a real line.


@pytest.mark.parametrize(("fault", "commits"), [("cut", 0), ("commit_then_cut", 1)])
def test_a_cut_tears_the_line_without_a_byte(fault: str, commits: int) -> None:
    box = sandbox(WORLD, faults={"publish": [fault]})
    header = {"Authorization": f"Bearer {KEYS['access_token']}"}

    with serve(box.app) as running, httpx.Client(base_url=running.url) as client:
        with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)) as caught:
            client.post("/v1/messages", json=ORDER, headers=header)
        after = client.post("/v1/messages", json=ORDER, headers=header)

    assert "incomplete" not in str(caught.value)
    assert after.status_code == 200
    assert len(box.state.outbox.made) == commits + 1


def test_a_hanging_call_ends_when_the_caller_goes_away() -> None:
    box = sandbox(WORLD, faults={"publish": ["commit_then_hang"]})
    header = {"Authorization": f"Bearer {KEYS['access_token']}"}

    with serve(box.app) as running, httpx.Client(base_url=running.url) as client:
        with pytest.raises(httpx.ReadTimeout):
            client.post("/v1/messages", json=ORDER, headers=header, timeout=0.05)
        after = client.get("/v1/me", headers=header)

    assert after.status_code == 200
    assert len(box.state.outbox.made) == 1


def test_it_runs_in_a_process_of_its_own() -> None:
    options: dict[str, Any] = {"reauth": ["139000018"], "lags": {}}
    with spawn(sandbox, world={"scale": 0.05}, **options) as running:
        token = running.credentials["access_token"]
        rows = httpx.get(
            f"{running.url}/v1/socialProfiles",
            headers={"Authorization": f"Bearer {token}"},
        ).json()["data"]

    assert [row["id"] for row in rows if row["isReauthRequired"]] == ["139000018"]


# The state that tests look at.


def test_events_of_unknown_messages_are_refused() -> None:
    with service() as box, pytest.raises(InvalidQuery, match="no message 5"):
        box.state.event("5")


def test_time_moves_on_by_steps() -> None:
    with service() as box:
        box.state.advance(timedelta(hours=1))
        box.state.advance(timedelta(minutes=1))

        assert box.state.now() == WORLD.now + timedelta(minutes=61)
