"""What an adapter's sandbox hands over: an application and how to log in to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from datetime import datetime

import attrs

_Event = MutableMapping[str, object]
# The objects of an ASGI call are dictionaries of many shapes.
App = Callable[..., Awaitable[None]]


@attrs.frozen(kw_only=True)
class Sandbox:
    """A vendor's sandbox, ready to serve.

    `app` is an ASGI application; `credentials` are the keywords for `connect`, all of
    them fake; `notes` say what it simulates and what it chose where the vendor is
    silent. `now` is the instant at which its world stands still.
    """

    app: App
    credentials: Mapping[str, str]
    now: datetime
    notes: str = ""
