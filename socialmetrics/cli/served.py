"""The demo's sandbox, as the child process makes it that serves it."""

from __future__ import annotations

from socialmetrics.connections import adapter_class
from socialmetrics.sandbox import Sandbox, World


def open_sandbox(world: World, *, adapter: str, per_minute: int) -> Sandbox:
    """The sandbox of that adapter, with this allowance of calls, over its own world."""
    del world
    return adapter_class(adapter).sandbox(per_minute=per_minute)
