"""A simulated Hootsuite: Platform API, Analytics API and OAuth server, strictly.

box = sandbox(World())                # serve box.app with socialmetrics.sandbox.server
box.state.advance(timedelta(hours=1))    # scheduled messages go out, tokens end
"""

from __future__ import annotations

from typing import Any, Final

import attrs
from starlette.applications import Starlette

from socialmetrics.sandbox.kit import Sandbox as Kit
from socialmetrics.sandbox.world import World
from socialmetrics_hootsuite.sandbox.keys import credentials, secrets
from socialmetrics_hootsuite.sandbox.options import Options
from socialmetrics_hootsuite.sandbox.profiles import profile_id
from socialmetrics_hootsuite.sandbox.server import Server
from socialmetrics_hootsuite.sandbox.service import Service
from socialmetrics_hootsuite.sandbox.truth import Lens

__all__ = [
    "Lens",
    "Options",
    "Sandbox",
    "Service",
    "app",
    "credentials",
    "profile_id",
    "sandbox",
    "secrets",
]

_NOTES: Final = """\
Chosen where the documents are silent. Twitter and Pinterest profiles stand alone in a
request; a profile given twice, unknown fields and parameters, and times that do not end
in Z are refused (400, code 4000), a body that is not JSON with 1100, another content
type with 415. Ids that cannot be reached are 404 with code 4001, kinds that cannot be
published to 3021. Both ends of a window belong to it. The second accounts of Instagram
and LinkedIn are a person's, owned by the member. Posts that a colleague sent with a
tool are messages; what is published here does not reach the world or its figures. A
message that misses its review becomes EXPIRED_APPROVAL. A tweet has 280 characters.
The storage refuses what was not signed; a medium is READY after a few looks. The day's
quota is renewed at midnight UTC; requests that were refused for it are not counted.
A removed app is told with 401. The old access token lives on after a refresh. datatype
and networkId are required; ORGANIC and PAID are what the world calls so, and PAID has
no followers. Posts of a period are cut at midnights in UTC, their order is that of
chance; days of Threads are UTC. Names of figures that are not proven for a network are
left out: there posts have likes, comments, post_views and clicks, and profiles
total_followers. Rows exist up to the running day; only Instagram is late (48 hours).
Not simulated: organizations, teams, paid analytics, SCIM, registration of clients.
Limits a second go by the real clock, everything else by the service's.
"""


@attrs.frozen(kw_only=True)
class Sandbox(Kit):
    """The sandbox of a vendor, with its state: what was done to it, and its clock."""

    state: Service = attrs.field(repr=False)


def app(world: World, **options: Any) -> Starlette:
    """The service over that world, for ASGI servers. `Options` says what can be set."""
    return Server(Service(world, Options(**options))).application()


def sandbox(world: World, **options: Any) -> Sandbox:
    """The service with the credentials that open it, and its state for tests."""
    state = Service(world, Options(**options))
    span = f"{world.start:%Y-%m-%d} to {world.now:%Y-%m-%d %H:%M} UTC"
    notes = f"The company lived from {span}; ask for days in between.\n{_NOTES}"
    return Sandbox(
        app=Server(state).application(),
        credentials=credentials(),
        notes=notes,
        now=world.now,
        state=state,
    )
