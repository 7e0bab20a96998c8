# pyright: basic
# The recorder has no types.
"""Cassettes: what is kept of an exchange, how it is written, and how it is played.

A cassette is YAML that a person can read: one line a row of an answer, no binary, and
at its top how it was made. Kept of the headers is only what is listed here; hosts are
the vendor's own; a token answer and the form that asks for it hold no credential.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec
import vcr  # type: ignore[import-untyped]  # it has none
import yaml  # type: ignore[import-untyped]  # it has none
from vcr.errors import (  # type: ignore[import-untyped]  # the same
    CannotOverwriteExistingCassetteException,
)
from vcr.record_mode import RecordMode  # type: ignore[import-untyped]  # the same

from socialmetrics_sprout import Sprout
from tests.sprout.scrubbing import Scrubber

FOLDER: Final = Path(__file__).parents[2] / "cassettes" / "sprout"
REQUEST_HEADERS: Final = frozenset({"accept", "content-type"})
ANSWER_HEADERS: Final = frozenset(
    {
        "content-type",
        Sprout.request_id_header,
        Sprout.api_version_header,
        "x-sprout-server-version",
    }
)
MATCH: Final = ("method", "scheme", "host", "path", "query", "body")
SCRUBBED: Final = "scrubbed"
_SECRETS: Final = ("client_id", "client_secret", "access_token", "refresh_token")
_BOUNDARY: Final = re.compile(r"boundary=([0-9a-f]{32})")
_CLOCK: Final = re.compile(r"^# Clock: (\S+)$", re.MULTILINE)


class _Dumper(yaml.SafeDumper):  # type: ignore[misc]  # untyped
    """Texts of several lines as blocks."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


class _Serializer:
    """Writes a cassette with its story above it."""

    def __init__(self, story: str) -> None:
        self.story = story

    def serialize(self, cassette: dict[str, Any]) -> str:
        for each in cassette["interactions"]:
            told = each["response"]["body"]
            told["string"] = laid_out(told["string"])
        body = yaml.dump(
            cassette, Dumper=_Dumper, allow_unicode=True, width=10_000, sort_keys=True
        )
        return f"{self.story}\n{body}"

    def deserialize(self, text: str) -> Any:
        return yaml.load(text, yaml.CSafeLoader)


def laid_out(text: str) -> str:
    """JSON with a line for each row; anything else as it is."""
    try:
        found = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text
    if isinstance(found, list):
        return _lines(found)
    if not isinstance(found, dict) or not isinstance(found.get("data"), list):
        return _json(found)
    data = _lines(found.pop("data"))
    rest = "".join(f", {_json(key)}: {_json(value)}" for key, value in found.items())
    return f'{{"data": {data}{rest}}}'


def _lines(rows: list[Any]) -> str:
    return "[\n" + ",\n".join(map(_json, rows)) + "\n]"


_json = partial(json.dumps, ensure_ascii=False)


def _kept_request(request: Any, scrubber: Scrubber | None) -> Any:
    parts = urlsplit(request.uri)
    host = Sprout.auth_url if parts.path.startswith("/oauth2/") else Sprout.base_url
    request.uri = f"{host}{parts.path}" + (f"?{parts.query}" if parts.query else "")
    headers = {name.lower(): value for name, value in request.headers.items()}
    request.headers = {n: headers[n] for n in sorted(REQUEST_HEADERS & set(headers))}
    kind = request.headers.get("content-type", "")
    if found := _BOUNDARY.search(kind):
        request.headers["content-type"] = kind.replace(found[1], "boundary")
        request.body = request.body.replace(found[1].encode(), b"boundary")
    if kind.startswith("application/x-www-form-urlencoded"):
        form = parse_qsl(request.body.decode())
        request.body = urlencode(
            [(name, SCRUBBED if name in _SECRETS else value) for name, value in form]
        ).encode()
    if scrubber is not None:
        request.uri = scrubber.address(request.uri)
        request.body = scrubber.request(request.body)
    return request


def _kept_answer(answer: Any, scrubber: Scrubber | None) -> Any:
    answer["headers"] = {
        name.lower(): value
        for name, value in answer["headers"].items()
        if name.lower() in ANSWER_HEADERS
    }
    body = answer["body"]["string"]
    if b'"access_token"' in body:
        told = json.loads(body)
        body = json.dumps(
            {name: SCRUBBED if name in _SECRETS else told[name] for name in told}
        ).encode()
    elif scrubber is not None:
        body = scrubber.answer(body)
    answer["body"]["string"] = body
    return answer


def _machine(story: str, mode: str, scrubber: Scrubber | None = None) -> Any:
    machine = vcr.VCR(
        record_mode=RecordMode(mode),
        match_on=MATCH,
        before_record_request=lambda r: _kept_request(r, scrubber),
        before_record_response=lambda a: _kept_answer(a, scrubber),
    )
    machine.register_serializer("readable", _Serializer(story))
    return machine


@contextmanager
def recording(
    path: Path, story: str, scrubber: Scrubber | None = None
) -> Generator[None]:
    """Keeps what is said meanwhile in a new cassette."""
    path.unlink(missing_ok=True)
    machine = _machine(story, "all", scrubber)
    with machine.use_cassette(str(path), serializer="readable"):
        yield


@contextmanager
def playing(path: Path) -> Iterator[Callable[[], bool]]:
    """Answers from that cassette and nothing else; tells whether all was played."""
    machine = _machine("", "none")
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
