"""The simulated service as an ASGI application."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from socialmetrics_hootsuite.legacy.sandbox.reading import read
from socialmetrics_hootsuite.legacy.sandbox.refusal import (
    UNAUTHORIZED,
    UNSUPPORTED_MEDIA,
    Refusal,
    bad,
)
from socialmetrics_hootsuite.legacy.sandbox.service import Service
from socialmetrics_hootsuite.legacy.sandbox.wire import Cut, answer
from socialmetrics_hootsuite.legacy.sandbox.writing import write
from socialmetrics_hootsuite.sandbox.wire import http_date

CREDENTIALS: Final[Mapping[str, str]] = {
    "access_token": "sandbox-hootsuite-legacy-token-5e19b7"
}
"""What opens the sandbox. It is made up."""
PREFIXES: Final = ("", "/api/2")
_Handler = Callable[[Request], Awaitable[Response]]


class Server:
    """Routes requests to the endpoints, and puts every answer into its envelope."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def application(self) -> Starlette:
        """The ASGI application; its `state` has what was published."""
        routes: list[Route] = []
        for prefix in PREFIXES:
            path = f"{prefix}/messages"
            routes += [
                Route(f"{prefix}/networks", self._open(self._list), methods=["GET"]),
                Route(path, self._open(self._read), methods=["GET"]),
                Route(path, self._open(self._write), methods=["POST"]),
            ]
        app = Starlette(
            routes=routes, exception_handlers={HTTPException: self._unrouted}
        )
        app.router.redirect_slashes = False
        app.state.published = self._service.published
        return app

    def _open(self, handler: _Handler) -> _Handler:
        async def endpoint(request: Request) -> Response:
            try:
                _check(request.headers.get("authorization", ""))
                told = await handler(request)
            except Refusal as no:
                headers = self._retry_after(no)
                told = answer({"error": no.text}, no.status, headers)
            told.headers["date"] = http_date(self._service.now())
            return told

        return endpoint

    def _retry_after(self, no: Refusal) -> dict[str, str]:
        options = self._service.options
        if no.status != options.limited or options.retry_after is None:
            return {}
        return {"Retry-After": str(options.retry_after)}

    async def _unrouted(self, request: Request, error: Exception) -> Response:
        del request
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
        return answer({"error": error.detail}, error.status_code, error.headers)

    async def _list(self, request: Request) -> Response:
        if request.url.query:
            bad("networks takes no parameters")
        return self._enveloped(self._service.networks())

    async def _read(self, request: Request) -> Response:
        return self._enveloped(read(self._service, request.url.query))

    def _enveloped(self, content: object) -> Response:
        return answer(
            {"results": content} if self._service.options.enveloped else content
        )

    async def _write(self, request: Request) -> Response:
        if request.url.query:
            bad("parameters belong into the body")
        kind = request.headers.get("content-type", "").partition(";")[0].strip()
        if kind.lower() != "application/json":
            raise Refusal(UNSUPPORTED_MEDIA, "the body must be application/json")
        made = write(self._service, await request.body())
        self._service.posts += 1
        if self._service.posts in self._service.options.cuts:
            return Cut()
        return self._receipt(made)

    def _receipt(self, made: list[dict[str, object]]) -> Response:
        shape = self._service.options.receipt
        if shape == "empty":
            return Response()
        if shape == "text":
            return Response("OK", media_type="text/plain")
        if shape == "list":
            return answer({"results": made})
        return answer(made[0] if shape == "bare" else {"results": made[0]})


def _check(header: str) -> None:
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or token != CREDENTIALS["access_token"]:
        raise Refusal(UNAUTHORIZED, "Invalid access token")
