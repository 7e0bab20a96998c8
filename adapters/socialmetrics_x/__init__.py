"""X's Engagement API for socialmetrics."""

from socialmetrics_x.adapter import X

__all__ = ["X"]
