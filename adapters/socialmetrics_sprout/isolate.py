"""One bad name must not spoil the batch: find it, name it, go on without it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import attrs

from socialmetrics.errors import PermissionDenied, Refused, Rejected
from socialmetrics.model import Issue
from socialmetrics.wire import Flow
from socialmetrics_sprout.parts import Account, Names

REFUSALS: Final = (Rejected, PermissionDenied)
"""What one bad profile, metric or field makes of a whole request."""


@attrs.frozen
class Isolated:
    """The names that the vendor takes, and why it refuses the others."""

    what: str
    good: Names
    bad: Mapping[str, Refused]

    @property
    def issues(self) -> tuple[Issue, ...]:
        """One for each refused name."""
        return tuple(
            Issue(
                path=self.what,
                problem=f"refused by the vendor: {error.message}",
                seen=name,
            )
            for name, error in self.bad.items()
        )

    @property
    def denied(self) -> Names:
        """The names for which the credentials have no permission."""
        bad = self.bad.items()
        return tuple(name for name, err in bad if isinstance(err, PermissionDenied))

    def among(self, accounts: tuple[Account, ...]) -> tuple[Account, ...]:
        """The accounts whose ids are good."""
        return tuple(each for each in accounts if each.vendor_id in self.good)


def isolate(
    what: str, names: Names, attempt: Callable[[Names], Flow[object]]
) -> Flow[Isolated]:
    """Which of these names the vendor takes: halves are tried until one is to blame."""
    bad = yield from _bad(names, attempt)
    return Isolated(what, tuple(name for name in names if name not in bad), bad)


def isolate_accounts(
    accounts: tuple[Account, ...],
    attempt: Callable[[tuple[Account, ...]], Flow[object]],
    err: Refused,
) -> Flow[Isolated]:
    """The same for profiles. Raises the error where the vendor takes none of them."""

    def with_ids(ids: Names) -> Flow[object]:
        return attempt(tuple(each for each in accounts if each.vendor_id in ids))

    ids = tuple(each.vendor_id for each in accounts)
    return _some((yield from isolate("profiles", ids, with_ids)), err)


def explained(found: Isolated, err: Refused) -> Isolated:
    """The result where it explains the refusal and leaves something; else raises it."""
    if not found.bad:
        raise err
    return _some(found, err)


def _some(found: Isolated, err: Refused) -> Isolated:
    if found.bad and not found.good:
        raise err
    return found


def _bad(
    names: Names, attempt: Callable[[Names], Flow[object]]
) -> Flow[dict[str, Refused]]:
    if not names:
        return {}
    try:
        yield from attempt(names)
    except REFUSALS as err:
        if len(names) == 1:
            return {names[0]: err}
        half = len(names) // 2
        first = yield from _bad(names[:half], attempt)
        second = yield from _bad(names[half:], attempt)
        return first | second
    return {}
