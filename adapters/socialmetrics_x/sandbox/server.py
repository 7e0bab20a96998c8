"""The simulated service as an ASGI application: the API's host and OAuth's in one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from socialmetrics_x.sandbox import engagement
from socialmetrics_x.sandbox.catalogue import ENDPOINTS, Endpoint
from socialmetrics_x.sandbox.query import query
from socialmetrics_x.sandbox.refusal import NOT_ACCEPTABLE, Refusal, bad, coded
from socialmetrics_x.sandbox.service import Service
from socialmetrics_x.sandbox.wire import answer, kind, takes_gzip

_Handler = Callable[[Request], Awaitable[Response]]
_NOT_FOUND: Final = 404
_GZIP: Final = (
    "This request requires gzip compression. Retry the request after setting "
    "'Accept-Encoding' header in the request to 'gzip'."
)


class Server:
    """Routes requests to the endpoints, and dates every answer."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def application(self) -> Starlette:
        """The ASGI application."""
        app = Starlette(
            routes=[*self._counting(), *self._login()],
            exception_handlers={HTTPException: self._unrouted},
        )
        app.router.redirect_slashes = False
        return app

    def _counting(self) -> list[Route]:
        return [
            Route(
                f"/insights/engagement/{endpoint.name}",
                self._asked(endpoint),
                methods=["POST"],
            )
            for endpoint in ENDPOINTS
        ]

    def _login(self) -> list[Route]:
        steps = self._service.steps
        paths: dict[str, tuple[_Handler, list[str]]] = {
            "/oauth/request_token": (steps.request_token, ["POST"]),
            "/oauth/authorize": (steps.authorize, ["GET", "POST"]),
            "/oauth/access_token": (steps.access_token, ["POST"]),
            "/oauth2/token": (steps.bearer, ["POST"]),
        }
        return [
            Route(path, self._stepped(step), methods=methods)
            for path, (step, methods) in paths.items()
        ]

    def _stepped(self, step: _Handler) -> _Handler:
        async def endpoint(request: Request) -> Response:
            try:
                response = await step(request)
            except Refusal as no:
                response = answer(no.status, no.content, {}, zipped=False)
            response.headers["Date"] = self._service.date()
            return response

        return endpoint

    def _asked(self, endpoint: Endpoint) -> _Handler:
        async def handler(request: Request) -> Response:
            headers = {"Date": self._service.date()}
            try:
                status, content = 200, await self._answer(request, endpoint, headers)
            except Refusal as no:
                status, content = no.status, no.content
            return answer(status, content, headers, zipped=takes_gzip(request))

        return handler

    async def _answer(
        self, request: Request, endpoint: Endpoint, headers: dict[str, str]
    ) -> dict[str, object]:
        """The content of an answer; puts into `headers` what it tells of limits."""
        _check_form(request)
        caller = self._service.gate.caller(request)
        try:
            self._service.admit()
        finally:
            headers |= self._service.limits()
        asked = query(await request.body(), endpoint)
        return engagement.answer(self._service, asked, caller)

    async def _unrouted(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
        content: dict[str, object] = {"errors": [error.detail]}
        if error.status_code == _NOT_FOUND:
            content = {"errors": [coded(34, "Sorry, that page does not exist")]}
        headers = {"Date": self._service.date()}
        zipped = takes_gzip(request)
        return answer(error.status_code, content, headers, zipped=zipped)


def _check_form(request: Request) -> None:
    """Refuses what the API could not read, or whose answer nobody could."""
    if not takes_gzip(request):
        raise Refusal(NOT_ACCEPTABLE, _GZIP)
    if "content-encoding" in request.headers:
        bad("Content-Encoding: requests must not be compressed")
    if kind(request) != "application/json":
        bad("Content-Type: must be application/json")
