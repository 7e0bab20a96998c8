"""A simulated X: the contract of its Engagement API, strictly, over a simulated world.

app = sandbox(World()).app            # serve it with socialmetrics.sandbox.server
"""

from __future__ import annotations

from typing import Any, Final

from starlette.applications import Starlette

from socialmetrics.sandbox.kit import Sandbox
from socialmetrics.sandbox.world import World
from socialmetrics_x.sandbox.keys import credentials
from socialmetrics_x.sandbox.options import Options
from socialmetrics_x.sandbox.server import Server
from socialmetrics_x.sandbox.service import Service
from socialmetrics_x.sandbox.truth import Lens

__all__ = ["Lens", "Options", "Sandbox", "app", "credentials", "sandbox"]

_NOTES: Final = """\
Chosen where the documents are silent. Refused (400): empty lists, ids and metrics given
twice, leading zeros, unknown keys, compressed or missing bodies, the old name
media_clicks, start and end on totals and 28hr, and only one of the two. A window is
measured after it was rounded to hours; one that reaches into the running hour ends now.
28hr has 28 full hours and the one that runs. Figures are cut to full hours, so the
running hour counts nothing yet; hours from before a post are zeros. On totals, posts
older than 90 days (to the second) keep their other metrics; on historical nothing is
too old. What an app alone may not ask is refused with 403 and code 220. Posts of others
that are gone or protected count as unavailable, not as foreign. About every third video
is the account's one before again; its views on totals are those of all its posts. A
limit begins with its first request and is renewed as a whole; only requests that could
be authenticated count. Nonces are remembered for ten minutes. A dead access token is
replaced by a new one when its account lets the app in again; a wrong PIN can be typed
again. Signatures, limits and the Date header go by the real clock, figures by the
world's.
"""


def app(world: World, **options: Any) -> Starlette:
    """The service over that world, for ASGI servers. `Options` says what can be set."""
    return Server(Service(world, Options(**options))).application()


def sandbox(world: World, **options: Any) -> Sandbox:
    """The service with the credentials that open it, those of every account."""
    span = f"{world.start:%Y-%m-%d} to {world.now:%Y-%m-%d %H:%M} UTC"
    notes = f"The accounts lived from {span}; ask for hours in between.\n{_NOTES}"
    return Sandbox(
        app=app(world, **options),
        credentials=credentials(world),
        notes=notes,
        now=world.now,
    )
