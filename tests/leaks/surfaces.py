"""The secrets that are used, and every place where one could show."""

from __future__ import annotations

import base64
import io
import pickle
import traceback
from collections.abc import Iterable, Iterator
from typing import Final, Protocol, TypeAlias
from urllib.parse import quote

import attrs

import socialmetrics as sm
from tests.conftest import AnyClient

Settings: TypeAlias = dict[str, str]


class Given(Protocol):
    """Gives settings to clients of that vendor."""

    def __call__(self, settings: Settings, vendor: str = "sprout") -> None: ...


BEARER: Final = "fake+bearer/7f3a9c51d0be=="
CLIENT_SECRET: Final = "fake+secret/c4e8a251d0be=="
ACCESS: Final = "fake+access/0b77c4e8a251=="
PASSWORD: Final = "fake!proxy*password(42)"
CONSUMER_SECRET: Final = "fake+consumer/51d0bea251c4=="
OWNER: Final = "42-fake+owner/e8a27f3a9c51=="
OWNER_SECRET: Final = "fake+owners/secret9c510b77=="
REFRESH: Final = "fake+refresh/77c4e8a251d0=="
SUCCESSOR: Final = "fake+successor/c4e8d0be51a2=="
CODE: Final = "fake+code/a251d0be9c51=="
STATE: Final = "fake+state/510b77c4e8f3=="
VERIFIER: Final = "fake+verifier/be9c51d0a27f=="
SIGNATURE: Final = "fake+signature/9c51d0be4e8a=="
SECRETS: Final = (
    *(BEARER, CLIENT_SECRET, ACCESS, PASSWORD, REFRESH, SUCCESSOR),
    *(CONSUMER_SECRET, OWNER, OWNER_SECRET, CODE, STATE, VERIFIER, SIGNATURE),
)
QUICK: Final = sm.Retry(tries=2, first=0.001, longest=0.002, patience=0.01)


def forms(secret: str) -> Iterator[str]:
    """How a secret could be spelled: as it is, quoted, in hex, in base64 anywhere."""
    raw = secret.encode()
    yield from (secret, quote(secret, safe=""), quote(secret), raw.hex())
    yield repr(secret)[1:-1]
    for shift in range(3):
        whole = base64.b64encode(b"\0" * shift + raw).decode().rstrip("=")
        inside = whole[4 if shift else 0 : -2]
        yield from (inside, inside.replace("+", "-").replace("/", "_"))


def leaks(surfaces: Iterable[tuple[str, str]]) -> set[str]:
    """Where a secret shows, in whatever form."""
    spelled = {form.lower() for secret in SECRETS for form in forms(secret)}
    return {
        f"{name}: ...{text[max(0, at - 60) : at]}<secret>"
        for name, text in surfaces
        for form in spelled
        if (at := text.lower().find(form)) >= 0
    }


@attrs.define
class Heard:
    """Everything that a run says to anybody."""

    log: io.StringIO = attrs.field(factory=io.StringIO)
    warned: list[str] = attrs.field(factory=list[str])


def pickled(thing: object) -> str:
    """Its pickle, or the refusal."""
    try:
        return pickle.dumps(thing).decode("latin-1")
    except (TypeError, AttributeError, pickle.PicklingError) as err:
        return str(err)


def shown(name: str, thing: object) -> Iterator[tuple[str, str]]:
    """All that can be seen of an object without asking it for its secret."""
    yield f"str of {name}", str(thing)
    yield f"repr of {name}", repr(thing)
    yield f"format of {name}", f"{thing}"
    yield f"pickle of {name}", pickled(thing)
    inside = getattr(thing, "__dict__", {})
    yield f"vars of {name}", repr(inside)
    for key, value in inside.items():
        yield f"vars of {name}.{key}", repr(getattr(value, "__dict__", value))


def told_by(error: BaseException) -> Iterator[tuple[str, str]]:
    """An error, all errors behind it, and the traceback with its locals."""
    seen: list[BaseException] = []
    left: list[BaseException | None] = [error]
    while left:
        each = left.pop()
        if each is not None and each not in seen:
            seen.append(each)
            yield from shown(type(each).__name__, each)
            left += [each.__cause__, each.__context__]
    whole = traceback.TracebackException.from_exception(error, capture_locals=True)
    yield "traceback", "".join(whole.format())


def parts_of(client: AnyClient) -> Iterator[tuple[str, str]]:
    """A client and what it is made of."""
    for name in ("client", "_adapter", "_session", "_engine", "_port"):
        yield from shown(name, client if name == "client" else getattr(client, name))
