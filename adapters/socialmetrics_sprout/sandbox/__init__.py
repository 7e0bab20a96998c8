"""A simulated Sprout: the contract of its API, strictly, over a simulated world.

app = sandbox(World()).app            # serve it with socialmetrics.sandbox.server
"""

from __future__ import annotations

from typing import Any, Final

from starlette.applications import Starlette

from socialmetrics.sandbox.kit import Sandbox
from socialmetrics.sandbox.world import World
from socialmetrics_sprout.sandbox.gate import CREDENTIALS
from socialmetrics_sprout.sandbox.lens import Lens
from socialmetrics_sprout.sandbox.options import Options
from socialmetrics_sprout.sandbox.server import Server
from socialmetrics_sprout.sandbox.service import Service

__all__ = ["CREDENTIALS", "Lens", "Options", "Sandbox", "app", "sandbox"]

_NOTES: Final = """\
Chosen where the documents are silent: at most 1,000 rows a page on analytics/profiles
and 100 on analytics/posts; an empty result has total_pages 0; in guid order total_pages
says how many pages remain, this one included; posts come newest first unless sorted;
one filter of a kind; rows exist from the beginning of the world to the running day;
days of undocumented networks are UTC; posts have the guid code `t:` on X and `p:`
elsewhere; guids sort by their reversed text; unknown profile ids are refused (403);
listening messages beyond the last page are an empty page; an unknown field or metric
of listening is refused; daily rows of networks without daily metrics come empty.
"""


def app(world: World, **options: Any) -> Starlette:
    """The service over that world, for ASGI servers. `Options` says what can be set."""
    return Server(Service(world, Options(**options))).application()


def sandbox(world: World, **options: Any) -> Sandbox:
    """The service with the credentials that open it."""
    span = f"{world.start:%Y-%m-%d} to {world.now:%Y-%m-%d %H:%M} UTC"
    notes = f"The company lived from {span}; ask for days in between.\n{_NOTES}"
    return Sandbox(
        app=app(world, **options),
        credentials=CREDENTIALS,
        notes=notes,
        now=world.now,
    )
