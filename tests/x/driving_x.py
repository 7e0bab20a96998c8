"""X's generators driven by hand: answers, refusals, and every figure that came."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from socialmetrics.errors import (
    AuthRefused,
    PermissionDenied,
    Refused,
    Rejected,
    SocialMetricsError,
)
from socialmetrics.model import Point
from socialmetrics.reading import Status
from socialmetrics.series import MetricSeries
from socialmetrics.window import Window
from socialmetrics.wire import Request, Response
from socialmetrics_x.ids import smallest
from socialmetrics_x.known import Known
from socialmetrics_x.parts import PostsPart
from socialmetrics_x.problems import problem
from socialmetrics_x.reads import Reader
from tests.sprout.driving import Driven, body_of, drive

Server: TypeAlias = Callable[[Request], object]
Cell: TypeAlias = tuple[str, str, datetime]

NOW = datetime(2026, 3, 11, 6, 40, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WINDOW = Window(
    datetime(2026, 3, 9, 22, tzinfo=UTC), datetime(2026, 3, 10, 2, tzinfo=UTC)
)
FORBIDDEN = "Forbidden to access tweets: "
_KINDS: Mapping[int, type[Refused]] = {401: AuthRefused, 403: PermissionDenied}


def snowflake(moment: datetime, number: int = 0) -> str:
    """The id of a post that was made then; `number` tells those of one moment apart."""
    return str(smallest(moment) + number)


def response(
    request: Request,
    content: object,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """An answer of X's; bytes go out as they are."""
    return Response(
        status=status,
        headers=headers or {},
        body=content if isinstance(content, bytes) else json.dumps(content).encode(),
        at=NOW,
        request=request,
        vendor="x",
    )


def refusal(*texts: object, status: int = 403, **lists: object) -> Refused:
    """What the engine makes of an error answer with these texts and lists."""
    request = Request(operation="insights/engagement/totals", method="POST", path="/")
    told = problem(response(request, {"errors": list(texts), **lists}, status))
    kind = _KINDS.get(status, Rejected)
    return kind(told.message, vendor="x", status=status, told=told.told)


def totals(*ids: str, names: Sequence[str] = ("favorites",), **more: Any) -> PostsPart:
    """A part of lifetime figures; the app asks unless `owners` are given."""
    return PostsPart(endpoint="totals", ids=ids, names=tuple(names), at=NOW, **more)


def hourly(*ids: str, names: Sequence[str] = ("favorites",), **more: Any) -> PostsPart:
    """A part of hours of `WINDOW`, of the owner 7 unless others are given."""
    told: dict[str, Any] = {"window": WINDOW, "owners": ("7",), **more}
    return PostsPart(endpoint="historical", ids=ids, names=tuple(names), at=NOW, **told)


def read(
    part: PostsPart, server: Server, known: Known | None = None, most: int = 2000
) -> Driven[MetricSeries]:
    """Everything that reading the part brings."""
    memory = Known(part.owners) if known is None else known
    return drive(Reader(part, memory).read(), by_x(server), most)


def by_x(server: Server) -> Server:
    """The same, with answers of X's."""

    def answer(request: Request) -> object:
        told = server(request)
        is_whole = isinstance(told, SocialMetricsError | Response)
        return told if is_whole else response(request, told)

    return answer


def points(found: Driven[MetricSeries]) -> list[Point]:
    """Every figure."""
    return [point for series in found.items for point in series]


def cells(found: Driven[MetricSeries]) -> dict[Cell, Point]:
    """Every figure by post, the vendor's metric and start; each has exactly one."""
    told = points(found)
    by_cell = {(p.subject.native_id, p.reading.name, p.start): p for p in told}
    assert len(by_cell) == len(told), "a cell comes twice"
    return by_cell


def statuses(found: Driven[MetricSeries]) -> dict[tuple[str, str], set[Status]]:
    """By post and metric, every status."""
    told: dict[tuple[str, str], set[Status]] = {}
    for point in points(found):
        key = point.subject.native_id, point.reading.name
        told.setdefault(key, set()).add(point.status)
    return told


def of_posts(found: Driven[MetricSeries]) -> dict[str, tuple[float | None, str]]:
    """By post, the value and status of its only figure."""
    return {
        native_id: (point.value, point.status.value)
        for (native_id, _, _), point in cells(found).items()
    }


def asked(found: Driven[MetricSeries]) -> list[tuple[object, tuple[str, ...]]]:
    """Who was asked for which posts, in turn."""
    return [(r.credential, tuple(body_of(r)["tweet_ids"])) for r in found.requests]


def figures(request: Request, value: object = "1") -> dict[str, object]:
    """An answer with that value for all that the request asks for."""
    body = body_of(request)
    names = dict.fromkeys(body["engagement_types"], value)
    return {"figures": dict.fromkeys(body["tweet_ids"], names)}
