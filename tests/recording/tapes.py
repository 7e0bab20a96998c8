# pyright: basic
# The recorder has no types.
"""Cassettes: what is kept of an exchange, how it is written, and how it is played.

A cassette is YAML that a person can read: one line a row of an answer, no binary, and
at its top how it was made. Kept of the headers is only what a `Studio` lists; hosts are
the vendor's own; answers with tokens and the forms that ask for them hold none.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Container, Generator, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit

import attrs
import vcr  # type: ignore[import-untyped]  # it has none
import yaml  # type: ignore[import-untyped]  # it has none
from vcr.errors import (  # type: ignore[import-untyped]  # the same
    CannotOverwriteExistingCassetteException,
)
from vcr.record_mode import RecordMode  # type: ignore[import-untyped]  # the same

CASSETTES: Final = Path(__file__).parents[2] / "cassettes"
REQUEST_HEADERS: Final = frozenset({"accept", "content-type"})
FORM: Final = "application/x-www-form-urlencoded"
SCRUBBED: Final = "scrubbed"
_BOUNDARY: Final = re.compile(r"boundary=([0-9a-f]{32})")
_CLOCK: Final = re.compile(r"^# Clock: (\S+)$", re.MULTILINE)
_ZIPPED: Final = b"\x1f\x8b"

to_json = partial(json.dumps, ensure_ascii=False)


class Scrubs(Protocol):
    """Takes what is personal out of what a real vendor said."""

    def answer(self, body: bytes) -> bytes: ...

    def request(self, body: bytes | None) -> bytes | None: ...

    def address(self, text: str) -> str: ...


@attrs.frozen
class AllBut:
    """Every name but these: what is not known to be harmless is a secret."""

    kept: frozenset[str]

    def __contains__(self, name: object) -> bool:
        return name not in self.kept


@attrs.frozen(kw_only=True)
class Store:
    """Where files are brought: the beginning of its paths, and its host.

    Of the parameters that its addresses are signed with, only `kept` are written.
    """

    path: str
    url: str
    kept: frozenset[str]

    def scrubbed(self, address: str) -> str:
        """The address without what it is signed with."""
        parts = urlsplit(address)
        told = [
            (name, text if name in self.kept else SCRUBBED)
            for name, text in parse_qsl(parts.query)
        ]
        return f"{self.url}{parts.path}?{urlencode(told)}"

    def cleaned(self, body: bytes) -> bytes:
        """An answer whose addresses in this store are without their keys."""
        found = rf'https?://[^/"]+{re.escape(self.path)}[^"]*'
        text = body.decode("utf-8", "surrogateescape")
        told = re.sub(found, lambda match: self.scrubbed(match[0]), text)
        return told.encode("utf-8", "surrogateescape")


@attrs.frozen(kw_only=True)
class Studio:
    """How one vendor is recorded.

    `auth_paths` are the beginnings of the paths that belong to `auth_url`. `headers`
    are those of answers that are kept. `secrets` are the fields of forms and of token
    answers that are not kept. `match` is by which parts a request finds its answer.
    `laid_out` breaks the text of an answer into lines. Uploads go to the `store`.
    """

    title: str
    name: str
    base_url: str
    auth_url: str
    auth_paths: tuple[str, ...]
    headers: frozenset[str]
    secrets: Container[str]
    match: tuple[str, ...]
    laid_out: Callable[[str], str]
    store: Store | None = None

    @property
    def folder(self) -> Path:
        """Where its cassettes are."""
        return CASSETTES / self.name

    def story(self, name: str, source: str, clock: datetime) -> str:
        """What stands at the top of a cassette."""
        return f"# {self.title}: {name}.\n# {source}\n# Clock: {clock.isoformat()}\n"


class _Dumper(yaml.SafeDumper):  # type: ignore[misc]  # untyped
    """Texts of several lines as blocks."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


class _Serializer:
    """Writes a cassette with its story above it."""

    def __init__(self, studio: Studio, story: str) -> None:
        self.studio, self.story = studio, story

    def serialize(self, cassette: dict[str, Any]) -> str:
        for each in cassette["interactions"]:
            told = each["response"]["body"]
            told["string"] = self.studio.laid_out(told["string"])
        body = yaml.dump(
            cassette, Dumper=_Dumper, allow_unicode=True, width=10_000, sort_keys=True
        )
        return f"{self.story}\n{body}"

    def deserialize(self, text: str) -> Any:
        return yaml.load(text, yaml.CSafeLoader)


@attrs.frozen
class _Keeper:
    """Decides what is kept of requests and answers."""

    studio: Studio
    scrubber: Scrubs | None

    def request(self, request: Any) -> Any:
        request.uri = self._address(request.uri)
        headers = {name.lower(): value for name, value in request.headers.items()}
        kept = sorted(REQUEST_HEADERS & set(headers))
        request.headers = {name: headers[name] for name in kept}
        kind = request.headers.get("content-type", "")
        if found := _BOUNDARY.search(kind):
            request.headers["content-type"] = kind.replace(found[1], "boundary")
            request.body = request.body.replace(found[1].encode(), b"boundary")
        if kind.startswith(FORM) and request.body:
            request.body = self._form(request.body)
        if self.scrubber is not None:
            request.uri = self.scrubber.address(request.uri)
            request.body = self.scrubber.request(request.body)
        return request

    def _address(self, uri: str) -> str:
        parts, store = urlsplit(uri), self.studio.store
        if store is not None and parts.path.startswith(store.path):
            return store.scrubbed(uri)
        is_auth = parts.path.startswith(self.studio.auth_paths)
        host = self.studio.auth_url if is_auth else self.studio.base_url
        return f"{host}{parts.path}" + (f"?{parts.query}" if parts.query else "")

    def answer(self, answer: Any) -> Any:
        headers = {name.lower(): v for name, v in answer["headers"].items()}
        kept = sorted(self.studio.headers & set(headers))
        answer["headers"] = {name: headers[name] for name in kept}
        answer["body"]["string"] = self._body(
            answer["body"]["string"], "".join(headers.get("content-type", ""))
        )
        return answer

    def _body(self, body: bytes, kind: str) -> bytes:
        if body.startswith(_ZIPPED):
            body = gzip.decompress(body)
        if kind.startswith(FORM):
            return self._form(body)
        if b'"access_token"' in body:
            told = json.loads(body)
            return json.dumps({n: self._kept(n, told[n]) for n in told}).encode()
        if self.studio.store is not None:
            body = self.studio.store.cleaned(body)
        return body if self.scrubber is None else self.scrubber.answer(body)

    def _form(self, body: bytes) -> bytes:
        form = parse_qsl(body.decode())
        return urlencode(
            [(name, self._kept(name, told)) for name, told in form]
        ).encode()

    def _kept(self, name: str, value: Any) -> Any:
        """The value, or what stands for a secret: of "<user id>-<random>", the id."""
        if name not in self.studio.secrets:
            return value
        user, dash, _ = str(value).partition("-")
        return f"{user}-{SCRUBBED}" if dash and user.isdecimal() else SCRUBBED


def _machine(studio: Studio, story: str, mode: str, scrubber: Scrubs | None) -> Any:
    keeper = _Keeper(studio, scrubber)
    machine = vcr.VCR(
        record_mode=RecordMode(mode),
        match_on=studio.match,
        before_record_request=keeper.request,
        before_record_response=keeper.answer,
    )
    machine.register_serializer("readable", _Serializer(studio, story))
    return machine


@contextmanager
def recording(
    studio: Studio, path: Path, story: str, scrubber: Scrubs | None = None
) -> Generator[None]:
    """Keeps what is said meanwhile in a new cassette."""
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    machine = _machine(studio, story, "all", scrubber)
    with machine.use_cassette(str(path), serializer="readable"):
        yield


@contextmanager
def playing(studio: Studio, path: Path) -> Iterator[Callable[[], bool]]:
    """Answers from that cassette and nothing else; tells whether all was played."""
    machine = _machine(studio, "", "none", None)
    with machine.use_cassette(str(path), serializer="readable") as cassette:
        yield lambda: bool(cassette.all_played)


def has_no_answer(error: Exception) -> bool:
    """Whether it says that a cassette has no answer to a request."""
    return isinstance(error, CannotOverwriteExistingCassetteException)


def clock_of(path: Path) -> datetime:
    """The instant at which a cassette was recorded, as its client knew it."""
    found = _CLOCK.search(path.read_text("utf-8"))
    assert found, f"{path} does not tell its clock"
    return datetime.fromisoformat(found[1])
