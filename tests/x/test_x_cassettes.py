"""Every case of X, played from its cassette by both clients, without any network."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

import socialmetrics as sm
from socialmetrics.plan import By
from socialmetrics.reading import Status
from socialmetrics_x.login import RequestToken
from socialmetrics_x.sandbox import Lens, credentials
from tests.conftest import Fetch
from tests.recording.tapes import clock_of, has_no_answer, playing
from tests.x.haste_x import Haste, haste
from tests.x.recording_x import record_simulated, whole_world
from tests.x.scenarios_x import (
    AGING,
    DAYS,
    GONE,
    LASTING,
    LOCKED,
    MINE,
    MORNING,
    NOW,
    SCENES,
    THEIRS,
    TWO_PIECES,
    stage_of,
    stand_ins,
)
from tests.x.serving_x import ACME_ID
from tests.x.tapes_x import STUDIO
from tests.x.truths_x import PRIVATE, TOTALS, Truth, check_steps, check_totals, steps

CASSETTES: Final = sorted(STUDIO.folder.glob("*.yaml"))
LOGIN: Final = RequestToken(
    token=sm.Secret("not-a-token"),
    secret=sm.Secret("not-a-secret"),
    callback="oob",
    address="https://api.x.com/oauth/authorize?oauth_token=not-a-token",
)
EVERYBODY: Final = [*MINE, *THEIRS]
PUBLIC: Final = [name for name in TOTALS if name not in PRIVATE]
ASKED: Final = ("impressions", "url_clicks", "favorites")
RECENT: Final = sm.Window(datetime(2026, 3, 10, 2, tzinfo=UTC), NOW)


@pytest.fixture(scope="module")
def truth() -> Truth:
    return Truth(lens=Lens(whole_world()), now=NOW)


@pytest.fixture(autouse=True)
def clock() -> Iterator[Haste]:
    """Nobody waits for a limit that is long over."""
    with haste(NOW.timestamp()) as found:
        yield found


def played(name: str, fetch: Fetch, folder: Path = STUDIO.folder) -> Any:
    """What the scene gives, played to the end of its cassette."""
    scene = SCENES[name]
    stage = stage_of(fetch, stand_ins(scene), login=LOGIN, verifier="not-a-verifier")
    with playing(STUDIO, folder / f"{name}.yaml") as is_over:
        found = scene.ask(stage)
        assert is_over(), f"{name} has answers that nobody asked for"
    return found


# -- figures ---------------------------------------------------------------------------

Lifetime = tuple[Sequence[str], Sequence[str]]
TOTALS_OF: Final[Mapping[str, Lifetime]] = {
    "totals_bearer_given": (EVERYBODY, PUBLIC),
    "totals_bearer_fetched": (EVERYBODY, PUBLIC),
    "totals_signed_by_the_app": (EVERYBODY, PUBLIC),
    "totals_bearer_dies": (MINE, PUBLIC),
    "totals_owner": (MINE, PRIVATE),
    "totals_partial": ((MINE[0], AGING, GONE, LOCKED), PRIVATE),
    "totals_unavailable": ((GONE, LOCKED), PRIVATE),
}


@pytest.mark.block_network
@pytest.mark.parametrize("name", TOTALS_OF)
def test_recorded_totals_are_those_of_the_world(
    name: str, fetch: Fetch, truth: Truth
) -> None:
    ids, names = TOTALS_OF[name]

    series = played(name, fetch)

    check_totals(series, ids, names, truth)


STEPS_OF: Final[Mapping[str, tuple[Sequence[str], sm.Window, Mapping[str, Any]]]] = {
    "recent_hours": (MINE[:2], RECENT, {}),
    "historical_hours": (MINE, MORNING, {}),
    "historical_days": (MINE, DAYS, {}),
    "forbidden_posts_by_author": (EVERYBODY, DAYS, {}),
    "forbidden_posts_in_one": (EVERYBODY, DAYS, {}),
    "forbidden_metrics": (MINE, DAYS, {"forbidden": ("url_clicks",)}),
    "revoked_token": (EVERYBODY, DAYS, {"owners": (ACME_ID,)}),
    "rate_limited": (MINE, MORNING, {}),
    "rate_limited_in_a_200": ([LASTING], TWO_PIECES, {}),
}


@pytest.mark.block_network
@pytest.mark.parametrize("name", STEPS_OF)
def test_recorded_hours_and_days_are_those_of_the_world(
    name: str, fetch: Fetch, truth: Truth
) -> None:
    ids, window, differs = STEPS_OF[name]
    names = ASKED if name != "rate_limited_in_a_200" else ASKED[:1]
    by: By = "hour" if window in (RECENT, MORNING) else "day"

    series = played(name, fetch)

    now = Truth(lens=truth.lens, now=truth.now, **differs)
    check_steps(series, ids, names, list(steps(window, by, NOW)), now)


@pytest.mark.parametrize(
    ("name", "seconds"), [("rate_limited", 60), ("rate_limited_in_a_200", 20)]
)
def test_a_recorded_limit_is_waited_for(
    name: str, seconds: float, fetch: Fetch, clock: Haste
) -> None:
    played(name, fetch)

    assert seconds <= clock.ahead <= 1.1 * seconds


# -- everything else -------------------------------------------------------------------

Facts = Callable[[Any], object]
EXPECTED: Final[dict[str, tuple[Facts, object]]] = {
    "totals_partial": (
        lambda found: {(p.subject.native_id, p.status) for p in found},
        {
            (MINE[0], Status.OBSERVED),
            (AGING, Status.TOO_OLD),
            (GONE, Status.UNAVAILABLE),
            (LOCKED, Status.UNAVAILABLE),
        },
    ),
    "revoked_token": (
        lambda found: "log in again" in str(found.issues),
        True,
    ),
    "forbidden_metrics": (
        lambda found: len(found.where("link_clicks", status=Status.NOT_PERMITTED)),
        len(MINE),  # all of them made on the last day
    ),
    "historical_groupings": (
        lambda found: (
            {name: len(rows) for name, rows in found.rows.items()},
            found.listed,
            (found.start, found.end),
        ),
        (
            {"by metric": 2, "by post": 3},
            {"unavailable_tweet_ids": (GONE,)},
            (DAYS.start, DAYS.end),
        ),
    ),
    "login_request_token": (
        lambda found: found.address,
        "https://api.x.com/oauth/authorize?oauth_token=scrubbed",
    ),
    "login_access_token": (
        lambda found: (found.user_id, found.screen_name, found.owner.user_id),
        (ACME_ID, "acme", ACME_ID),
    ),
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
    text = (STUDIO.folder / "totals_owner.yaml").read_text("utf-8")
    other = text.replace(MINE[0], "2031422675966914744")
    (tmp_path / "totals_owner.yaml").write_text(other, "utf-8")

    with pytest.raises(Exception, match="no recorded interaction") as caught:
        played("totals_owner", fetch, tmp_path)

    assert has_no_answer(caught.value)


def test_every_case_has_one_cassette_and_one_expectation() -> None:
    names = {*TOTALS_OF, *STEPS_OF, *EXPECTED}

    assert {path.stem for path in CASSETTES} == set(SCENES) == names


# -- files -----------------------------------------------------------------------------


@pytest.mark.parametrize("path", CASSETTES, ids=lambda path: path.stem)
def test_a_cassette_says_how_it_was_made_and_is_small_and_readable(path: Path) -> None:
    text = path.read_text("utf-8")

    first, second, third, *_ = text.splitlines()
    assert first == f"# X: {path.stem}."
    assert re.match(r"# Recorded from .+ on \d{4}-\d\d-\d\d by `make record`", second)
    assert third == f"# Clock: {clock_of(path).isoformat()}"
    assert len(text) < 20_000
    assert "!!binary" not in text


@pytest.mark.parametrize("path", CASSETTES, ids=lambda path: path.stem)
def test_a_cassette_holds_no_credential_and_no_address_of_this_machine(
    path: Path, truth: Truth
) -> None:
    text = path.read_text("utf-8").lower()

    words = ["authorization", "bearer ", "signature", "nonce", "consumer", "cookie"]
    for word in (*words, "127.0.0.1", "localhost"):
        assert word not in text
    for setting in credentials(truth.lens.world).values():
        for secret in re.split("[:,]", setting):
            assert secret.lower() not in text
    told = re.findall(r"(?:access_token|oauth_token(?:_secret)?)[\"=: ]+([\w-]+)", text)
    assert {each.removeprefix(f"{ACME_ID}-") for each in told} <= {"scrubbed"}
    hosts = set(re.findall(r"^    uri: https?://([^/]+)/", text, re.MULTILINE))
    assert hosts <= {"data-api.x.com", "api.x.com"}


@pytest.mark.parametrize(
    "name",
    [each for each in SCENES if each != "rate_limited"],  # waits, more or less
)
def test_recording_anew_gives_the_same_cassette(name: str, tmp_path: Path) -> None:
    (path,) = record_simulated([name], tmp_path, datetime.now(UTC).date())

    assert interactions(path) == interactions(STUDIO.folder / f"{name}.yaml")


def interactions(path: Path) -> str:
    return path.read_text("utf-8").split("\n\n", maxsplit=1)[1]
