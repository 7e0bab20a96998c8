"""A tiny application that answers pages of rows, and how to ask it."""

from __future__ import annotations

from datetime import UTC, datetime

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from socialmetrics.sandbox import Sandbox, World

ROWS = [
    {"id": f"t:{number}", "text": f"Größe {number}", "metrics": {"likes": number}}
    for number in range(1, 4)
]


async def page(request: Request) -> JSONResponse:
    content = {"data": ROWS, "asked": len(await request.body())}
    return JSONResponse(content, headers={"X-Request": request.url.path})


def application() -> Starlette:
    return Starlette(routes=[Route("/{path:path}", page, methods=["GET", "POST"])])


def sandbox(world: World, note: str = "") -> Sandbox:
    credentials = {"token": f"made-up-{world.seed}"}
    now = datetime(2026, 3, 11, tzinfo=UTC)
    return Sandbox(app=application(), credentials=credentials, notes=note, now=now)


def broken(world: World) -> Sandbox:
    raise RuntimeError(f"no sandbox of world {world.seed}")
