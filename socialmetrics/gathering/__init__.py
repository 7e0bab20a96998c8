"""What several tools tell of one account, gathered to be compared."""

from socialmetrics.gathering.gathered import Gathered
from socialmetrics.gathering.prepared import Prepared
from socialmetrics.gathering.preparing import gather, prepare
from socialmetrics.gathering.tool import Tool

__all__ = ["Gathered", "Prepared", "Tool", "gather", "prepare"]
