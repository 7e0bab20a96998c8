"""A vendor whose rows come, go and change between two pages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final

import attrs
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from socialmetrics_sprout.sandbox.filters import parse

START: Final = datetime(2026, 1, 1, tzinfo=UTC)
SPAN: Final = 30 * 86_400
Json = dict[str, Any]


@attrs.define(eq=False)
class Row:
    """Something with an id, a second, and a text that can be edited."""

    guid: str
    at: datetime
    version: int = 0

    @property
    def key(self) -> tuple[datetime, str]:
        return self.at, self.guid

    def shown(self) -> Json:
        return {
            "guid": self.guid,
            "created_time": f"{self.at:%Y-%m-%dT%H:%M:%SZ}",
            "network": "TWITTER",
            "customer_profile_id": "6810000",
            "text": f"version {self.version}",
        }


class Moving:
    """Rows, and who was there all the time; `seed` decides what happens."""

    def __init__(self, seed: int) -> None:
        self.dice = Random(seed)  # noqa: S311 - no secret
        self.number = 0
        self.rows: list[Row] = []
        self.edited: dict[str, set[int]] = {}
        for _ in range(self.dice.randint(150, 450)):
            self._insert()
        self.stayed = {row.guid for row in self.rows}
        self.requests = 0

    def _insert(self) -> None:
        self.number += 1
        # Many share a second, and some ids sort against time.
        second = self.dice.randrange(0, SPAN, self.dice.choice([1, 3600, 86_400]))
        guid = f"t:{self.dice.randrange(10**9):09}{self.number}"
        self.rows.append(Row(guid, START + timedelta(seconds=second)))
        self.edited[guid] = {0}

    def change(self) -> None:
        for _ in range(self.dice.randint(0, 6)):
            kind = self.dice.randrange(3)
            row = self.dice.choice(self.rows)
            if kind == 0:
                self._insert()
            elif kind == 1:
                self.rows.remove(row)
                self.stayed.discard(row.guid)
            else:
                row.version += 1
                self.edited[row.guid].add(row.version)

    def inside(self, body: Mapping[str, Any]) -> list[Row]:
        filters = {f.field: f for f in map(parse, body["filters"])}
        begin, end, _ = filters["created_time"].ends
        first, last = (datetime.fromisoformat(t + "+00:00") for t in (begin, end))
        rows = [row for row in self.rows if first <= row.at < last]
        if "guid" in filters:
            rows = [row for row in rows if row.guid > filters["guid"].words[0]]
        return rows

    def posts(self, body: Mapping[str, Any]) -> Json:
        rows = sorted(self.inside(body), key=lambda row: row.guid)
        pages = -(-len(rows) // 100)
        shown: list[Json] = [{**row.shown(), "metrics": {}} for row in rows[:100]]
        return {"data": shown, "paging": {"current_page": 1, "total_pages": pages}}

    def messages(self, body: Mapping[str, Any]) -> Json:
        rows = sorted(self.inside(body), key=lambda row: row.key)
        if "page_cursor" in body:
            moment, guid = json.loads(body["page_cursor"])
            mark = datetime.fromisoformat(moment), guid
            rows = [row for row in rows if row.key > mark]
        answer: Json = {"data": [row.shown() for row in rows[:100]]}
        if len(rows) > 100:
            last = rows[99]
            cursor = json.dumps([last.at.isoformat(), last.guid])
            answer["paging"] = {"next_cursor": cursor}
        return answer

    def mentions(self, body: Mapping[str, Any]) -> Json:
        rows = sorted(self.inside(body), key=lambda row: row.key)
        begin = (body["page"] - 1) * 100
        shown = [row.shown() for row in rows[begin : begin + 100]]
        return {"data": shown, "paging": {"current_page": body["page"]}}

    def answer(self, path: str, body: Mapping[str, Any]) -> Json:
        """The answer to a query; then things change."""
        self.requests += 1
        kinds = {
            "analytics/posts": self.posts,
            "messages": self.messages,
            "listening/topics/7/messages": self.mentions,
        }
        answer = kinds[path](body)
        self.change()
        return answer


@attrs.define
class Stage:
    """An application that shows one moving vendor after the other."""

    vendor: Moving

    def application(self) -> Starlette:
        """The vendor of the moment as an ASGI application."""

        async def endpoint(request: Request) -> Response:
            path = request.url.path.partition("/687751/")[2]
            return JSONResponse(self.vendor.answer(path, await request.json()))

        return Starlette(routes=[Route("/{rest:path}", endpoint, methods=["POST"])])
