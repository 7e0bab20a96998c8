"""An adapter whose import fails."""

raise RuntimeError("1 is not 2")
