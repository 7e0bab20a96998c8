"""Everything that is raised on purpose, as one tree.

    SocialMetricsError
    ├── Misuse              yours to mend: the call, the settings, the question
    │   ├── InvalidQuery        an argument that cannot be sent to anybody
    │   ├── MissingCredential   a key, token or setting that is not there
    │   ├── Unsupported         this vendor has no such operation
    │   └── NotComparable       the rules forbid this sum, ratio or comparison
    ├── Refused             the vendor understood and said no
    │   ├── AuthRefused         the credentials
    │   ├── PermissionDenied    this data, for these credentials
    │   ├── NotFound            no such thing
    │   ├── Rejected            the request itself
    │   └── RateLimited         too fast, or the quota is used up
    ├── VendorFault         the vendor failed
    │   ├── Unavailable         5xx, or an answer that stays in the making
    │   ├── Unreadable          an answer that is not what the contract says
    │   └── Incomplete          an answer that says itself that rows are missing
    ├── Unreachable         no answer: network, TLS, or out of time
    └── OutcomeUnknown      sent, not answered, and not safe to send again

Only `Unreachable`, `VendorFault` and `RateLimited` may help when tried again;
`error.retryable` says so for each one. No error ever holds a credential.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from socialmetrics.model import Consignment, Publication
    from socialmetrics.series import MetricSeries


class SocialMetricsError(Exception):
    """The root of the tree: what was asked of whom, and what became of it.

    `vendor` and `operation` name the call; `status`, `code` and `request_id` are the
    vendor's own words for it, where it said any. `told` is what its adapter made of
    the refusing answer, for itself. `partial` are the figures that had come before,
    where figures were asked for.
    """

    retryable: bool = False

    def __init__(
        self,
        message: str,
        *,
        vendor: str | None = None,
        operation: str | None = None,
        status: int | None = None,
        code: str | None = None,
        request_id: str | None = None,
        told: object = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.vendor = vendor
        self.operation = operation
        self.status = status
        self.code = code
        self.request_id = request_id
        self.told = told
        self.partial: MetricSeries | None = None

    def __str__(self) -> str:
        where = " ".join(part for part in (self.vendor, self.operation) if part)
        facts = [
            f"{label} {value}"
            for label, value in (
                ("HTTP", self.status),
                ("code", self.code),
                ("request id", self.request_id),
            )
            if value is not None
        ]
        tail = f" [{', '.join(facts)}]" if facts else ""
        return f"{where + ': ' if where else ''}{self.message}{tail}"

    def __reduce__(self) -> tuple[object, ...]:
        return _revive, (type(self), self.args, dict(self.__dict__))


def _revive(
    kind: type[SocialMetricsError], args: tuple[str, ...], state: dict[str, object]
) -> SocialMetricsError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class Misuse(SocialMetricsError):
    """The call cannot be sent to anybody as it stands."""


class InvalidQuery(Misuse):
    """An argument is wrong; the message says which one, and what would be right."""


class MissingCredential(Misuse):
    """A credential or setting is missing; the message names where it is looked for."""


class Unsupported(Misuse):
    """The vendor has no such operation; known before anything is sent.

    `alternatives` names who or what can do it instead.
    """

    def __init__(
        self,
        message: str,
        *,
        vendor: str | None = None,
        operation: str | None = None,
        alternatives: Sequence[str] = (),
    ) -> None:
        super().__init__(message, vendor=vendor, operation=operation)
        self.alternatives = tuple(alternatives)


class NotComparable(Misuse):
    """A rule forbids this arithmetic. `rule` names it, `instead` says what to ask."""

    def __init__(self, message: str, *, rule: str, instead: str) -> None:
        super().__init__(f"{message} (rule: {rule}). Instead: {instead}")
        self.rule = rule
        self.instead = instead


class Refused(SocialMetricsError):
    """The vendor understood the request and said no."""


class AuthRefused(Refused):
    """The vendor does not accept the credentials."""


class PermissionDenied(Refused):
    """The credentials are good, but not for this."""


class NotFound(Refused):
    """There is no such thing at the vendor, or not for this account."""


class Rejected(Refused):
    """The vendor does not accept the request; its own words are in the message."""


class RateLimited(Refused):
    """The vendor asks for more patience than the caller allows.

    `retry_at` is the instant (UTC) before which another try is pointless, or None
    where nobody knows.
    """

    retryable = True

    def __init__(
        self,
        message: str,
        *,
        retry_at: datetime | None = None,
        vendor: str | None = None,
        operation: str | None = None,
        status: int | None = None,
        code: str | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(
            message,
            vendor=vendor,
            operation=operation,
            status=status,
            code=code,
            request_id=request_id,
        )
        self.retry_at = retry_at


class VendorFault(SocialMetricsError):
    """The vendor failed; the request was good."""

    retryable = True


class Unavailable(VendorFault):
    """The vendor is down, overloaded, or needs longer than we may wait."""


class Unreadable(VendorFault):
    """The answer is not what the contract says; the message shows path and start."""


class Incomplete(VendorFault):
    """The answer contradicts itself: rows are missing, or the cursor runs in a ring."""


class Unreachable(SocialMetricsError):
    """No whole answer arrived: name, network, TLS, or the deadline."""

    retryable = True


class OutcomeUnknown(SocialMetricsError):
    """The request left, no answer came, and sending it again could do it twice.

    Of a publication, `publication` is all that is known of it, `consignment` what was
    sent, and `sent_at` when (UTC).
    """

    publication: Publication | None = None
    consignment: Consignment | None = None
    sent_at: datetime | None = None
