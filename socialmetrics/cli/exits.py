"""Exit codes, and an error as one readable block."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from socialmetrics.errors import (
    AuthRefused,
    MissingCredential,
    Misuse,
    NotFound,
    OutcomeUnknown,
    PermissionDenied,
    RateLimited,
    Refused,
    SocialMetricsError,
    Unreachable,
    Unsupported,
    VendorFault,
)
from socialmetrics.strangers import plain

OK: Final = 0
BUG: Final = 1
MISUSE: Final = 2
REFUSED: Final = 3
RATE_LIMITED: Final = 4
FAULT: Final = 5
MISSING: Final = 6
UNKNOWN: Final = 7
OUTPUT: Final = 8
FAULTY: Final = 9
INTERRUPTED: Final = 130

MEANINGS: Final = {
    OK: "all went well",
    BUG: "something unexpected (a bug here: please report it)",
    MISUSE: "the arguments or settings are wrong, or the vendor has no such thing",
    REFUSED: "the vendor refused: credentials, permission, or the request itself",
    RATE_LIMITED: "the vendor wants us to wait longer",
    FAULT: "the vendor failed or was not reached; trying again may help",
    MISSING: "--strict-missing: something that was asked for is missing",
    UNKNOWN: "a publication of which nobody knows whether it happened everywhere: ask "
    "later, look at the vendor, and do not just repeat it",
    OUTPUT: "the output could not be written; what was asked for may be done",
    FAULTY: "--strict-faults: figures break an order that always holds",
    INTERRUPTED: "interrupted by Ctrl-C",
}


class Usage(Misuse):
    """The command line cannot be understood."""


class Unprinted(SocialMetricsError):
    """A publication went out, and its receipt could not be written."""


_CODES: Final = (
    (Misuse, MISUSE),
    (RateLimited, RATE_LIMITED),
    (Refused, REFUSED),
    (VendorFault, FAULT),
    (Unreachable, FAULT),
    (OutcomeUnknown, UNKNOWN),
    (Unprinted, OUTPUT),
    (OSError, OUTPUT),
)
_ADVICE: Final = (
    (MissingCredential, "socialmetrics config shows where settings are looked for"),
    (AuthRefused, "check the credentials; socialmetrics config shows their origin"),
    (PermissionDenied, "ask whoever manages the account at the vendor for access"),
    (NotFound, "check the address and the ids; socialmetrics profiles lists accounts"),
    (VendorFault, "try again later; the request itself was good"),
    (Unreachable, "check the network, base_url and proxy, then try again"),
    (OutcomeUnknown, "look at the vendor before you repeat it"),
    (OSError, "see that the output can be written: free space, permissions"),
)
_BUG_ADVICE: Final = "a bug here: run it again with --debug and report what it prints"


def code_of(error: Exception) -> int:
    """The exit code for that error."""
    return next((code for kind, code in _CODES if isinstance(error, kind)), BUG)


def report(error: Exception) -> str:
    """What went wrong, where, and what to do, as lines that end with a newline."""
    facts = _facts(error) if isinstance(error, SocialMetricsError) else _unnamed(error)
    told = [f"  {name:<11} {plain(fact)}" for name, fact in facts if fact]
    message = error.message if isinstance(error, SocialMetricsError) else str(error)
    headline = plain(message) or type(error).__name__
    return "\n".join([f"Error: {headline}", *told, ""])


def _facts(error: SocialMetricsError) -> Iterator[tuple[str, str]]:
    yield "where", " ".join(filter(None, (error.vendor, error.operation)))
    yield "kind", f"{type(error).__name__} (exit code {code_of(error)})"
    yield "answer", _answer(error)
    yield "what to do", _advice(error)


def _unnamed(error: Exception) -> Iterator[tuple[str, str]]:
    yield "kind", f"{type(error).__name__} (exit code {code_of(error)})"
    yield "what to do", _advice(error) or _BUG_ADVICE


def _answer(error: SocialMetricsError) -> str:
    facts = (
        ("HTTP", error.status),
        ("code", error.code),
        ("request id", error.request_id),
    )
    return ", ".join(f"{name} {fact}" for name, fact in facts if fact is not None)


def _advice(error: Exception) -> str:
    """The notes of who raised it, who knows best; else what its kind says."""
    notes: list[str] = getattr(error, "__notes__", [])
    if notes:
        return "; ".join(notes)
    if isinstance(error, Unsupported) and error.alternatives:
        return f"instead: {'; '.join(error.alternatives)}"
    if isinstance(error, RateLimited):
        at = error.retry_at
        return (
            "wait a while" if at is None else f"wait until {at:%Y-%m-%d %H:%M:%S} UTC"
        )
    return next((told for kind, told in _ADVICE if isinstance(error, kind)), "")
