"""The Platform API without a wire: what is asked, and what scripted answers become."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias, TypeVar

import attrs

from socialmetrics.budget import MemoryBudget
from socialmetrics.engine import Engine, finish
from socialmetrics.model import Draft, Profile, Ref
from socialmetrics.port import Lost
from socialmetrics.retry import Retry
from socialmetrics.secret import Secret
from socialmetrics.wire import Flow, Page, Request, Response
from socialmetrics_hootsuite import Hootsuite
from tests.core.ports import FakePort

T = TypeVar("T")
R = TypeVar("R")
Json: TypeAlias = Mapping[str, Any]
Told: TypeAlias = tuple[int, Mapping[str, str], bytes]

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
TOKEN = "a-token-of-a-member"
QUOTA = {
    "x-account-quota": "100000 per day",
    "x-account-quota-used": "6",
    "x-account-rate-limit-requests-remaining": "14",
}


def told(content: object, status: int = 200, **headers: str) -> Told:
    """An answer with the vendor's usual headers; text as it is, else JSON."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    body = content if isinstance(content, str) else json.dumps(content)
    return status, QUOTA | named, body.encode()


def data(*rows: object, cursor: str | None = None) -> Told:
    """A list as the vendor wraps it."""
    metadata = {"cursor": {"next": cursor, "previous": None}}
    return told({"data": list(rows), "metadata": metadata})


def error(
    code: int | None = None,
    message: str = "because",
    *,
    profile: str | None = None,
) -> dict[str, object]:
    """One of `errors`."""
    resource = {"type": "socialProfile", "id": profile} if profile else None
    return {
        "code": code,
        "message": message,
        "id": "00000157a0255d60-37386d",
        "resource": resource,
    }


def errors(*each: object, status: int = 400) -> Told:
    """A refusal."""
    return told({"errors": list(each)}, status)


@attrs.define
class Wire:
    """Answers in turn; remembers every request."""

    outcomes: list[Told | Lost]
    requests: list[Request] = attrs.field(factory=list[Request])
    headers: list[Mapping[str, str]] = attrs.field(factory=list[Mapping[str, str]])

    def __call__(
        self, request: Request, path: str, headers: Mapping[str, str]
    ) -> Told | Lost:
        self.requests.append(request)
        self.headers.append(headers)
        assert self.outcomes, f"an unexpected request: {request}"
        return self.outcomes.pop(0)

    @property
    def asked(self) -> list[str]:
        """Verb and address of every request."""
        return [f"{each.method} {each.url or each.path}" for each in self.requests]

    @property
    def body(self) -> Json:
        """The JSON of the last request."""
        found: Json = json.loads(json.dumps(self.requests[-1].json))
        return found


def wire(*outcomes: Told | Lost) -> Wire:
    return Wire(list(outcomes))


def port(handler: Callable[[Request, str, Mapping[str, str]], Told | Lost]) -> FakePort:
    return FakePort(handler)


def engine(fake: FakePort) -> Engine:
    adapter = Hootsuite.from_credentials({"access_token": Secret(TOKEN)})
    return Engine(
        adapter=adapter,
        port=fake,
        budget=MemoryBudget([], now=fake.now, monotonic=fake.monotonic),
        retry=Retry(),
        auth=adapter.auth(),
    )


def run(flow: Flow[R], server: Wire) -> R:
    """The flow's result, its requests answered by that server, all of them."""
    found = finish(engine(port(server)).run(flow))
    assert not server.outcomes, "it did not ask for everything"
    return found


def items(
    stream: Generator[Request | Page[T], Response, None],
    server: Callable[[Request, str, Mapping[str, str]], Told | Lost],
) -> list[T]:
    """All that a stream hands on."""

    async def whole() -> list[T]:
        found = await engine(port(server)).gathered(stream)
        assert found is not None
        return found

    return finish(whole())


def profile(
    number: int, type_: str = "TWITTER", network: str = "x", **more: object
) -> Profile:
    return Profile(
        ref=Ref(network, f"9{number}"),
        vendor_id=str(number),
        name=f"Profile {number}",
        raw={"id": str(number), "type": type_, **more},
    )


ON_X = profile(1)
ALSO_ON_X = profile(2)
PAGE = profile(3, "FACEBOOKPAGE", "facebook")
COMPANY = profile(4, "LINKEDINCOMPANY", "linkedin")
BOARD = profile(5, "PINTEREST", "pinterest")
PERSON = profile(6, "FACEBOOK", "facebook")
MEMBER = profile(7, "LINKEDIN", "linkedin")
LATER = NOW + timedelta(hours=1)


def draft(*profiles: Profile, **change: Any) -> Draft:
    said: dict[str, Any] = {"text": "Hello", "profiles": profiles or (ON_X,), **change}
    return Draft(**said)


def message(
    number: int, owner: str | None = "1", state: str = "SCHEDULED", **more: object
) -> dict[str, object]:
    """A message as real answers hold it: every optional field is there, with null."""
    return {
        "id": str(number),
        "state": state,
        "text": "Hello",
        "scheduledSendTime": "2026-03-10T13:00:00Z",
        "socialProfile": {"id": owner} if owner else None,
        "mediaUrls": None,
        "media": None,
        "webhookUrls": None,
        "tags": None,
        "targeting": None,
        "privacy": None,
        "location": None,
        "emailNotification": None,
        "postUrl": None,
        "postId": None,
        "reviewers": None,
        "createdByMember": None,
        "lastUpdatedByMember": None,
        "sequenceNumber": None,
        **more,
    }


def query(request: Request) -> list[tuple[str, str]]:
    """What an address asks for."""
    from urllib.parse import parse_qsl, urlsplit

    return parse_qsl(urlsplit(request.path).query)


def reasons(found: Sequence[object]) -> list[str]:
    return [str(getattr(each, "reason", "")) for each in found]
