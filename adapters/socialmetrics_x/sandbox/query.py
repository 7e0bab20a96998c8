"""The body of a request: every key checked before anything is looked up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, TypeVar

import attrs
import msgspec

from socialmetrics_x.sandbox.catalogue import Endpoint
from socialmetrics_x.sandbox.levels import Levels, groupings
from socialmetrics_x.sandbox.refusal import bad

_DECODER = msgspec.json.Decoder(dict[str, object])
_ID: Final = re.compile(r"[1-9][0-9]{0,19}", re.ASCII)
_LARGEST: Final = 2**64 - 1
T = TypeVar("T")


@attrs.frozen(kw_only=True)
class Query:
    """What is asked: posts and metrics in the order asked, and how to nest them."""

    endpoint: Endpoint
    ids: tuple[int, ...]
    metrics: tuple[str, ...]
    groupings: Mapping[str, Levels]
    start: str | None
    end: str | None


def query(raw: bytes, endpoint: Endpoint) -> Query:
    """The query in a request's body. Refuses whatever the endpoint does not know."""
    body = _object(raw)
    unknown = sorted(set(body) - endpoint.keys)
    if unknown:
        bad(f"{unknown[0]}: is not a field of this request")
    return Query(
        endpoint=endpoint,
        ids=_ids(body, endpoint.most),
        metrics=_metrics(body, endpoint),
        groupings=groupings(_required(body, "groupings"), endpoint),
        start=_bound(body, "start"),
        end=_bound(body, "end"),
    )


def _object(raw: bytes) -> dict[str, object]:
    try:
        return _DECODER.decode(raw)
    except msgspec.ValidationError:
        bad("The request's body must be a JSON object")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        bad("The request's body is not valid JSON")


def _required(body: Mapping[str, object], key: str) -> object:
    if key not in body:
        bad(f"{key}: field is required")
    return body[key]


def _listed(body: Mapping[str, object], key: str, kind: type[list[T]]) -> list[T]:
    try:
        return msgspec.convert(_required(body, key), kind)
    except msgspec.ValidationError as error:
        bad(f"{key}: {error}")


def _ids(body: Mapping[str, object], most: int) -> tuple[int, ...]:
    told = _listed(body, "tweet_ids", list[str | int])
    if not 1 <= len(told) <= most:
        bad(f"tweet_ids: size [{len(told)}] is not between 1 and {most}")
    ids = tuple(map(_id, told))
    if len(set(ids)) < len(ids):
        bad("tweet_ids: must not hold an id twice")
    return ids


def _id(told: str | int) -> int:
    # Numbers are undocumented in the reference, and sent by the vendor's own samples.
    text = str(told)
    if _ID.fullmatch(text) is None or int(text) > _LARGEST:
        bad(f"tweet_ids: [{text}] is not a Tweet ID")
    return int(text)


def _metrics(body: Mapping[str, object], endpoint: Endpoint) -> tuple[str, ...]:
    told = _listed(body, "engagement_types", list[str])
    unknown = [name for name in told if name not in endpoint.metrics]
    if unknown:
        bad(f"engagement_types: [{unknown[0]}] is not supported here")
    if not told or len(set(told)) < len(told):
        bad("engagement_types: must hold names, each of them once")
    return tuple(told)


def _bound(body: Mapping[str, object], key: str) -> str | None:
    if key not in body:
        return None
    found = body[key]
    if not isinstance(found, str):
        bad(f"{key}: must be a string")
    return found
