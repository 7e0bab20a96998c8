"""The simulated service as an ASGI application: API, OAuth server and storage."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from socialmetrics_hootsuite.sandbox.calls import Call, Endpoint, Told, endpoints
from socialmetrics_hootsuite.sandbox.login import Login, well_known
from socialmetrics_hootsuite.sandbox.refusal import (
    Errors,
    Json,
    Refusal,
    complaint,
    oauth,
    refuse,
    status_of,
)
from socialmetrics_hootsuite.sandbox.service import Service
from socialmetrics_hootsuite.sandbox.uploads import BUCKET
from socialmetrics_hootsuite.sandbox.wire import (
    JSON,
    answer,
    cut,
    hang,
    http_date,
    kind,
)

_Handler = Callable[[Request], Awaitable[Response]]
_COMMIT: Final = "commit_then_"
_NOT_FOUND: Final = 404
_UNSUPPORTED: Final = 415
_PAGES: Final = {"502": 502, "html_500": 500, "garbled": 200}
_GATEWAY: Final = (
    "<html><head><title>Bad Gateway</title></head>"
    "<body><h1>Bad Gateway</h1></body></html>"
)


class Server:
    """Routes requests, asks who calls, counts, and wraps every answer."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._login = Login(service.world, service.options, service.grants)

    def application(self) -> Starlette:
        """The ASGI application."""
        app = Starlette(
            routes=[*self._api(), *self._oauth(), *self._storage()],
            exception_handlers={HTTPException: self._unrouted},
        )
        app.router.redirect_slashes = False
        return app

    def _api(self) -> list[Route]:
        return [
            Route(f"/v1/{each.path}", self._asked(each), methods=[each.method])
            for each in endpoints()
        ]

    def _oauth(self) -> list[Route]:
        paths: dict[str, tuple[_Handler, list[str]]] = {
            "/oauth2/auth": (self._login.authorize, ["GET", "POST"]),
            "/oauth2/token": (self._token, ["POST"]),
            "/.well-known/{name}": (self._document, ["GET"]),
        }
        return [
            Route(path, self._refusing(handler), methods=methods)
            for path, (handler, methods) in paths.items()
        ]

    def _storage(self) -> list[Route]:
        async def put(request: Request) -> Response:
            return await self._service.uploads.put(request, self._service.now())

        return [Route(f"{BUCKET}/{{name}}", put, methods=["PUT"])]

    # The API: who calls, how often, in what form; then the answer.

    def _asked(self, endpoint: Endpoint) -> _Handler:
        async def handler(request: Request) -> Response:
            headers = {"date": http_date(self._service.now())}
            try:
                return await self._answered(request, endpoint, headers)
            except Refusal as no:
                return self._refused(no, headers, is_rest=not endpoint.is_analytics)

        return handler

    async def _answered(
        self, request: Request, endpoint: Endpoint, headers: dict[str, str]
    ) -> Response:
        """The answer; puts into `headers` what it tells of limits."""
        service = self._service
        caller = service.grants.caller(_bearer(request))
        try:
            service.quota.admit()
        finally:
            headers |= service.quota.headers()
        service.requests.append((request.method, request.url.path))
        service.allow(endpoint.operation)
        if request.method == "POST" and kind(request) != JSON:
            raise Errors(_UNSUPPORTED, [complaint(1100)])
        call = Call(
            service=service,
            caller=caller,
            path={name: str(text) for name, text in request.path_params.items()},
            query=request.query_params.multi_items(),
            body=await request.body(),
            base=_base(request),
        )
        if endpoint.fault:
            return await self._faulty(request, endpoint, call, headers)
        return _answer(endpoint.answer(call), headers)

    async def _faulty(
        self, request: Request, endpoint: Endpoint, call: Call,
        headers: Mapping[str, str],
    ) -> Response:  # fmt: skip
        fault = self._service.next_fault(endpoint.fault)
        if fault and not fault.startswith(_COMMIT):
            return await self._failed(request, fault, headers)
        done = _answer(endpoint.answer(call), headers)
        if fault:
            return await self._failed(request, fault.removeprefix(_COMMIT), headers)
        return done

    async def _failed(
        self, request: Request, fault: str, headers: Mapping[str, str]
    ) -> Response:
        """What is answered instead of an answer."""
        if fault == "cut":
            return await cut(request)
        if fault == "hang":
            return await hang(request, self._service.options.hang_seconds)
        if fault in ("429", "max_rate"):
            self._service.quota.refuse(is_plain=fault == "max_rate")
        if fault == "500":
            refuse(5000)
        if fault == "access_denied":
            return answer(403, "Access denied by the gateway", headers)
        status = _PAGES[fault]
        return Response(_GATEWAY, status, dict(headers), media_type="text/html")

    # The OAuth server.

    async def _token(self, request: Request) -> Response:
        fault = self._service.next_fault("token")
        if fault and not fault.startswith(_COMMIT):
            return await self._token_failed(request, fault)
        told = await self._login.token(request)
        if fault:
            return await self._token_failed(request, fault.removeprefix(_COMMIT))
        return answer(200, told, {"Cache-Control": "no-store"})

    async def _token_failed(self, request: Request, fault: str) -> Response:
        if fault == "500":
            raise oauth(500, "server_error", "The server met an unexpected condition")
        return await self._failed(request, fault, {})

    async def _document(self, request: Request) -> Response:
        found = well_known(_base(request)).get(request.path_params["name"])
        if found is None:
            raise oauth(_NOT_FOUND, "not_found", "The document does not exist")
        return answer(200, found, {})

    def _refusing(self, handler: _Handler) -> _Handler:
        async def guarded(request: Request) -> Response:
            try:
                return await handler(request)
            except Refusal as no:
                return self._refused(no, {}, is_rest=True)

        return guarded

    # Refusals, in the shape of their place.

    def _refused(
        self, no: Refusal, headers: Mapping[str, str], *, is_rest: bool
    ) -> Response:
        if isinstance(no, Errors):
            return answer(no.status, self._traced(no.entries), headers)
        is_errors = self._service.options.analytics_errors == "errors"
        if not is_rest and is_errors and "detail" in no.told:
            entries = [complaint(4000, no.told["detail"])]
            return answer(no.status, self._traced(entries), headers)
        return answer(no.status, no.content, headers)

    def _traced(self, entries: Sequence[Json]) -> Json:
        """The envelope, with an id for each error."""
        return {"errors": self._service.traced(entries)}

    async def _unrouted(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
        code = 4001 if error.status_code == _NOT_FOUND else 5001
        del request
        return answer(status_of(code), self._traced([complaint(code)]), {})


def _answer(told: Told, headers: Mapping[str, str]) -> Response:
    """An answer: its content, or its status and content."""
    status, content = told if isinstance(told, tuple) else (200, told)
    return answer(status, content, headers)


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        told = "The request could not be authorized"
        raise oauth(401, "request_unauthorized", told, "Send a bearer token.")
    return token


def _base(request: Request) -> str:
    """The address of this host."""
    return str(request.base_url).rstrip("/")
