"""The demo's sandbox, as the child process makes it that serves it."""

from __future__ import annotations

from socialmetrics.connections import adapter_class
from socialmetrics.sandbox import Sandbox, World


def open_sandbox(world: World, *, adapter: str, per_minute: int | None) -> Sandbox:
    """The sandbox of that adapter, over its own world; with an allowance of calls,
    unless it does not count them by the minute."""
    del world
    options = {} if per_minute is None else {"per_minute": per_minute}
    return adapter_class(adapter).sandbox(**options)
