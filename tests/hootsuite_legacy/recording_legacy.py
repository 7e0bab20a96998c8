"""Makes the cassettes of the Engagement API, from the simulated world."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from socialmetrics.sandbox.server import serve
from socialmetrics.sandbox.world import World
from socialmetrics_hootsuite import HootsuiteLegacy
from socialmetrics_hootsuite.legacy.sandbox import CREDENTIALS, app
from tests.conftest import Fetch
from tests.hootsuite_legacy.scenarios_legacy import NOW, SCENES, STAND_IN, stage_of
from tests.hootsuite_legacy.tapes_legacy import STUDIO
from tests.recording.stories import SIMULATED
from tests.recording.tapes import recording

BLOCKING: Final = Fetch(is_async=False)


@cache
def whole_world() -> World:
    """The world that the sandbox shows; no scene changes it."""
    return World()


def record_simulated(names: Iterable[str], folder: Path, day: date) -> list[Path]:
    """Cassettes of those scenes, each played by a service of its own."""
    world = whole_world()
    assert world.now == NOW
    return [_recorded(name, folder / f"{name}.yaml", world, day) for name in names]


def _recorded(name: str, path: Path, world: World, day: date) -> Path:
    scene = SCENES[name]
    with serve(app(world, **scene.options)) as running:
        opening = CREDENTIALS if scene.is_known else STAND_IN
        address = f"{running.url}{urlsplit(HootsuiteLegacy.base_url).path}"
        stage = stage_of(BLOCKING, {"base_url": address, **opening})
        with recording(
            STUDIO, path, STUDIO.story(name, SIMULATED.format(day=day), NOW)
        ):
            scene.ask(stage)
    return path
