"""A tiny vendor: its API as a function of requests."""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Mapping

import attrs

TOKEN = "toy-token-1"


Answer = tuple[int, Mapping[str, str], bytes]


def told(value: object, status: int = 200, **headers: str) -> Answer:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return status, named, json.dumps(value).encode()


@attrs.define
class Api:
    """The vendor's answers. `faults` are answered first, one a call, oldest first."""

    profiles: int = 3
    pages: int = 2
    faults: deque[Answer] = attrs.field(factory=deque[Answer])
    calls: list[tuple[str, str]] = attrs.field(factory=list[tuple[str, str]])
    tokens: set[str] = attrs.field(factory=lambda: {TOKEN})
    issued: int = 0

    @property
    def asked(self) -> Counter[str]:
        return Counter(path for _, path in self.calls)

    def answer(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> Answer:
        self.calls.append((method, path))
        if path == "/token":
            return self._token(body)
        if headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return told({"error": "who are you?", "code": "E401"}, 401)
        if self.faults:
            return self.faults.popleft()
        given: dict[str, object] = json.loads(body) if body.startswith(b"{") else {}
        return self._resource(path.removeprefix("/v1/"), given)

    def _token(self, body: bytes) -> Answer:
        if b"client_secret=right" not in body:
            return told({"error": "invalid_client"}, 401)
        self.issued += 1
        self.tokens = {f"issued-{self.issued}"}
        return told({"access_token": f"issued-{self.issued}", "expires_in": 3600})

    def _resource(self, path: str, given: Mapping[str, object]) -> Answer:
        if path == "account":
            return told({"id": "acc 1/ü"})
        if path == "profiles":
            return told({"items": [{"number": i} for i in range(1, self.profiles + 1)]})
        if path == "topics":
            return told({"items": [{"number": 7}]})
        if path.endswith("/posts") and path != "gone/posts":
            page = int(str(given["page"]))
            return told({"items": [{"number": page}], "more": page < self.pages})
        if path == "figures":
            return told({"items": [{"number": len(str(given))}]})
        if path == "publish":
            return told({"items": [{"number": 1}]}, 201)
        return told({"error": "no such thing", "code": "E404"}, 404, x_request_id="r-9")
