"""Every case of Hootsuite, played from its cassette by both clients, without a wire."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeAlias
from urllib.parse import urlencode

import pytest

import socialmetrics as sm
from socialmetrics.reading import Status
from socialmetrics_hootsuite import Hootsuite
from socialmetrics_hootsuite.sandbox import sandbox, secrets
from tests.conftest import Fetch
from tests.hootsuite.recording_hootsuite import BACK, record_simulated, whole_world
from tests.hootsuite.scenarios_hootsuite import (
    APP,
    COMPANY,
    FIVE_DAYS,
    GRAM,
    LATER,
    NOW,
    ON_X,
    PAGE,
    SCENES,
    STAND_INS,
    THREAD,
    TWO_DAYS,
    haste,
    settings_of,
    stage_of,
)
from tests.hootsuite.tapes_hootsuite import STUDIO
from tests.recording.tapes import clock_of, has_no_answer, playing

CASSETTES: Final = sorted(STUDIO.folder.glob("*.yaml"))
ACCOUNTS: Final = 14


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    with haste():
        yield


def login() -> dict[str, Any]:
    """A login that a member agreed to, with a state and a verifier of its own."""
    given: dict[str, Any] = {name: STAND_INS[name] for name in APP}
    with sm.connect(Hootsuite, token_store="memory", **given) as client:
        assert isinstance(client.adapter, Hootsuite)
        keys = client.adapter.keys
    begun = keys.begin(auth_url=Hootsuite.base_url, redirect_uri=BACK)
    told = {"code": "not-a-code", "state": begun.state.reveal()}
    return {"login": begun, "came_back": f"{BACK}?{urlencode(told)}"}


def played(name: str, fetch: Fetch, folder: Path = STUDIO.folder) -> Any:
    """What the scene gives, played to the end of its cassette."""
    scene, more = SCENES[name], login() if name == "token_code" else {}
    stage = stage_of(fetch, settings_of(scene, STAND_INS), **more)
    with playing(STUDIO, folder / f"{name}.yaml") as is_over:
        found = scene.ask(stage)
        assert is_over(), f"{name} has answers that nobody asked for"
    return found


# -- what is read ----------------------------------------------------------------------


def world_posts(profile: sm.Profile) -> dict[str, Any]:
    """What that account published in the two days, by the network's id."""
    return {
        each.ref.native_id: each
        for each in whole_world().posts
        if each.account.ref == profile.ref
        and TWO_DAYS.start <= each.created_at < TWO_DAYS.end
    }


@pytest.mark.block_network
def test_recorded_posts_are_those_of_the_world_with_their_figures(fetch: Fetch) -> None:
    found = played("posts", fetch)

    truth, lens = world_posts(PAGE), sandbox(whole_world()).state.lens
    likes = {
        number: lens.post_figures(each, "FACEBOOKPAGE")["likes"]
        for number, each in truth.items()
    }
    assert {p.ref.native_id: p.metrics["likes"].value for p in found} == likes
    assert {p.ref.native_id: p.text for p in found} == {
        number: each.text for number, each in truth.items()
    }


@pytest.mark.block_network
def test_recorded_figures_of_posts_are_those_of_the_world(fetch: Fetch) -> None:
    series = played("metrics_posts", fetch)

    truth, lens = world_posts(GRAM), sandbox(whole_world()).state.lens
    expected = {
        (number, name): lens.post_figures(each, "INSTAGRAMBUSINESS")[name]
        for number, each in truth.items()
        for name in ("likes", "comments")
    }
    told = {(p.subject.native_id, p.reading.metric): p.value for p in series}
    assert told == expected


@pytest.mark.block_network
def test_a_recorded_list_of_messages_goes_on_at_its_cursor(fetch: Fetch) -> None:
    found = played("outbound", fetch)

    assert len(found) == len({each.vendor_id for each in found}) > 100
    assert all(FIVE_DAYS.start <= each.at < FIVE_DAYS.end for each in found)


# -- everything else -------------------------------------------------------------------


Facts: TypeAlias = Callable[[Any], object]


def states(found: sm.Publication) -> list[str]:
    return [each.state for each in found.deliveries]


def refusal(kind: type[sm.SocialMetricsError], words: str) -> Facts:
    """Whether it is that error, and says that."""
    return lambda found: type(found) is kind and words in str(found)


EXPECTED: Final[dict[str, tuple[Facts, object]]] = {
    "token_code": (
        lambda found: (found[0].life, found[0].scope, len(found[1])),
        (3599.0, "offline analytics:read", ACCOUNTS),
    ),
    "token_refresh": (len, ACCOUNTS),
    "token_expired": (len, ACCOUNTS),
    "token_member_app": (len, ACCOUNTS),
    "token_organization_app": (len, ACCOUNTS),
    "profiles": (
        lambda found: (
            len(found),
            (found[0].ref, found[0].vendor_id),
            {each.handle for each in found if each.ref.network == "x"},
        ),
        (ACCOUNTS, (ON_X.ref, ON_X.vendor_id), {None}),
    ),
    "changed_posts": (
        lambda found: (len(found) > 0, {each.profile for each in found}),
        (True, {THREAD.vendor_id}),
    ),
    "metrics_profiles": (
        lambda found: (
            {p.status for p in found},
            {(p.subject, (p.start - timedelta(hours=8)).date()) for p in found},
            [m.network for m in found.missing],
        ),
        (
            {Status.OBSERVED},
            {
                (each.ref, date(2026, 3, day))
                for each in (PAGE, GRAM)
                for day in (5, 6, 7)
            },
            ["linkedin"],
        ),
    ),
    "scope_not_granted": (
        lambda found: ({p.value for p in found}, {p.status for p in found}),
        ({None}, {Status.NOT_PERMITTED}),
    ),
    "publish_now": (
        lambda found: (states(found), all(each.ref for each in found.deliveries)),
        (["sent"] * 3, True),
    ),
    "publish_scheduled": (
        lambda found: (states(found), {each.at for each in found.deliveries}),
        (["scheduled"] * 2, {LATER}),
    ),
    "publish_with_media": (states, ["scheduled"]),
    "publish_in_part": (
        lambda found: (states(found), "message tags" in found.deliveries[1].reason),
        (["scheduled", "failed"], True),
    ),
    "publish_for_approval": (states, ["pending approval", "scheduled"]),
    "publish_limited": (states, ["sent"] * 3),
    "publish_limited_in_words": (states, ["sent"] * 3),
    "publish_settled": (
        lambda found: (states(found), all(d.vendor_id for d in found.deliveries)),
        (["scheduled"] * 2, True),
    ),
    "look": (
        lambda found: [(each.state, each.at, each.profile) for each in found],
        [("sent", NOW, PAGE), ("sent", NOW, COMPANY)],
    ),
    "approve": (lambda found: (found.state, found.at), ("scheduled", LATER)),
    "reject": (lambda found: found.state, "rejected"),
    "history": (
        lambda found: [(each.kind, each.actor) for each in found],
        [("create", "member"), ("approve", "member"), ("schedule", "system")],
    ),
    "upload": (lambda found: found.kind, "photo"),
    "publish_not_permitted": (refusal(sm.PermissionDenied, "permissions"), True),
    "publish_stopped_at_the_gateway": (refusal(sm.PermissionDenied, "gateway"), True),
    "upload_too_late": (refusal(sm.PermissionDenied, "AccessDenied"), True),
    "delete": (refusal(sm.NotFound, "Unable to find the message"), True),
    "unknown_message": (refusal(sm.NotFound, "Unable to find the message"), True),
    "out_already": (refusal(sm.Rejected, "state does not allow"), True),
    "app_removed": (refusal(sm.AuthRefused, "installed anew"), True),
    "refresh_refused": (refusal(sm.AuthRefused, "invalid_grant"), True),
    "token_unknown": (refusal(sm.AuthRefused, "Check the access token"), True),
}


@pytest.mark.block_network
@pytest.mark.parametrize("name", EXPECTED)
def test_recorded_cases_are_read_to_their_end(name: str, fetch: Fetch) -> None:
    facts, expected = EXPECTED[name]

    found = played(name, fetch)

    assert facts(found) == expected


@pytest.mark.block_network
def test_a_request_that_was_not_recorded_is_no_answer(
    fetch: Fetch, tmp_path: Path
) -> None:
    text = (STUDIO.folder / "publish_scheduled.yaml").read_text("utf-8")
    other = text.replace("All about tea", "All about milk")
    (tmp_path / "publish_scheduled.yaml").write_text(other, "utf-8")

    with pytest.raises(Exception, match="no recorded interaction") as caught:
        played("publish_scheduled", fetch, tmp_path)

    assert has_no_answer(caught.value)


def test_every_case_has_one_cassette_and_one_expectation() -> None:
    names = {*EXPECTED, "posts", "metrics_posts", "outbound"}

    assert {path.stem for path in CASSETTES} == set(SCENES) == names


# -- files -----------------------------------------------------------------------------

each_cassette = pytest.mark.parametrize("path", CASSETTES, ids=lambda path: path.stem)


@each_cassette
def test_a_cassette_says_how_it_was_made_and_is_small_and_readable(path: Path) -> None:
    text = path.read_text("utf-8")

    first, second, third, *_ = text.splitlines()
    assert first == f"# Hootsuite: {path.stem}."
    assert re.match(r"# Recorded from .+ on \d{4}-\d\d-\d\d by `make record`", second)
    assert third == f"# Clock: {clock_of(path).isoformat()}"
    assert len(text) < 70_000
    assert "!!binary" not in text


@each_cassette
def test_a_cassette_holds_no_credential_and_no_address_of_this_machine(
    path: Path,
) -> None:
    text = path.read_text("utf-8").lower()

    for word in (
        "authorization:",
        "bearer ",
        "basic ",
        "cookie",
        "127.0.0.1",
        "localh",
    ):
        assert word not in text
    opening = secrets(whole_world())
    for name in ("access_token", "refresh_token", "client_id", "client_secret"):
        assert opening[name].lower() not in text
    assert "sandbox" not in text
    hosts = set(re.findall(r"^    uri: https?://([^/]+)/", text, re.MULTILINE))
    assert hosts <= {"platform.hootsuite.com", "uploads.example"}


@each_cassette
def test_a_cassette_keeps_of_secret_fields_only_their_names(path: Path) -> None:
    text = path.read_text("utf-8")

    fields = "access_token|refresh_token|code|code_verifier|Signature|AWSAccessKeyId"
    told = re.findall(rf'\b(?:{fields})(?:=|": ")([^&"\s]+)', text)
    assert set(told) <= {"scrubbed"}
    if path.stem in ("token_code", "upload"):
        assert told


@pytest.mark.parametrize("name", SCENES)
def test_recording_anew_gives_the_same_cassette(name: str, tmp_path: Path) -> None:
    (path,) = record_simulated([name], tmp_path, datetime.now(UTC).date())

    assert interactions(path) == interactions(STUDIO.folder / f"{name}.yaml")


def interactions(path: Path) -> str:
    return path.read_text("utf-8").split("\n\n", maxsplit=1)[1]
