"""Makes the cassettes of Hootsuite, from the simulated world."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import httpx

import socialmetrics as sm
from socialmetrics.sandbox.server import serve
from socialmetrics.sandbox.world import World
from socialmetrics_hootsuite import Hootsuite
from socialmetrics_hootsuite.sandbox import sandbox, secrets
from tests.conftest import Fetch
from tests.hootsuite.scenarios_hootsuite import (
    NOW,
    SCENES,
    STAND_INS,
    haste,
    settings_of,
    stage_of,
)
from tests.hootsuite.tapes_hootsuite import STUDIO
from tests.recording.stories import SIMULATED
from tests.recording.tapes import recording

BLOCKING: Final = Fetch(is_async=False)
BACK: Final = "https://app.example/callback"


@cache
def whole_world() -> World:
    """The world that `socialmetrics sandbox hootsuite` shows; no scene changes it."""
    return World()


def record_simulated(names: Iterable[str], folder: Path, day: date) -> list[Path]:
    """Cassettes of those scenes, each played by a service of its own."""
    world = whole_world()
    assert world.now == NOW
    return [_recorded(name, folder / f"{name}.yaml", world, day) for name in names]


def _recorded(name: str, path: Path, world: World, day: date) -> Path:
    scene = SCENES[name]
    box = sandbox(world, **scene.options)
    scene.before(box.state)
    with haste(), serve(box.app) as running:
        opening = {**STAND_INS, **secrets(world)}
        settings = {"base_url": running.url, **settings_of(scene, opening)}
        login = _login(settings, opening) if name == "token_code" else {}
        story = STUDIO.story(name, SIMULATED.format(day=day), NOW)
        with recording(STUDIO, path, story):
            scene.ask(stage_of(BLOCKING, settings, **login))
    return path


def _login(settings: Mapping[str, Any], opening: Mapping[str, str]) -> dict[str, Any]:
    """A login that the member agreed to."""
    url = settings["base_url"]
    with sm.connect(Hootsuite, **settings, token_store="memory") as client:
        assert isinstance(client.adapter, Hootsuite)
        begun = client.adapter.keys.begin(auth_url=url, redirect_uri=BACK)
    form = dict(parse_qsl(urlsplit(begun.address).query))
    agreed = {**form, "allow": "1", "member": opening["member_id"]}
    answer = httpx.post(f"{url}/oauth2/auth", data=agreed)
    return {"login": begun, "came_back": answer.headers["location"]}
