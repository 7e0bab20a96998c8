"""Every operation, played from its cassette by both clients, without any network."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from socialmetrics.reading import Status
from socialmetrics_sprout.sandbox import CREDENTIALS
from tests.conftest import Fetch
from tests.sprout.recording import record_simulated
from tests.sprout.scenarios import SCENES, stage_of
from tests.sprout.scrubbing import Scrubber
from tests.sprout.tapes import FOLDER, clock_of, has_no_answer, playing

CASSETTES = sorted(FOLDER.glob("*.yaml"))
TOKEN = {"token": "not-a-token", "customer_id": "687751"}
CLIENT = {"client_id": "not-a-client", "client_secret": "not-a-secret"}


def played(name: str, fetch: Fetch, folder: Path = FOLDER, **settings: str) -> Any:
    """What the scene gives, played to the end of its cassette."""
    path = folder / f"{name}.yaml"
    credentials = settings or (CLIENT if name == "token" else TOKEN)
    with playing(path) as is_over:
        found = SCENES[name](stage_of(fetch, clock_of(path), credentials))
        assert is_over(), f"{name} has answers that nobody asked for"
    return found


def statuses(series: Any) -> set[Status]:
    return {point.status for point in series}


Facts = Callable[[Any], object]
EXPECTED: dict[str, tuple[Facts, object]] = {
    "customers": (
        lambda found: [(c.vendor_id, c.name) for c in found],
        [("687751", "Acme")],
    ),
    "profiles": (
        lambda found: (len(found), str(found[0].ref), found[0].groups),
        (17, "x:1067094924124872705", ("1201", "1202")),
    ),
    "posts": (
        lambda found: (
            {post.ref.network for post in found},
            all(post.metrics["impressions"].value > 0 for post in found),
        ),
        ({"facebook", "instagram"}, True),
    ),
    "messages": (
        lambda found: (
            [m.created_at for m in found] == sorted(m.created_at for m in found),
            {m.sent for m in found} >= {False},
        ),
        (True, True),
    ),
    "metrics_profiles": (
        lambda found: (
            statuses(found),
            sorted({m.network for m in found.missing}),
            len(found.where("followers")),
        ),
        ({Status.OBSERVED}, ["youtube"], 12),
    ),
    "metrics_posts": (
        lambda found: (
            {p.metric for p in found},
            {p.end for p in found},
            statuses(found),
        ),
        ({"impressions", "reactions"}, {None}, {Status.OBSERVED}),
    ),
    "topics": (lambda found: found[0].vendor_id, "81391723128379"),
    "topic_messages": (
        lambda found: len({m.vendor_id for m in found}) == len(found) > 0,
        True,
    ),
    "topic_metrics": (
        lambda found: {p.breakdown for p in found},
        {
            f"sentiment={each}"
            for each in ("positive", "neutral", "negative", "unclassified")
        },
    ),
    "publish": (
        lambda found: (
            [d.state for d in found[0].deliveries],
            [(p.status, p.is_draft) for p in found[1]],
        ),
        (["draft", "left out"], [("PENDING", True)]),
    ),
    "upload": (lambda found: [m.kind for m in found], ["document", "photo"]),
    "tags": (lambda found: {t.kind for t in found}, {"LABEL", "CAMPAIGN"}),
    "groups": (lambda found: [g.vendor_id for g in found], ["1201", "1202", "1203"]),
    "users": (lambda found: all("@" in u.email for u in found), True),
    "teams": (lambda found: all(t.name for t in found), True),
    "queues": (lambda found: all(q.teams for q in found), True),
    "cases": (
        lambda found: (
            {c.created_at.date() for c in found}
            <= {date(2026, 3, day) for day in range(4, 11)}
        ),
        True,
    ),
    "token": (lambda found: [g.vendor_id for g in found], ["1201", "1202", "1203"]),
}


@pytest.mark.block_network
@pytest.mark.parametrize("name", SCENES)
def test_every_operation_reads_its_cassette_to_the_end(name: str, fetch: Fetch) -> None:
    facts, expected = EXPECTED[name]

    found = played(name, fetch)

    assert facts(found) == expected


@pytest.mark.block_network
def test_a_request_that_was_not_recorded_is_no_answer(fetch: Fetch) -> None:
    with pytest.raises(Exception, match="no recorded interaction") as caught:
        played("groups", fetch, token="not-a-token", customer_id="1")

    assert has_no_answer(caught.value)


@pytest.mark.parametrize("path", CASSETTES, ids=lambda path: path.stem)
def test_a_cassette_says_how_it_was_made_and_is_small_and_readable(path: Path) -> None:
    text = path.read_text("utf-8")

    first, second, third, *_ = text.splitlines()
    assert first == f"# Sprout Social: {path.stem}."
    assert re.match(r"# Recorded from .+ on \d{4}-\d\d-\d\d by `make record`", second)
    assert third == f"# Clock: {clock_of(path).isoformat()}"
    assert len(text) < 80_000
    assert "!!binary" not in text


@pytest.mark.parametrize("path", CASSETTES, ids=lambda path: path.stem)
def test_a_cassette_holds_no_credential_and_no_address_of_this_machine(
    path: Path,
) -> None:
    text = path.read_text("utf-8").lower()

    for word in ("authorization", "bearer ", "cookie", "127.0.0.1", "localhost"):
        assert word not in text
    for secret in CREDENTIALS.values():
        assert secret.lower() not in text
    hosts = set(re.findall(r"^    uri: https?://([^/]+)/", text, re.MULTILINE))
    assert hosts <= {"api.sproutsocial.com", "identity.sproutsocial.com"}


def test_every_operation_has_one_cassette() -> None:
    assert {path.stem for path in CASSETTES} == set(SCENES) == set(EXPECTED)


# -- recording -------------------------------------------------------------------------


def interactions(path: Path) -> str:
    return path.read_text("utf-8").split("\n\n", maxsplit=1)[1]


@pytest.mark.parametrize("name", ["groups", "token"])
def test_recording_anew_gives_the_same_cassette(name: str, tmp_path: Path) -> None:
    (path,) = record_simulated([name], tmp_path, datetime.now(UTC).date())

    assert interactions(path) == interactions(FOLDER / f"{name}.yaml")


@pytest.mark.parametrize("name", ["profiles", "messages", "cases"])
def test_a_scrubbed_recording_still_plays_and_holds_nothing_personal(
    name: str, tmp_path: Path, fetch: Fetch
) -> None:
    original = played(name, fetch)
    (path,) = record_simulated([name], tmp_path, date(2026, 3, 11), Scrubber(b"salt"))
    customer = re.search(r"/v1/(\w+)/", path.read_text("utf-8"))

    scrubbed = played(
        name,
        fetch,
        tmp_path,
        token="not-a-token",
        customer_id=customer[1] if customer else "",
    )

    assert len(scrubbed) == len(original)
    for one in original:
        told = [one.vendor_id, getattr(one, "text", None), getattr(one, "name", None)]
        said = path.read_text("utf-8")
        assert not [
            word for word in told if word and re.search(rf"\b{re.escape(word)}\b", said)
        ]
