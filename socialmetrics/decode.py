"""From bytes to payload classes: strict at first, then tolerant, never silent.

A body that is good JSON of the right shape is decoded once, by msgspec. Anything else
takes the slow road: byte-order marks, broken UTF-8, lone surrogates, NaN and numbers
out of range are mended and reported as `Issue`s, so that one bad value does not cost
the row. What still does not fit is `Unreadable`, with the path and the first bytes.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, TypeAlias, TypeVar

import attrs
import msgspec
import numpy as np

from socialmetrics.errors import Incomplete, OutcomeUnknown, Unreadable
from socialmetrics.model import Issue, Source
from socialmetrics.typed import decoder
from socialmetrics.wire import Flow, Request, Response

P = TypeVar("P")

SHOWN = 200
TRIES = 3
BULKY = 2**20
COMMA = ord(",")
MOST_VALUES = 500_000
"""A small body can unpack into megabytes of empty lists, and those into gigabytes."""
Tree: TypeAlias = "dict[str, Tree] | list[Tree] | str | float | int | None"
_SURROGATE = re.compile(r"[\ud800-\udfff]")


@attrs.define(kw_only=True)
class Answer(Generic[P]):
    """A payload, the response that carried it, and what had to be mended.

    Whoever decodes pieces of it later adds to `issues` what had to be mended there.
    """

    payload: P
    response: Response
    issues: tuple[Issue, ...] = ()

    @property
    def source(self) -> Source:
        """Where every figure of this payload came from."""
        response = self.response
        return Source(
            vendor=response.vendor,
            endpoint=response.request.operation,
            request_id=response.request_id,
            api_version=response.api_version,
            fetched_at=response.at,
        )


def ask(
    request: Request,
    kind: type[P],
    doubt: Callable[[P], str | None] | None = None,
    quick: type[P] | None = None,
) -> Flow[Answer[P]]:
    """The request's answer as a payload; asked again when it cannot be right.

    An answer that does not decode, or about which `doubt` finds something to say, is
    asked for up to three times in all. Raises `Unreadable` or `Incomplete` then, and
    `OutcomeUnknown` at once where asking again could do the thing twice. `quick` is as
    in `decode`.
    """
    error: Unreadable | Incomplete | None = None
    for attempt in range(TRIES):
        if attempt:
            request = attrs.evolve(request, delay=request.delay + 0.5)
        response = yield request
        try:
            answer = decode(kind, response, quick)
            if doubt is None or (problem := doubt(answer.payload)) is None:
                return answer
            error = _fault(Incomplete, problem, response)
        except Unreadable as err:
            error = err
        if not request.safe:
            raise OutcomeUnknown(
                f"it was accepted, but the answer cannot be read: {error.message}",
                vendor=response.vendor,
                operation=request.operation,
                status=response.status,
                request_id=response.request_id,
            ) from error
    assert error is not None  # noqa: S101 - the loop runs at least once
    raise error


def decode(
    kind: type[P], response: Response, quick: type[P] | None = None
) -> Answer[P]:
    """The body as that payload class. Raises `Unreadable` with path and first bytes.

    `quick` is a narrower class, tried first, for bodies in which nothing is odd.
    """
    # No local variable holds the body: tracebacks show them, and it may hold a token.
    if len(response.body) > BULKY and _values(response.body) > MOST_VALUES:
        problem = f"it holds more than {MOST_VALUES:,} values, as no answer does"
        raise _fault(Unreadable, f"{problem}; {_begin(response)}", response)
    for each in () if response.strict else (quick, kind):
        with suppress(msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            if each is not None:
                payload = decoder(each).decode(response.body)
                return Answer(payload=payload, response=response)
    found = _patiently(kind, response)
    if isinstance(found, Answer):
        return found
    problem = f"not a {_name(kind)}: {found}; {_begin(response)}"
    raise _fault(Unreadable, problem, response)


def _values(body: bytes) -> int:
    """About how many there are: one more than commas. Quicker than `body.count`."""
    signs = np.frombuffer(body, np.uint8)
    pieces = (signs[begin : begin + BULKY] for begin in range(0, len(signs), BULKY))
    return 1 + sum(int(np.count_nonzero(piece == COMMA)) for piece in pieces)


def _patiently(kind: type[P], response: Response) -> Answer[P] | str:
    """The answer, or what is wrong with it, in words.

    Not as an error: that would keep the whole body, in which there may be a token.
    """
    try:
        mended, issues = mend(response.body, strict=response.strict)
        payload = decoder(kind).decode(mended)
    except (ValueError, RecursionError) as err:
        return str(err) or "nested too deep"
    return Answer(payload=payload, response=response, issues=issues)


def _name(kind: object) -> str:
    """A class has a name of its own; a choice of several is spelled out."""
    name: object = getattr(kind, "__name__", None)
    return str(kind) if name is None else str(name)


def _begin(response: Response) -> str:
    if response.request.host == "auth":
        return "its text is not shown, because it may hold a token"
    return f"it begins {response.body[:SHOWN].decode('utf-8', 'replace')!r}"


K = TypeVar("K", Unreadable, Incomplete)


def _fault(kind: type[K], problem: str, response: Response) -> K:
    return kind(
        problem,
        vendor=response.vendor,
        operation=response.request.operation,
        status=response.status,
        request_id=response.request_id,
    )


def mend(
    body: bytes, *, strict: bool = False, path: str = "$"
) -> tuple[bytes, tuple[Issue, ...]]:
    """The same JSON, readable, and what had to be mended. Raises `ValueError`.

    `path` is where it stands in the whole answer; `strict` forbids keys that come
    twice.
    """
    issues: list[Issue] = []
    text = body.decode("utf-8", "replace")
    if text.startswith("\ufeff"):
        issues.append(Issue(path=path, problem="byte-order mark before the JSON"))
    if text.encode() != body:
        issues.append(
            Issue(path=path, problem="bytes that are not UTF-8, shown as U+FFFD")
        )
    pairs = _no_duplicates if strict else None
    tree: Tree = json.loads(text.lstrip("\ufeff"), object_pairs_hook=pairs)
    whole = json.dumps(_walk(tree, path, issues), ensure_ascii=False, allow_nan=False)
    return whole.encode(), tuple(issues)


def _no_duplicates(pairs: list[tuple[str, Tree]]) -> dict[str, Tree]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice!r} stands twice in one object")
    return found


def _walk(node: Tree, path: str, issues: list[Issue]) -> Tree:
    if isinstance(node, dict):
        return {
            _text(key, path, issues): _walk(value, f"{path}.{key}", issues)
            for key, value in node.items()
        }
    if isinstance(node, list):
        return [_walk(value, f"{path}[{i}]", issues) for i, value in enumerate(node)]
    if isinstance(node, str):
        return _text(node, path, issues)
    if isinstance(node, float) and not math.isfinite(node):
        issues.append(Issue(path=path, problem="not a finite number", seen=str(node)))
        return None
    return node


def _text(text: str, path: str, issues: list[Issue]) -> str:
    if _SURROGATE.search(text) is None:
        return text
    issues.append(Issue(path=path, problem="half a character, shown as U+FFFD"))
    return _SURROGATE.sub("\ufffd", text)


def figure(value: object) -> tuple[int | float | None, str | None]:
    """A metric's value as a number, and what is wrong with it if anything is.

    Numbers as text are read; None is "not reported" and nothing wrong; anything else
    is no number: (None, the problem).
    """
    if value is None:
        return None, None
    if isinstance(value, str):
        return _spelled(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None, f"{type(value).__name__} instead of a number"
    if not _is_finite(value):
        return None, "not a finite number"
    return value, None


def _is_finite(number: float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:  # A whole number that no float can hold.
        return False


def _spelled(text: str) -> tuple[int | float | None, str | None]:
    for kind in (int, float):
        try:
            number = kind(text)
        except ValueError:
            continue
        if _is_finite(number) and text.isascii() and "_" not in text:
            return number, None
    return None, "text that is no number"
