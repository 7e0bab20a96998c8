"""Reports that a tool exports as CSV or as a workbook, read by a mapping."""

from socialmetrics.exports.export import Export, read_export

__all__ = ["Export", "read_export"]
