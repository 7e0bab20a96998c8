"""Hootsuite for socialmetrics: the Platform API, and the Engagement API before it.

`webhooks.parse` reads the events that Hootsuite sends by itself.
"""

from socialmetrics_hootsuite import webhooks
from socialmetrics_hootsuite.adapter import Hootsuite
from socialmetrics_hootsuite.legacy import HootsuiteLegacy

__all__ = ["Hootsuite", "HootsuiteLegacy", "webhooks"]
