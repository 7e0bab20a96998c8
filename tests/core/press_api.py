"""A tiny vendor that publishes: its messages, and what goes wrong on the way."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, Literal, TypeAlias

import attrs

from tests.core.servers import Connection, Server, Talk, written
from tests.core.toy_api import Answer, told

Fault: TypeAlias = Literal[
    "ok",
    "cut after",
    "cut before",
    "500 after",
    "refused",
    "partial",
    "unreadable",
    "mute",
]


class Cut(Exception):
    """The connection broke; nobody sees an answer."""


@attrs.define
class Message:
    id: str
    profile: str
    text: str
    at: str | None
    state: str = "SCHEDULED"
    hidden: int = 0


@attrs.define
class PressApi:
    """Messages by profile. `faults` happen to the next messages, one a call.

    A new message is not shown to the next `hidden` searches. `partial` is refused for
    profiles whose id ends in "2".
    """

    faults: deque[Fault] = attrs.field(factory=deque[Fault])
    hidden: int = 0
    times: int = 1
    messages: list[Message] = attrs.field(factory=list[Message])
    calls: list[str] = attrs.field(factory=list[str])
    uploads: list[str] = attrs.field(factory=list[str])
    bodies: list[Any] = attrs.field(factory=list[Any])
    broken: set[str] = attrs.field(factory=set[str])
    before: Callable[[], object] = attrs.field(default=lambda: None)
    after: Callable[[], object] = attrs.field(default=lambda: None)

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        given: Any = json.loads(body or b"null")
        what = path.removeprefix("/v1/").split("/")[0]
        self.calls.append(f"{method} {what}")
        if what in self.broken:
            return told({"error": "out of order"}, 404)
        if what == "messages" and method == "DELETE":
            return self._withdraw(path.rsplit("/", 1)[1])
        if what == "messages":
            return self._publish(given)
        if what == "profiles":
            return told({"items": [{"number": 1}, {"number": 2}]})
        if what == "search":
            return self._search(given)
        if what == "look":
            return self._look(given)
        self.uploads.append(given["file"])
        return told({"id": f"m{len(self.uploads)}"})

    def at(self, profile: str) -> list[Message]:
        """Its messages, withdrawn ones excluded."""
        return [m for m in self.messages if m.profile == profile and m.state != "GONE"]

    @property
    def sent(self) -> int:
        """How many times something was to be published."""
        return self.calls.count("POST messages")

    def _publish(self, given: Any) -> Answer:
        self.bodies.append(given)
        fault = self.faults.popleft() if self.faults else "ok"
        self.before()
        if fault == "cut before":
            raise Cut
        if fault == "refused":
            return told({"error": "no such text", "code": "E400"}, 400)
        refused = [p for p in given["profiles"] if fault == "partial" and p[-1] == "2"]
        made = [
            self._made(profile, given["text"], given["at"])
            for profile in given["profiles"]
            if profile not in refused
            for _ in range(self.times)
        ]
        self.after()
        if fault == "cut after":
            raise Cut
        if fault == "500 after":
            return told({"error": "oops"}, 500)
        if fault == "unreadable":
            return 200, {}, b"<html>thank you</html>"
        named = [] if fault == "mute" else [attrs.asdict(each) for each in made]
        return told({"messages": named, "refused": refused}, 201)

    def _made(self, profile: str, text: str, at: str | None) -> Message:
        number = str(len(self.messages) + 1)
        made = Message(number, profile, text, at, hidden=self.hidden)
        self.messages.append(made)
        return made

    def _search(self, given: Any) -> Answer:
        found: list[object] = []
        for each in self.messages:
            if each.text != given["text"] or each.profile not in given["profiles"]:
                continue
            if each.hidden > 0:
                each.hidden -= 1
            elif each.state != "GONE":
                found.append(attrs.asdict(each))
        return told({"messages": found})

    def _look(self, given: Any) -> Answer:
        found = [attrs.asdict(m) for m in self.messages if m.id in given["ids"]]
        return told({"messages": found})

    def _withdraw(self, number: str) -> Answer:
        for each in self.messages:
            if each.id == number and each.state == "SCHEDULED":
                each.state = "GONE"
                return 204, {}, b""
        return told({"error": "it is out", "code": "E409"}, 409)


def pressing(api: PressApi) -> Talk:
    """The vendor on a wire; one call at a time."""
    lock = threading.Lock()

    def talk(connection: Connection, _: Server) -> None:
        while True:
            head, body = connection.request()
            method, path, _rest = head.split(b"\r\n")[0].decode().split(" ")
            try:
                with lock:
                    status, headers, text = api.answer(method, path, body)
            except Cut:
                connection.reset()
                return
            connection.send(written(text, status, headers))

    return talk
