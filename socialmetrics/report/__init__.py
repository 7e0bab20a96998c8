"""Comparisons for people: as an HTML page, as text, as JSON."""
