"""The table: what goes wrong, what becomes of it once, and what for ever."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import attrs

import socialmetrics as sm
from socialmetrics.sandbox import faults
from socialmetrics.sandbox.exchange import Fault
from tests.faults import injuries

Error = type[sm.SocialMetricsError]


@attrs.frozen
class Line:
    """A fault that passes; where it does not, the error, its words and the tries."""

    name: str
    make: Callable[[], Fault]
    error: Error
    words: str
    tries: int = 6

    def __str__(self) -> str:
        return self.name


def _body(name: str, make: Callable[[], Fault], words: str) -> Line:
    """Answers that cannot be read are asked for three times."""
    return Line(name, make, sm.Unreadable, words, 3)


def _lost(name: str, make: Callable[[], Fault], words: str) -> Line:
    return Line(name, make, sm.Unreachable, words)


def _status(code: int) -> Line:
    make = partial(faults.status, code)
    return Line(f"R6 HTTP {code}", make, sm.Unavailable, f"HTTP {code}")


PASSING: Final = (
    _lost("R1 reset in the body", faults.reset_mid_body, "ReadError"),
    _lost("R1 end in the body", faults.fin_mid_body, "RemoteProtocolError"),
    _lost("R1 end before the answer", faults.close_before_answer, "disconnected"),
    _lost("R1 reset before the answer", lambda: faults.cut(0, reset=True), "Error"),
    _lost(
        "R2 a length of 1 too many", lambda: faults.lying_length(1), "complete message"
    ),
    _lost("R2 a length of 1 GB too many", lambda: faults.lying_length(10**9), "Error"),
    _body("R2 a length of 1 too few", lambda: faults.lying_length(-1), "it begins"),
    _body("R2 a length of 40 too few", lambda: faults.lying_length(-40), "it begins"),
    _lost("R2 two lengths", lambda: injuries.lengths("5", "7"), "Content-Length"),
    _lost("R2 a length of words", lambda: injuries.lengths("many"), "Content-Length"),
    _lost("R2 a negative length", lambda: injuries.lengths("-5"), "Content-Length"),
    _lost("R2 no chunk", faults.broken_chunks, "chunk"),
    _lost("R2 no last chunk", lambda: faults.broken_chunks(b""), "complete message"),
    _lost("R2 a negative chunk", lambda: faults.broken_chunks(b"-5\r\n"), "chunk"),
    _lost("R2 not HTTP", lambda: injuries.raw("", lambda _: b"\0\1\2" * 99), "Error"),
    _lost("R24 a header of 5 MB", faults.huge_header, "Error"),
    _body("R3 half of the JSON", faults.truncated_json, "it begins"),
    _body("R3 one byte of JSON", lambda: faults.truncated_json(1), "it begins"),
    *(_status(code) for code in (500, 502, 503, 408)),
    _body("R11 a login page", faults.html_200, "<html>"),
    _body("R11 nothing", faults.empty_200, "b"),
    _body("R11 204", lambda: faults.status(204, b""), "b"),
    _body("R11 an error with status 200", faults.error_in_200, "injected"),
    _body("R11 data: null", faults.null_data, "$.data"),
    _body("R11 data: {}", faults.object_data, "$.data"),
    _body("R11 no data", faults.missing_data, "data"),
    _body("R11 a list", lambda: faults.body(b"[]"), "array"),
    _body("R11 text", lambda: faults.body(b'"ok"'), "str"),
    _body("R24 deep JSON", faults.deep_json, "data"),
    Line(
        "R11 an error beside the data",
        injuries.error_beside_data,
        sm.Incomplete,
        "half of it",
        3,
    ),
)

HARMLESS: Final = (
    ("R11 text/html", faults.content_type, 0),
    ("R11 no Content-Type", lambda: faults.content_type(""), 0),
    ("R14 every row twice", faults.doubled_page, 0),
    ("R21 unknown keys", faults.extra_keys, 0),
    ("R23 a byte-order mark", faults.bom, 1),
)

REFUSALS: Final = (
    (301, sm.Unreadable),
    (400, sm.Rejected),
    (401, sm.AuthRefused),
    (403, sm.PermissionDenied),
    (404, sm.NotFound),
    (415, sm.Rejected),
    (418, sm.Rejected),
    (999, sm.Unavailable),
)
