"""Generators driven by hand: what they ask, what they hand on, and how they end."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeAlias, TypeVar

import attrs
import msgspec

from socialmetrics.errors import (
    PermissionDenied,
    Rejected,
    SocialMetricsError,
    Unavailable,
)
from socialmetrics.model import Issue, Message, Post, Profile, Ref, Source
from socialmetrics.window import Window
from socialmetrics.wire import Page, Request, Response
from socialmetrics_sprout.parts import Account, Asked

T = TypeVar("T")
R = TypeVar("R")
Json: TypeAlias = Mapping[str, Any]
Outcome: TypeAlias = Response | SocialMetricsError
Server: TypeAlias = Callable[[Request], object]

NOW = datetime(2026, 3, 11, 6, tzinfo=UTC)
WEEK = Window.days("2026-03-02", "2026-03-08")
X = Ref("x", "1067094924124872705")
INSTAGRAM = Ref("instagram", "17841400008460056")
FACEBOOK = Ref("facebook", "104225361998271")
ON_X = Account("6810000", X)
ON_INSTAGRAM = Account("6810004", INSTAGRAM)
ON_FACEBOOK = Account("6810002", FACEBOOK)
SOURCE = Source(
    vendor="sprout",
    endpoint="analytics/posts",
    request_id="r-1",
    api_version="1.1",
    fetched_at=NOW,
)


def response(request: Request, content: object, status: int = 200) -> Response:
    """The answer to that request; bytes go out as they are."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return Response(
        status=status,
        headers={},
        body=body,
        at=NOW,
        request=request,
        vendor="sprout",
        request_id="r-1",
        api_version="1.1",
    )


@attrs.define
class Driven(Generic[T]):
    """What came of a generator."""

    requests: list[Request] = attrs.field(factory=list[Request])
    pages: list[Page[T]] = attrs.field(factory=list[Page[T]])
    result: Any = None

    @property
    def items(self) -> list[T]:
        """Everything that was handed on."""
        return [item for page in self.pages for item in page.items]

    @property
    def issues(self) -> list[Issue]:
        """Everything that was odd."""
        return [issue for page in self.pages for issue in page.issues]

    @property
    def bodies(self) -> list[Json]:
        """What was sent."""
        return [body_of(request) for request in self.requests]


def drive(
    flow: Generator[Request | Page[T], Response, R],
    server: Server,
    most: int = 2000,
    into: Driven[T] | None = None,
) -> Driven[T]:
    """Runs a generator to its end against a server that is a function.

    The server's answer is an error to throw, a whole response, or the content of one.
    `into` keeps what came before an error.
    """
    driven = into if into is not None else Driven[T]()
    outcome: Outcome | None = None
    while True:
        try:
            if isinstance(outcome, SocialMetricsError):
                step = flow.throw(outcome)
            elif outcome is None:
                step = next(flow)
            else:
                step = flow.send(outcome)
        except StopIteration as end:
            driven.result = end.value
            return driven
        if isinstance(step, Page):
            driven.pages.append(step)
            outcome = None
            continue
        driven.requests.append(step)
        assert len(driven.requests) <= most, "it asks for ever"
        told = server(step)
        if isinstance(told, Response | SocialMetricsError):
            outcome = told
        else:
            outcome = response(step, told)


def result(
    flow: Generator[Request, Response, R], server: Server, most: int = 2000
) -> R:
    """The result of a flow that asks that server."""
    found: list[R] = []

    def kept() -> Generator[Request, Response, None]:
        found.append((yield from flow))

    drive(kept(), server, most)
    return found[0]


def script(*outcomes: object) -> Server:
    """A server that says these things in turn, and nothing more."""
    left = list(outcomes)

    def server(request: Request) -> object:
        assert left, f"an unexpected request: {request}"
        return left.pop(0)

    return server


def by_cursor(pages: Mapping[str | None, object]) -> Server:
    """A server that gives the page behind each cursor, as often as it is asked."""
    return lambda request: pages[body_of(request).get("page_cursor")]


def body_of(request: Request) -> Json:
    """The JSON body of a request."""
    return msgspec.convert(request.json, dict[str, Any])


def filter_of(request: Request, name: str) -> str | None:
    """What stands between the brackets of the first filter that begins so."""
    texts: Sequence[str] = body_of(request)["filters"]
    return next((t[len(name) + 1 : -1] for t in texts if t.startswith(name)), None)


def too_heavy() -> Unavailable:
    """Sprout's 504."""
    return Unavailable("query too heavy", vendor="sprout", status=504)


def down() -> Unavailable:
    """Sprout's 503."""
    return Unavailable("overloaded", vendor="sprout", status=503)


def rejected(message: str = "Requested invalid metrics") -> Rejected:
    """Sprout's 400."""
    return Rejected(message, vendor="sprout", status=400)


def denied(message: str = "Not permitted") -> PermissionDenied:
    """Sprout's 403."""
    return PermissionDenied(message, vendor="sprout", status=403)


def asked(network: str, *names: str) -> Asked:
    """Vendor metrics of a network."""
    return Asked(network, names)


def profile(
    number: int = 0, network: str = "x", groups: tuple[str, ...] = ("1201",)
) -> Profile:
    """A profile with a number of its own."""
    return Profile(
        ref=Ref(network, f"n{number}"),
        vendor_id=str(6_810_000 + number),
        name=f"Profile {number}",
        groups=groups,
    )


def post(
    number: int, created: datetime, owner: str | None = "6810000", network: str = "x"
) -> Post:
    """A post with a number of its own."""
    return Post(
        ref=Ref(network, str(number)),
        vendor_id=f"t:{number}",
        created_at=created,
        profile=owner,
    )


def stamp(moment: datetime) -> str:
    """As Sprout writes times."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def content(
    *rows: object, pages: int | None = None, cursor: str | None = None, **more: object
) -> dict[str, object]:
    """A body with those rows, and with paging where there is something to tell."""
    told = {"total_pages": pages, "next_cursor": cursor}
    paging = {key: value for key, value in told.items() if value is not None}
    return {"data": list(rows), **({"paging": paging} if paging else {}), **more}


def row(guid: str, created: datetime = NOW, **more: object) -> dict[str, object]:
    """A row of posts or messages."""
    return {"guid": guid, "created_time": stamp(created), "network": "TWITTER", **more}


def seconds(number: int) -> timedelta:
    """So many."""
    return timedelta(seconds=number)


def ids(items: Sequence[Post] | Sequence[Message]) -> list[str]:
    """The vendor's ids."""
    return [item.vendor_id for item in items]
