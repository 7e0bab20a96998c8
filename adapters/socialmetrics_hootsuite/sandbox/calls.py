"""The endpoints of the API, and what one call of them holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import attrs

from socialmetrics_hootsuite.sandbox import (
    analytics,
    listing,
    members,
    publishing,
    reviews,
)
from socialmetrics_hootsuite.sandbox.keys import Caller
from socialmetrics_hootsuite.sandbox.refusal import Json, refuse
from socialmetrics_hootsuite.sandbox.service import Pairs, Service

Told = Json | str | tuple[int, Json]
"""What is answered: JSON, a text, or a status with one of the two."""


@attrs.frozen(kw_only=True)
class Call:
    """One request that was let in."""

    service: Service
    caller: Caller
    path: Mapping[str, str]
    query: Pairs
    body: bytes
    base: str


@attrs.frozen(kw_only=True)
class Endpoint:
    """Where it is, what role it needs, and how it answers; `fault` names its faults."""

    method: str
    path: str
    operation: str
    answer: Callable[[Call], Told] = attrs.field(repr=False)
    fault: str = ""

    @property
    def is_analytics(self) -> bool:
        """Whether its refusals are problems."""
        return self.operation == "analytics"


def _comment(call: Call) -> Told:
    """Only comments that went through approval can be seen; there are none."""
    refuse(4001, resource=("comment", call.path["id"]))


def _announced(call: Call) -> Told:
    service, member = call.service, call.caller.member_id or "0"
    base = service.options.upload_base or call.base
    return service.uploads.announce(call.body, member, service.now(), base)


_TABLE: Final[Mapping[str, tuple[str, Callable[[Call], Told]]]] = {
    "GET me": ("profiles", lambda c: members.me(c.service, c.caller)),
    "GET me/organizations": ("profiles", lambda c: members.organizations(c.service)),
    "GET me/socialProfiles": ("profiles", lambda c: members.ids(c.service)),
    "GET me/adAccounts": ("profiles", lambda c: members.ad_accounts(c.query)),
    "GET members/{id}": (
        "profiles", lambda c: members.member(c.service, c.caller, c.path["id"]),
    ),
    "GET socialProfiles": ("profiles", lambda c: members.everyone(c.service)),
    "GET socialProfiles/{id}": (
        "profiles", lambda c: members.one(c.service, c.path["id"]),
    ),
    "GET socialProfiles/{id}/teams": (
        "profiles", lambda c: members.teams(c.service, c.path["id"]),
    ),
    "POST messages": (
        "publish", lambda c: publishing.publish(c.service, c.caller, c.body),
    ),
    "GET messages": ("messages", lambda c: listing.listed(c.service, c.query)),
    "GET messages/{id}": (
        "messages", lambda c: listing.show(c.service, c.path["id"]),
    ),
    "DELETE messages/{id}": (
        "delete", lambda c: listing.delete(c.service, c.path["id"]),
    ),
    "POST messages/{id}/approve": (
        "review",
        lambda c: reviews.approve(c.service, c.caller, c.path["id"], c.body),
    ),
    "POST messages/{id}/reject": (
        "review",
        lambda c: reviews.reject(c.service, c.caller, c.path["id"], c.body),
    ),
    "GET messages/{id}/history": (
        "history", lambda c: reviews.history(c.service, c.path["id"]),
    ),
    "GET comments/{id}": ("messages", _comment),
    "POST comments/{id}/approve": ("review", _comment),
    "POST comments/{id}/reject": ("review", _comment),
    "POST media": ("media", _announced),
    "GET media/{id:path}": (
        "media", lambda c: c.service.uploads.show(c.path["id"]),
    ),
    "POST analytics/posts": (
        "analytics", lambda c: analytics.posts(c.service, c.caller, c.query, c.body),
    ),
    "POST analytics/profiles": (
        "analytics",
        lambda c: analytics.profiles(c.service, c.caller, c.query, c.body),
    ),
}  # fmt: skip
_FAULTY: Final = {"POST messages": "publish", "DELETE messages/{id}": "delete"}


def endpoints() -> list[Endpoint]:
    """Every endpoint that is simulated."""
    return [
        Endpoint(
            method=name.partition(" ")[0],
            path=name.partition(" ")[2],
            operation=operation,
            answer=ask,
            fault=_FAULTY.get(name, ""),
        )
        for name, (operation, ask) in _TABLE.items()
    ]
