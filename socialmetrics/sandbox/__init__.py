"""A simulated world and what is needed to serve it: see `world`, `server`, `faults`."""

from socialmetrics.sandbox.kit import Sandbox
from socialmetrics.sandbox.world import World

__all__ = ["Sandbox", "World"]
