"""What adapters and engine say to each other. Nothing here does I/O.

An operation is a generator: it yields a `Request` and is sent the `Response`; a
stream also yields `Page`s as it goes. Whoever runs the generator decides how and when.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from datetime import datetime
from typing import Generic, Literal, TypeAlias, TypeVar
from urllib.parse import quote, urlsplit

import attrs

from socialmetrics.errors import InvalidQuery, SocialMetricsError
from socialmetrics.model import Issue, Source
from socialmetrics.origin import is_protected, origin, scheme_and_host

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Method: TypeAlias = Literal["GET", "POST", "PUT", "DELETE"]
Host: TypeAlias = Literal["api", "auth"]

DONE = frozenset({200, 201, 204})


def _plain(_: object, attribute: attrs.Attribute[str], value: str | None) -> None:
    """It stands in a part's header as it is. File names are quoted by httpx."""
    if value is None:
        return
    if not value or not (value.isascii() and value.isprintable()) or '"' in value:
        raise InvalidQuery(f"{attribute.name}={value!r} cannot be written in a header")


def _size(content: bytes | None) -> str:
    return str(content) if content is None else f"<{len(content)} bytes>"


@attrs.frozen(kw_only=True)
class Upload:
    """One part of a multipart body: a file, or plain text where it has no name."""

    field: str = attrs.field(validator=_plain)
    filename: str | None = None
    content_type: str | None = attrs.field(default=None, validator=_plain)
    content: bytes = attrs.field(repr=_size)


def _printable(_: object, attribute: attrs.Attribute[str], value: str) -> None:
    """No blank, control or non-ASCII character may reach the request line."""
    if not value.startswith("/") or not (value.isascii() and value.isprintable()):
        raise InvalidQuery(
            f"{attribute.name}={value!r} cannot be written in an address"
        )
    if " " in value:
        raise InvalidQuery(f"{attribute.name}={value!r} holds a blank")


def _elsewhere(_: object, attribute: attrs.Attribute[str], value: str | None) -> None:
    """Its query is often a key, so no error shows more than the origin."""
    if value is None:
        return
    scheme, host = scheme_and_host(value)
    if not host:
        raise InvalidQuery(f"{attribute.name} is no address like 'https://host/path'")
    parts = urlsplit(value)
    if parts.username is not None or parts.fragment:
        raise InvalidQuery(f"{attribute.name} holds credentials or a fragment")
    if not is_protected(scheme, host):
        raise InvalidQuery(
            f"{attribute.name} at {origin(value)} is refused: it must be https"
        )


def _shown(url: str | None) -> str:
    return repr(url and origin(url))


def segment(text: str) -> str:
    """An id as one piece of a path. Raises `InvalidQuery` for what cannot be one."""
    try:
        quoted = quote(text, safe="")
    except UnicodeEncodeError as err:
        raise InvalidQuery(f"{text!r} is no text that can be sent") from err
    if quoted in {"", ".", ".."}:
        raise InvalidQuery(f"{text!r} is no id")
    return quoted


@attrs.frozen(kw_only=True)
class Request:
    """One call to a vendor, as plain values.

    `path` is quoted already; a `{name}` in it is filled by `Adapter.lookup(name)`, once
    a client. `safe` tells whether the same request may be sent twice. `done` are the
    statuses that answer it; 202 outside of it means "ask again later". `delay` are the
    seconds to wait before it is sent; `weight` is what it takes of the budget, 0 for
    what the vendor does not count. `credential` says to the adapter's `Auth` which
    of several goes with it (None: the usual one). `host` "auth" is the authorization
    server: no budget, and no credential header unless `credential` names one.

    `url` is an address elsewhere, instead of `path`, such as a pre-signed one: no
    budget, no credential at all, and of it only the origin is shown. `content` is a
    body as it is, of `content_type`.
    """

    operation: str
    method: Method
    path: str = attrs.field(default="/", validator=_printable)
    url: str | None = attrs.field(default=None, validator=_elsewhere, repr=_shown)
    json: object = attrs.field(default=None, repr=False)
    form: Mapping[str, str] | None = attrs.field(default=None, repr=False)
    files: tuple[Upload, ...] = ()
    content: bytes | None = attrs.field(default=None, repr=_size)
    content_type: str | None = attrs.field(default=None, validator=_plain)
    host: Host = "api"
    credential: object = attrs.field(default=None, repr=False)
    safe: bool = True
    weight: int = 1
    delay: float = 0.0
    done: frozenset[int] = DONE

    @property
    def is_api(self) -> bool:
        """Whether it goes to the vendor's API, so that budget and credential count."""
        return self.host == "api" and self.url is None


@attrs.frozen(kw_only=True)
class Response:
    """A whole answer. `at` is when it arrived (UTC); header names are lower case.

    `url` is exactly what was called, but of an address elsewhere only the origin.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = attrs.field(repr=lambda body: f"<{len(body)} bytes>")
    at: datetime
    request: Request
    vendor: str
    url: str = attrs.field(default="", eq=False)
    request_id: str | None = None
    api_version: str | None = None
    strict: bool = False


@attrs.frozen
class Page(Generic[T_co]):
    """Some items in the vendor's order, what was odd about them, and their source."""

    items: tuple[T_co, ...]
    issues: tuple[Issue, ...] = ()
    source: Source | None = None


Flow: TypeAlias = Generator[Request, Response, T]
Stream: TypeAlias = Generator[Request | Page[T], Response, None]


def collect(stream: Stream[T]) -> Flow[Page[T]]:
    """All pages of a stream as one, in one flow; the source is the last one's."""
    items: list[T] = []
    issues: list[Issue] = []
    source: Source | None = None
    try:
        step = next(stream)
        while True:
            if isinstance(step, Page):
                items.extend(step.items)
                issues.extend(step.issues)
                source = step.source or source
                step = next(stream)
                continue
            try:
                response = yield step
            except SocialMetricsError as err:
                step = stream.throw(err)
            else:
                step = stream.send(response)
    except StopIteration:
        return Page(tuple(items), tuple(issues), source)
