"""Sprout Social for socialmetrics: the adapter, and the builder of its filters."""

from socialmetrics_sprout.adapter import Sprout
from socialmetrics_sprout.conditions import Condition, field

__all__ = ["Condition", "Sprout", "field"]
