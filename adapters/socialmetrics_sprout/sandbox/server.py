"""The simulated service as an ASGI application."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from socialmetrics_sprout.sandbox import listening, media, metadata, publishing
from socialmetrics_sprout.sandbox.cases import cases
from socialmetrics_sprout.sandbox.gate import TokenError, check, grant
from socialmetrics_sprout.sandbox.messages import messages
from socialmetrics_sprout.sandbox.posts import Shelf, posts
from socialmetrics_sprout.sandbox.profiles import profiles
from socialmetrics_sprout.sandbox.query import Body, body_of
from socialmetrics_sprout.sandbox.refusal import (
    TOO_MANY,
    UNSUPPORTED_MEDIA,
    Refusal,
)
from socialmetrics_sprout.sandbox.service import Service
from socialmetrics_sprout.sandbox.wire import answer

_SERVER: Final = "84e39c75-d770-45d9-90a9-7b79e3037d2c"
_Endpoint = Callable[[Request], Awaitable[Response]]
_Path = Mapping[str, str]
_Ask = Callable[[int, Body, _Path], object]
_Take = Callable[[int, media.Upload, _Path], tuple[int, object]]
_Handler = Callable[[Request, int], Awaitable[tuple[int, object]]]


class Server:
    """Routes requests to the endpoints, and puts every answer into its envelope."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._shelf: Shelf | None = None

    def application(self) -> Starlette:
        """The ASGI application."""
        app = Starlette(
            routes=self._routes(), exception_handlers={HTTPException: self._unrouted}
        )
        app.router.redirect_slashes = False
        return app

    def _routes(self) -> list[Route]:
        routes = [
            Route("/v1/metadata/client", self._open(self._client), methods=["GET"]),
            Route(f"/oauth2/{_SERVER}/v1/token", self._token, methods=["POST"]),
        ]
        for name, show in _METADATA.items():
            path = f"/v1/{{customer}}/metadata/customer{name}"
            routes.append(
                Route(path, self._guarded(self._shown(show)), methods=["GET"])
            )
        for path, ask in self._queries().items():
            handler = self._guarded(self._asked(ask))
            routes.append(Route(f"/v1/{{customer}}/{path}", handler, methods=["POST"]))
        for path, take in self._uploads().items():
            handler = self._guarded(self._taken(take))
            routes.append(Route(f"/v1/{{customer}}/{path}", handler, methods=["POST"]))
        for path, look in self._lookups().items():
            handler = self._guarded(look)
            routes.append(Route(f"/v1/{{customer}}/{path}", handler, methods=["GET"]))
        return routes

    def _uploads(self) -> dict[str, _Take]:
        service = self._service
        return {
            "media/": lambda who, upload, _: media.simple(service, who, upload),
            "media/submission": lambda who, upload, _: media.submit(
                service, who, upload
            ),
            "media/submission/{number}/part/{place}": lambda who, upload, path: (
                media.part(service, who, (path["number"], path["place"]), upload)
            ),
        }

    def _lookups(self) -> dict[str, _Handler]:
        async def draft(request: Request, customer: int) -> tuple[int, object]:
            number = request.path_params["number"]
            return 200, publishing.show(self._service, customer, number)

        async def medium(request: Request, customer: int) -> tuple[int, object]:
            number = request.path_params["number"]
            return media.complete(self._service, customer, number)

        return {
            "publishing/posts/{number}": draft,
            "media/submission/{number}": medium,
        }

    def _queries(self) -> dict[str, _Ask]:
        service = self._service
        return {
            "analytics/profiles": lambda who, body, _: profiles(service, who, body),
            "analytics/posts": lambda who, body, _: posts(
                service, who, body, self._shelved()
            ),
            "messages": lambda who, body, _: messages(service, who, body),
            "cases/filter": lambda who, body, _: cases(service, who, body),
            "publishing/posts": lambda who, body, _: publishing.create(
                service, who, body
            ),
            "listening/topics/{topic}/messages": lambda who, body, path: (
                listening.messages(service, who, path["topic"], body)
            ),
            "listening/topics/{topic}/metrics": lambda who, body, path: (
                listening.metrics(service, who, path["topic"], body)
            ),
        }

    def _shelved(self) -> Shelf:
        if self._shelf is None:
            self._shelf = Shelf(self._service)
        return self._shelf

    # Around every endpoint: who asks, in what form, how often.

    def _guarded(self, handler: _Handler) -> _Endpoint:
        async def endpoint(request: Request) -> Response:
            check(request.headers.get("authorization"), self._service.now())
            customer = self._service.customer(request.path_params["customer"])
            self._admit(request)
            status, content = await handler(request, customer)
            return answer(self._service.request_id(), status, content)

        return self._refusing(endpoint)

    def _open(self, show: Callable[[], object]) -> _Endpoint:
        async def endpoint(request: Request) -> Response:
            check(request.headers.get("authorization"), self._service.now())
            self._admit(request)
            return answer(self._service.request_id(), 200, show())

        return self._refusing(endpoint)

    def _refusing(self, endpoint: _Endpoint) -> _Endpoint:
        async def guarded(request: Request) -> Response:
            try:
                return await endpoint(request)
            except Refusal as no:
                error = {"error": no.text}
                return answer(self._service.request_id(), no.status, error)

        return guarded

    def _admit(self, request: Request) -> None:
        accepted = request.headers.get("accept", "*/*")
        if not any(kind in accepted for kind in ("application/json", "*/*")):
            raise Refusal(UNSUPPORTED_MEDIA, "Accept must be application/json")
        if not self._service.limiter.admit():
            raise Refusal(TOO_MANY, "Too many requests")

    async def _unrouted(self, request: Request, error: Exception) -> Response:
        del request
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
        content = {"error": error.detail}
        return answer(self._service.request_id(), error.status_code, content)

    # The endpoints, by what they take.

    def _client(self) -> object:
        return metadata.client(self._service)

    def _shown(self, show: Callable[[Service, int], object]) -> _Handler:
        async def handler(request: Request, customer: int) -> tuple[int, object]:
            del request
            return 200, show(self._service, customer)

        return handler

    def _asked(self, ask: _Ask) -> _Handler:
        async def handler(request: Request, customer: int) -> tuple[int, object]:
            if _kind(request) != "application/json":
                raise Refusal(
                    UNSUPPORTED_MEDIA, "Content-Type must be application/json"
                )
            body = body_of(await request.body())
            return 200, ask(customer, body, request.path_params)

        return handler

    def _taken(self, take: _Take) -> _Handler:
        async def handler(request: Request, customer: int) -> tuple[int, object]:
            if _kind(request) != "multipart/form-data":
                raise Refusal(
                    UNSUPPORTED_MEDIA, "Content-Type must be multipart/form-data"
                )
            async with request.form() as form:
                part, link = form.get("media"), form.get("media_url")
                content = await part.read() if isinstance(part, UploadFile) else None
                upload = media.Upload(content, link if isinstance(link, str) else None)
            return take(customer, upload, request.path_params)

        return handler

    async def _token(self, request: Request) -> Response:
        service = self._service
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        if _kind(request) != "application/x-www-form-urlencoded":
            form = {}
        number = service.answers
        seconds = service.options.token_seconds
        try:
            content, status = grant(form, service.now(), seconds, number), 200
        except TokenError as no:
            content = {"error": no.code, "error_description": no.text}
            status = no.status
        return answer(service.request_id(), status, content)


def _kind(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


_METADATA: Final[dict[str, Callable[[Service, int], object]]] = {
    "": metadata.profiles,
    "/tags": metadata.tags,
    "/groups": metadata.groups,
    "/users": metadata.users,
    "/topics": metadata.topics,
    "/teams": metadata.teams,
    "/queues": metadata.queues,
}
