"""What Hootsuite's error answers say: five shapes of bodies on one host, and none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import attrs
import msgspec

from socialmetrics.adapter import Problem
from socialmetrics.errors import RateLimited, Rejected, SocialMetricsError
from socialmetrics.typed import converted, decoder
from socialmetrics.wire import Response
from socialmetrics.wording import clean, plain
from socialmetrics_hootsuite import faults
from socialmetrics_hootsuite.allowance import is_used_up
from socialmetrics_hootsuite.faults import HINTS, KINDS, Fault
from socialmetrics_hootsuite.payloads import ErrorPayload

NO_REASON: Final = "it says no reason"
FORBIDDEN: Final = "request_forbidden"
UNINSTALLED: Final = "could not be authorized"
"""Together: the app was taken away. A token that nobody knows is request_unauthorized,
in the same words."""
THROTTLED: Final = "max rate reached"
REFUSED: Final = range(400, 500)
UNAUTHORIZED: Final = 401
_STORE_CODE: Final = re.compile(rb"<Code>(\w{1,40})</Code>")


@attrs.frozen(kw_only=True)
class Complaint:
    """One of the errors of an answer. `profile` is the one that it concerns."""

    text: str
    code: int | None = None
    fault: Fault | None = None
    profile: str | None = None


@attrs.frozen(kw_only=True)
class Told:
    """What an error answer says: whose fault it is, and its single complaints.

    `response` is the answer where it brings data too: something was done.
    """

    fault: Fault | None = None
    complaints: tuple[Complaint, ...] = ()
    response: Response | None = None
    is_for_good: bool = False


def told(by: SocialMetricsError | Problem) -> Told:
    """What the answer behind it says."""
    return by.told if isinstance(by.told, Told) else Told()


def problem(response: Response) -> Problem:
    """The vendor's words, and the error that they mean where the status misleads."""
    if response.request.url is not None:
        return Problem(message=_of_store(response))
    root = _root(response.body)
    listed = complaints(root.get("errors"), response.request.operation)
    if listed:
        return _listed(listed, response, has_data=bool(root.get("data")))
    word = root.get("error")
    if isinstance(word, str) and word.strip():
        return _oauth(clean(word), root, response)
    if "detail" in root or "title" in root:
        return _detailed(root, response)
    return _plain(response)


def is_about_token(response: Response) -> bool:
    """Whether it is the token that was refused, and another one may be accepted.

    401 alone does not say so: missing permissions are 401 too.
    """
    said = told(problem(response))
    return said.fault == "token" and not said.is_for_good


def refusal(response: Response) -> SocialMetricsError:
    """The error that an answer is, whatever its status pretends."""
    found = problem(response)
    error = (found.kind or Rejected)(
        found.message,
        vendor=response.vendor,
        operation=response.request.operation,
        status=response.status,
        code=found.code,
        request_id=response.request_id,
    )
    error.told = found.told
    return error


def complaints(errors: object, operation: str) -> tuple[Complaint, ...]:
    """The entries of `errors`, however broken they are."""
    if not isinstance(errors, list):
        return ()
    several: list[object] = errors  # pyright: ignore[reportUnknownVariableType]  # JSON
    return tuple(_complaint(each, operation) for each in several)


def _complaint(entry: object, operation: str) -> Complaint:
    try:
        error = converted(entry, ErrorPayload)
    except msgspec.ValidationError:
        return Complaint(text=clean(str(entry)) or NO_REASON)
    code = _number(error.code)
    message = clean(error.message or "")
    fault = None if code is None else faults.of_code(code, operation, message)
    resource = error.resource
    is_profile = resource is not None and resource.type == "socialProfile"
    return Complaint(
        text="; ".join(_words(message, fault, error.id)),
        code=code,
        fault=fault,
        profile=str(resource.id) if resource and is_profile else None,
    )


def _words(message: str, fault: Fault | None, trace: int | str | None) -> Iterator[str]:
    yield message or NO_REASON
    if fault is not None and fault in HINTS:
        yield HINTS[fault]
    if trace is not None:
        yield f"trace id {clean(str(trace))}"


def _number(code: float | str | None) -> int | None:
    try:
        return None if code is None else int(code)
    except (ValueError, OverflowError):
        return None


def _listed(
    listed: tuple[Complaint, ...], response: Response, *, has_data: bool
) -> Problem:
    first, is_write = listed[0], not response.request.safe
    fault = _fault(listed, is_write=is_write)
    text = "; ".join(each.text for each in listed)
    kind = KINDS.get(fault) if fault else None
    if fault == "throttled" and is_used_up(response):
        text += "; the calls of the day are used up"
    if has_data and is_write:  # Part of it was done: never sent again.
        kind = Rejected
    said = Told(
        fault=fault,
        complaints=listed,
        response=response if has_data and is_write else None,
    )
    code = None if first.code is None else str(first.code)
    return Problem(message=text, code=code, kind=kind, told=said)


def _fault(listed: Sequence[Complaint], *, is_write: bool) -> Fault | None:
    """The first that is known; of a write the server's, for that may have been done."""
    known: list[Fault] = [each.fault for each in listed if each.fault is not None]
    if is_write and "server" in known:
        return "server"
    return known[0] if known else None


def _oauth(word: str, root: Mapping[str, object], response: Response) -> Problem:
    """RFC 6749's shape: the token endpoint, and all others when the token is bad."""
    texts = [str(root.get(key) or "") for key in ("error_description", "error_hint")]
    text = "; ".join(clean(each) for each in texts if each) or word
    if response.request.host == "auth":
        return Problem(message=text, code=word)
    is_gone = word == FORBIDDEN and UNINSTALLED in text
    if is_gone:
        text += "; if the app was uninstalled, it has to be installed anew"
    fault = faults.of_word(word)
    if fault is None and response.status == UNAUTHORIZED:
        fault = "token"
    said = Told(fault=fault, is_for_good=is_gone)
    kind = KINDS.get(fault) if fault else None
    return Problem(message=text, code=word, kind=kind, told=said)


def _detailed(root: Mapping[str, object], response: Response) -> Problem:
    """Analytics (RFC 9457) and SCIM."""
    texts = [root.get(key) for key in ("title", "detail")]
    text = ": ".join(clean(each) for each in texts if isinstance(each, str) and each)
    code = root.get("scimType")
    return Problem(
        message=text or plain(response), code=code if isinstance(code, str) else None
    )


def _plain(response: Response) -> Problem:
    """Gateways answer in text or HTML."""
    text = plain(response)
    if text.lower().startswith(THROTTLED):
        return Problem(message=text, kind=RateLimited, told=Told(fault="throttled"))
    return Problem(message=text)


def _of_store(response: Response) -> str:
    """A file store's own word only: the rest of its answer may hold keys."""
    found = _STORE_CODE.search(response.body)
    word = f" ({found[1].decode()})" if found else ""
    return f"the store of the uploaded file answers HTTP {response.status}{word}"


def _root(body: bytes) -> dict[str, Any]:
    try:
        return decoder(dict[str, Any]).decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return {}
