"""A simulated Engagement API 2: its contract, strictly, over a simulated world.

service = app(World())                # serve it with socialmetrics.sandbox.server
service.state.published               # what was published, with its rounded times
"""

from __future__ import annotations

from typing import Any, Final

from starlette.applications import Starlette

from socialmetrics.sandbox.kit import Sandbox
from socialmetrics.sandbox.world import World
from socialmetrics_hootsuite.legacy.sandbox.feeds import Feeds
from socialmetrics_hootsuite.legacy.sandbox.options import Options
from socialmetrics_hootsuite.legacy.sandbox.server import CREDENTIALS, Server
from socialmetrics_hootsuite.legacy.sandbox.service import Service
from socialmetrics_hootsuite.legacy.sandbox.writing import Published

__all__ = ["CREDENTIALS", "Feeds", "Options", "Published", "app", "sandbox"]

_NOTES: Final = """\
Chosen where the documents are silent. Refused (400): unknown, repeated and empty
parameters, a count above 30, single parameters beside streams, sendLater with neither
or both of timestamp and autoSchedule, times that have passed, flags other than the
number 1, replies and places with profiles that are not on Twitter, a page's home
stream. Foreign profiles are 403. autoSchedule or timestamp without sendLater publish at
once, as the documents say; autoSchedule takes the next hour. Streams count when they
are answered, in any hour. HOME shows the posts of every profile on Twitter and the
mentions of this one, F_WALL a page's posts and reviews, RETWEETS_OF_ME every third post
of the profile; nothing is an event. Receipts and several streams come under `results`.
"""


def app(world: World, **options: Any) -> Starlette:
    """The service over that world, for ASGI servers. `Options` says what can be set."""
    return Server(Service(world, Options(**options))).application()


def sandbox(world: World, **options: Any) -> Sandbox:
    """The service with the credentials that open it."""
    span = f"{world.start:%Y-%m-%d} to {world.now:%Y-%m-%d %H:%M} UTC"
    notes = f"The accounts lived from {span}; ask for days in between.\n{_NOTES}"
    return Sandbox(
        app=app(world, **options),
        credentials=CREDENTIALS,
        notes=notes,
        now=world.now,
    )
