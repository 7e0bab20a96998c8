"""How the simulated service says no: in several shapes, as the vendor does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NoReturn

Json = dict[str, object]

TITLES: Final[Mapping[int, str]] = {
    1003: "Account plan limit exceeded",
    1037: "The required scope to access this endpoint was not granted by the user",
    1043: "Too many requests",
    1100: "Invalid JSON schema",
    1201: "Not authorized to make changes to organization",
    1202: "Not authorized to view member",
    3003: "Unable to find an organization with that ID",
    3020: "Invalid cursor format",
    3021: "Invalid social network type",
    4000: "Schema validation failed",
    4001: "Resource not found",
    4002: "Insufficient permissions to view organization members",
    4003: "Insufficient permissions to view member permissions",
    4004: "Insufficient permissions to view member organizations",
    4005: "Insufficient permissions to view team members",
    4006: "Insufficient permissions to view team",
    4008: "Insufficient permissions to view team social profile",
    4009: "Insufficient organization permissions",
    5000: "An unknown error occurred",
    5001: "HTTP method not permitted",
    9000: "An internal error occurred",
    40001: "Social profile isn't owned by organization",
    40003: "You have attempted to delete a message that cannot be deleted in its "
    "current state",
    40004: "Only attachments from http://static.ow.ly or http://ow.ly/i/ are currently "
    "allowed",
    40005: "Insufficient permission to create new message tags",
    40019: "Message state filter not supported",
    40020: "Specified date range is too large",
    40021: "Uploaded media is not yet ready to be used (further processing required)",
    40022: "Invalid boolean for includeUnscheduledReviewMsgs flag",
    40023: "Twitter only allows 1 network per message",
    40024: "Posting to Facebook Groups is no longer supported",
    40025: "Scheduled message limit reached",
}
"""The vendor's codes that the sandbox uses, in the vendor's words."""

_STATUS: Final = {
    **dict.fromkeys((1201, 4003, 4005, 4006), 401),
    **dict.fromkeys((1037, 1202, 4002, 4004, 4008, 4009, 40005), 403),
    **dict.fromkeys((3003, 4001), 404),
    **dict.fromkeys((1003, 1043), 429),
    **dict.fromkeys((5000, 9000), 500),
    5001: 405,
}
_BAD: Final = 400


class Refusal(Exception):
    """Ends a request with that status and content: JSON, or a text as it is."""

    def __init__(self, status: int, content: Json | str) -> None:
        super().__init__(status, content)
        self.status, self.content = status, content

    @property
    def told(self) -> dict[str, str]:
        """The content as parameters of an address; none of a text."""
        found = {} if isinstance(self.content, str) else self.content
        return {name: str(value) for name, value in found.items()}


class Errors(Refusal):
    """A refusal of the REST API: several complaints in one envelope."""

    def __init__(self, status: int, entries: Sequence[Json]) -> None:
        super().__init__(status, {"errors": list(entries)})
        self.entries = entries


def status_of(code: int) -> int:
    """The status that goes with a code; some permissions are 401, others 403."""
    return _STATUS.get(code, _BAD)


def complaint(
    code: int, told: str | None = None, resource: tuple[str, str] | None = None
) -> Json:
    """One entry of `errors`; its `id` is set when it is sent."""
    named = resource and {"type": resource[0], "id": resource[1]}
    return {
        "code": code,
        "message": TITLES[code] if told is None else told,
        "id": None,
        "resource": named,
    }


def refuse(
    code: int, told: str | None = None, resource: tuple[str, str] | None = None
) -> NoReturn:
    """Refuses a request of the REST API; `told` replaces the code's own words."""
    raise Errors(status_of(code), [complaint(code, told, resource)])


def invalid(why: str) -> NoReturn:
    """Refuses what does not fit the contract, and says where."""
    refuse(4000, f"{TITLES[4000]}: {why}")


def oauth(status: int, error: str, description: str, hint: str = "") -> Refusal:
    """A refusal as the OAuth server words it, also where a token opens nothing."""
    return Refusal(
        status,
        {
            "error": error,
            "error_description": description,
            "error_hint": hint,
            "status_code": status,
        },
    )


def problem(status: int, title: str, detail: str) -> Refusal:
    """A refusal of the Analytics API."""
    return Refusal(
        status,
        {"type": "about:blank", "title": title, "status": status, "detail": detail},
    )
