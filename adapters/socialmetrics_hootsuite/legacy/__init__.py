"""Hootsuite's Engagement API 2, as it was before the Platform API: the adapter."""

from socialmetrics_hootsuite.legacy.adapter import HootsuiteLegacy
from socialmetrics_hootsuite.legacy.newer import Newer, Seen
from socialmetrics_hootsuite.legacy.streams import VendorStream

__all__ = ["HootsuiteLegacy", "Newer", "Seen", "VendorStream"]
