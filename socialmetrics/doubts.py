"""What is said where nobody knows whether something was published."""

from __future__ import annotations

from collections.abc import Sequence

from socialmetrics.entry import Entry, Sending, named
from socialmetrics.errors import OutcomeUnknown, SocialMetricsError, Unsupported


def unknown(
    entry: Entry, sending: Sending, cause: SocialMetricsError | None, read: str
) -> OutcomeUnknown:
    """The error of a sending; `read` says what came of reading it back."""
    profiles = ", ".join(map(named, entry.missing(sending)))
    why = "nobody saw the answer" if cause is None else _said(cause)
    error = OutcomeUnknown(
        f"{why}. It left at {sending.sent_at:%Y-%m-%d %H:%M:%S} UTC; read back for "
        f"{profiles}: {read}. {_advice(entry.key)}",
        vendor=entry.adapter,
        operation="publish",
        status=None if cause is None else cause.status,
        code=None if cause is None else cause.code,
        request_id=None if cause is None else cause.request_id,
    )
    error.consignment = sending.consignment
    error.sent_at = sending.sent_at
    return error


def reading(problem: SocialMetricsError | None, rivals: Sequence[str]) -> str:
    """What came of it: the problem, or the keys that it may as well be of."""
    if isinstance(problem, Unsupported):
        return _said(problem)
    if problem is not None:
        return f"it could not be looked at: {_said(problem)}"
    if rivals:
        return f"one is there that may be the one of key={', '.join(map(repr, rivals))}"
    return "it is not there yet"


def _advice(key: str) -> str:
    if not key:
        return "Give a key= the next time: then it can be asked for later"
    return f"Ask publication({key!r}) later, or publish it with again='unknown'"


def _said(error: SocialMetricsError) -> str:
    """Its message within a sentence, or its kind where the vendor's words are empty."""
    said = error.message.strip().rstrip(".")
    if said.strip("{}[]\"' "):
        return said
    status = "" if error.status is None else f" (HTTP {error.status})"
    return f"{type(error).__name__}{status}"
