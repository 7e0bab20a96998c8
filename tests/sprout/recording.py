"""Makes cassettes, from the simulated world or from the vendor."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from socialmetrics.sandbox.server import serve
from socialmetrics.sandbox.world import World
from socialmetrics_sprout.sandbox import CREDENTIALS, sandbox
from tests.conftest import Fetch
from tests.recording.stories import LIVE, SIMULATED
from tests.sprout.scenarios import SCENES, WRITES, stage_of
from tests.sprout.scrubbing import Scrubber
from tests.sprout.tapes import STUDIO, recording

BLOCKING: Final = Fetch(is_async=False)
CUSTOMER: Final = "687751"


def record_simulated(
    names: Iterable[str], folder: Path, day: date, scrubber: Scrubber | None = None
) -> list[Path]:
    """Cassettes of those scenes, each played by a world of its own."""
    made: list[Path] = []
    for name in names:
        world = World()
        with serve(sandbox(world, per_minute=10_000, media_wait=0).app) as running:
            credentials = (
                {k: CREDENTIALS[k] for k in ("client_id", "client_secret")}
                if name == "token"
                else {"token": CREDENTIALS["token"], "customer_id": CUSTOMER}
            )
            made.append(folder / f"{name}.yaml")
            stage = stage_of(
                BLOCKING,
                world.now,
                {"base_url": running.url, "auth_url": running.url, **credentials},
            )
            story = STUDIO.story(name, SIMULATED.format(day=day), world.now)
            with recording(made[-1], story, scrubber):
                SCENES[name](stage)
    return made


def record_live(
    names: Iterable[str], folder: Path, token: str, *, writes: bool
) -> list[Path]:
    """The same from the vendor, for whoever has a token. Never tried."""
    scrubber, now = Scrubber(), datetime.now(UTC).replace(microsecond=0)
    made: list[Path] = []
    for name in names:
        if name == "token" or (name in WRITES and not writes):
            continue
        path = folder / f"{name}.yaml"
        story = STUDIO.story(name, LIVE.format(day=now.date()), now)
        with recording(path, story, scrubber):
            SCENES[name](stage_of(BLOCKING, now, {"token": token}))
        made.append(path)
    return made
