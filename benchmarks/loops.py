"""The loops that one would write by hand: httpx, orjson, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import httpx
import orjson

HEADERS: Final = {"Authorization": "Bearer t"}
Row = dict[str, Any]
Figure = tuple[int, str, str, float]


def posts(http: httpx.Client, body: dict[str, Any]) -> Iterator[Row]:
    """Every post as the dict that it came as, page after page by the guid cursor."""
    filters = body["filters"]
    while True:
        answer = http.post("/v1/1/analytics/posts", json=body)
        answer.raise_for_status()
        page = orjson.loads(answer.content)
        yield from page["data"]
        if page["paging"]["total_pages"] == 1:
            return
        last = page["data"][-1]["guid"]
        body = {**body, "filters": [*filters, f"guid.gt({last})"]}


def figures(http: httpx.Client, bodies: list[dict[str, Any]]) -> Iterator[Figure]:
    """Every figure: profile, day, metric and value, one by one."""
    for body in bodies:
        page, pages = 0, 1
        while page < pages:
            page += 1
            asked = {**body, "page": page}
            answer = http.post("/v1/1/analytics/profiles", json=asked)
            answer.raise_for_status()
            found = orjson.loads(answer.content)
            pages = found["paging"]["total_pages"]
            for row in found["data"]:
                dimensions = row["dimensions"]
                profile = dimensions["customer_profile_id"]
                day = dimensions["reporting_period.by(day)"]
                for name, value in row["metrics"].items():
                    yield profile, day, name, value
