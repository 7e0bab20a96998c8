"""Times as Hootsuite reads and writes them: UTC, with a Z at the end."""

from __future__ import annotations

from datetime import UTC, datetime


def stamp(moment: datetime) -> str:
    """Whole seconds; an offset like +00:00 would be refused."""
    plain = moment.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    return f"{plain.isoformat()}Z"


def utc(text: str) -> datetime:
    """The instant; one without a zone is UTC. Raises `ValueError`."""
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)


def utc_or_none(text: str | None) -> datetime | None:
    """The instant; None where none is told."""
    return utc(text) if text else None
