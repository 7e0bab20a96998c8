"""Every case of the Engagement API, played by both clients, without any network."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeAlias

import pytest

import socialmetrics as sm
from socialmetrics_hootsuite.legacy.sandbox import CREDENTIALS, Feeds
from tests.conftest import Fetch
from tests.hootsuite_legacy.recording_legacy import record_simulated, whole_world
from tests.hootsuite_legacy.scenarios_legacy import (
    DAY,
    NOW,
    OF_A_PAGE,
    SCENES,
    STAND_IN,
    stage_of,
)
from tests.hootsuite_legacy.tapes_legacy import STUDIO
from tests.recording.tapes import clock_of, has_no_answer, playing

CASSETTES: Final = sorted(STUDIO.folder.glob("*.yaml"))
Facts: TypeAlias = Callable[[Any], object]


def played(name: str, fetch: Fetch, folder: Path = STUDIO.folder) -> Any:
    """What the scene gives, played to the end of its cassette."""
    with playing(STUDIO, folder / f"{name}.yaml") as is_over:
        found = SCENES[name].ask(stage_of(fetch, STAND_IN))
        assert is_over(), f"{name} has answers that nobody asked for"
    return found


# -- what is read ----------------------------------------------------------------------

STREAMS: Final = {
    "messages_of_x": ("x", 0, ("HOME", "MENTION", "SENT", "RETWEETS_OF_ME")),
    "messages_of_facebook": ("facebook", 0, OF_A_PAGE),
    "home_of_facebook": ("facebook", 1, ("F_HOME_STREAM",)),
    "messages_to_x": ("x", 0, ("MENTION",)),
    "messages_to_facebook": ("facebook", 0, ("F_WALL", "F_COMMENTS")),
    "posts": ("x", 0, ("SENT",)),
}


@pytest.mark.block_network
@pytest.mark.parametrize("name", STREAMS)
def test_recorded_streams_are_those_of_the_world(name: str, fetch: Fetch) -> None:
    network, nth, kinds = STREAMS[name]

    found = played(name, fetch)

    world = whole_world()
    account = [each for each in world.profiles if each.network == network][nth]
    feeds = Feeds(world)
    there = [
        (each.id, each.text)
        for kind in kinds
        for each in feeds.feed(account, kind, world.now)
        if DAY.start <= each.at < DAY.end
    ]
    assert there
    assert {(each.vendor_id, each.text) for each in found} == set(there)


# -- everything else -------------------------------------------------------------------


def states(found: sm.Publication) -> list[tuple[str, str | None]]:
    return [(each.state, each.vendor_id) for each in found.deliveries]


def refusal(kind: type[sm.SocialMetricsError], words: str) -> Facts:
    """Whether it is that error, and says that."""
    return lambda found: type(found) is kind and words in str(found)


EXPECTED: Final[dict[str, tuple[Facts, object]]] = {
    "networks": (
        lambda found: [(each.vendor_id, each.ref.network) for each in found],
        [
            *(("1230000", "x"), ("1230001", "x")),
            *(("1230002", "facebook"), ("1230003", "facebook")),
            *(("1230006", "linkedin"), ("1230007", "linkedin")),
        ],
    ),
    "newer": (
        lambda found: (
            len(found[0].messages) > 0,
            found[1].messages,
            found[1].last_seen == found[0].last_seen,
        ),
        (True, (), True),
    ),
    "publish_now": (
        states,
        [("submitted", "60000000"), ("submitted", "60000001")],
    ),
    "publish_at": (
        lambda found: (states(found), {(d.at, d.asked_at) for d in found.deliveries}),
        (
            [("scheduled", "60000000"), ("scheduled", "60000001")],
            {(NOW + timedelta(minutes=65), NOW + timedelta(minutes=61))},
        ),
    ),
    "publish_automatically": (
        lambda found: (states(found), found.deliveries[0].at),
        ([("scheduled", "60000000")], None),
    ),
    "publish_without_a_receipt": (
        states,
        [("scheduled", None), ("scheduled", None)],
    ),
    "token_unknown": (refusal(sm.AuthRefused, "log in again"), True),
    "foreign_profile": (refusal(sm.PermissionDenied, "1239999"), True),
    "limited": (refusal(sm.RateLimited, "300 streams/hour"), True),
    "limited_with_403": (refusal(sm.RateLimited, "300 streams/hour"), True),
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
    text = (STUDIO.folder / "publish_now.yaml").read_text("utf-8")
    other = text.replace("All about tea", "All about milk")
    (tmp_path / "publish_now.yaml").write_text(other, "utf-8")

    with pytest.raises(Exception, match="no recorded interaction") as caught:
        played("publish_now", fetch, tmp_path)

    assert has_no_answer(caught.value)


def test_every_case_has_one_cassette_and_one_expectation() -> None:
    names = {*STREAMS, *EXPECTED}

    assert {path.stem for path in CASSETTES} == set(SCENES) == names


# -- files -----------------------------------------------------------------------------

each_cassette = pytest.mark.parametrize("path", CASSETTES, ids=lambda path: path.stem)


@each_cassette
def test_a_cassette_says_how_it_was_made_and_is_small_and_readable(path: Path) -> None:
    text = path.read_text("utf-8")

    first, second, third, *_ = text.splitlines()
    assert first == f"# Hootsuite Engagement API 2: {path.stem}."
    assert re.match(r"# Recorded from .+ on \d{4}-\d\d-\d\d by `make record`", second)
    assert third == f"# Clock: {clock_of(path).isoformat()}"
    assert len(text) < 60_000
    assert "!!binary" not in text


@each_cassette
def test_a_cassette_holds_no_credential_and_no_address_of_this_machine(
    path: Path,
) -> None:
    text = path.read_text("utf-8").lower()

    for word in ("authorization", "bearer ", "cookie", "127.0.0.1", "localhost"):
        assert word not in text
    assert CREDENTIALS["access_token"] not in text
    hosts = set(re.findall(r"^    uri: https?://([^/]+)/", text, re.MULTILINE))
    assert hosts == {"api.hootsuite.com"}


@pytest.mark.parametrize("name", SCENES)
def test_recording_anew_gives_the_same_cassette(name: str, tmp_path: Path) -> None:
    (path,) = record_simulated([name], tmp_path, datetime.now(UTC).date())

    assert interactions(path) == interactions(STUDIO.folder / f"{name}.yaml")


def interactions(path: Path) -> str:
    return path.read_text("utf-8").split("\n\n", maxsplit=1)[1]
