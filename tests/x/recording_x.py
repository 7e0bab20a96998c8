"""Makes the cassettes of X, from the simulated world."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import httpx

import socialmetrics as sm
from socialmetrics.sandbox.server import serve
from socialmetrics.sandbox.world import World
from socialmetrics_x import X
from socialmetrics_x.sandbox import sandbox
from tests.conftest import Fetch
from tests.recording.stories import SIMULATED
from tests.recording.tapes import recording
from tests.x.haste_x import haste
from tests.x.scenarios_x import NOW, SCENES, Scene, public, stage_of
from tests.x.serving_x import ACME_ID, APP, PAIRS, bearer_of
from tests.x.tapes_x import STUDIO

BLOCKING: Final = Fetch(is_async=False)


@cache
def whole_world() -> World:
    """The world that `socialmetrics sandbox x` shows; no scene changes it."""
    return World()


def record_simulated(names: Iterable[str], folder: Path, day: date) -> list[Path]:
    """Cassettes of those scenes, each played by a service of its own."""
    world = whole_world()
    assert world.now == NOW
    return [_recorded(name, folder / f"{name}.yaml", world, day) for name in names]


def _recorded(name: str, path: Path, world: World, day: date) -> Path:
    scene = SCENES[name]
    # The clock stands, so that a cassette is the same whenever it is recorded.
    with haste(NOW.timestamp()), serve(sandbox(world, **scene.options).app) as running:
        settings = {"base_url": running.url, "auth_url": running.url, **APP}
        if scene.is_busy:
            public(stage_of(BLOCKING, settings))
        if scene.owners:
            settings["owners"] = ",".join(PAIRS[each] for each in scene.owners)
        if scene.bearer:
            settings["bearer_token"] = bearer_of(running.url)
        stage = stage_of(
            BLOCKING, {**settings, **scene.settings}, **_login(scene, settings)
        )
        story = STUDIO.story(name, SIMULATED.format(day=day), NOW)
        with recording(STUDIO, path, story):
            scene.ask(stage)
    return path


def _login(scene: Scene, settings: Mapping[str, Any]) -> dict[str, Any]:
    """A login that an account agreed to, where the scene needs one."""
    if not scene.is_agreed:
        return {}
    with sm.connect("x", **settings) as client:
        assert isinstance(client.adapter, X)
        back = "https://app.example/back"
        login = client.run(client.adapter.request_token(back))
    answer = httpx.post(login.address, data={"account": ACME_ID})
    return {"login": login, "verifier": login.verifier(answer.headers["location"])}
