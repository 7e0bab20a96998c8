"""X's Engagement API for socialmetrics."""
