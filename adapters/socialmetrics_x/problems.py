"""What an error answer of X says: texts of the API, objects of the layers before it."""

from __future__ import annotations

from typing import Any, TypeGuard

import msgspec

from socialmetrics.adapter import Problem
from socialmetrics.typed import decoder
from socialmetrics.wire import Response
from socialmetrics.wording import clean, plain
from socialmetrics_x.complaints import LISTS, Complaints, complaints


def problem(response: Response) -> Problem:
    """The texts of `errors`; what they complain of is in `told`."""
    found = _root(response)
    if found is None:
        return Problem(message=_unsaid(response))
    told = complaints_of(found)
    if response.request.host == "auth":  # Its words may hold a token.
        told = Complaints()
    codes = [each["code"] for each in _errors(found) if _is_object(each)]
    return Problem(
        message="; ".join(map(clean, told.texts)) or _unsaid(response),
        code=str(codes[0]) if codes else None,
        told=told,
    )


def complaints_of(root: dict[str, Any]) -> Complaints:
    """What a decoded answer complains of, beside or instead of its figures."""
    lists: dict[str, list[Any]] = {
        key: value
        for key, value in root.items()
        if LISTS.fullmatch(key) and isinstance(value, list)
    }
    return complaints(_errors(root), lists)


def _root(response: Response) -> dict[str, Any] | None:
    try:
        return decoder(dict[str, Any]).decode(response.body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _errors(root: dict[str, Any]) -> list[object]:
    told = root.get("errors", [])
    return told if isinstance(told, list) else [told]  # pyright: ignore[reportUnknownVariableType]  # JSON


def _is_object(error: object) -> TypeGuard[dict[str, object]]:
    return isinstance(error, dict) and "code" in error


def _unsaid(response: Response) -> str:
    if response.request.host == "auth":
        return f"HTTP {response.status}; its words are not shown"
    return plain(response)
