"""A traceback that shows local variables shows no credential."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Final

import h11
import pytest

from socialmetrics.errors import AuthRefused, InvalidQuery, Unreachable
from socialmetrics.retry import Retry
from socialmetrics.secret import MASK, Masked, Unseen
from socialmetrics.wire import Flow
from tests.conftest import AnyClient, Fetch
from tests.core.conftest import Vendor
from tests.core.toy import Toy, post

HUSH: Final = "fake-hush-7f3a9c51"
QUICK: Final = Retry(tries=1)
DOWN: Final = "http://127.0.0.1:9"


def shown(error: BaseException) -> str:
    whole = traceback.TracebackException.from_exception(error, capture_locals=True)
    return "".join(whole.format())


def test_a_mask_holds_and_does_not_show() -> None:
    headers = Masked(a="b")

    assert headers == {"a": "b"}
    assert f"{headers!r} {headers}" == f"{MASK} {MASK}"


def break_down() -> None:
    hidden = "hidden-" + "value"
    raise OSError("all failed") from ExceptionGroup("two", [KeyError(hidden[:3])])


def break_down_unseen() -> None:
    with Unseen():
        break_down()


def test_frames_inside_are_gone_and_what_was_handled_before_stays() -> None:
    with pytest.raises(LookupError) as before:
        {"after": 1}["before"]
    with pytest.raises(OSError, match="all failed") as caught:
        _while_handling(before.value, break_down_unseen)

    text = shown(caught.value)
    assert "hidden-value" not in text
    assert "all failed" in text
    assert before.value.__traceback__ is not None


def _while_handling(error: Exception, work: Callable[[], None]) -> None:
    try:
        raise error
    except LookupError:
        work()


@pytest.fixture(params=["token", "client_secret"])
def named(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """One credential, by environment, so that no frame of a test holds it."""
    name: str = request.param
    monkeypatch.setenv(f"SOCIALMETRICS_TOY_{name.upper()}", HUSH)
    return name


def asked(client: AnyClient) -> Flow[None]:
    yield post("posts", "posts", fields=["\ud800"])


class Interrupted(BaseException):
    """As Ctrl-C, but an event loop hands it on."""


def interrupt(*_: object) -> None:
    raise Interrupted


def failed(fetch: Fetch, url: str, kind: type[BaseException]) -> str:
    toy = fetch.by(Toy, base_url=url, retry=QUICK)
    with pytest.raises(kind) as caught:
        toy.value(lambda client: client.run(asked(client)))
    return shown(caught.value)


@pytest.mark.parametrize("named", ["token"], indirect=True)
def test_a_body_that_cannot_be_written_shows_no_token(
    fetch: Fetch, vendor: Vendor, named: str
) -> None:
    text = failed(fetch, vendor.url, InvalidQuery)

    assert "this cannot be written into a request" in text
    assert HUSH not in text


def test_an_interrupted_call_shows_no_credential(
    fetch: Fetch, vendor: Vendor, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(h11.Connection, "send", interrupt)
    toy = fetch.by(Toy, base_url=vendor.url, retry=QUICK)

    with pytest.raises(Interrupted) as caught:
        toy.items(lambda client: client.profiles())

    assert HUSH not in shown(caught.value)


@pytest.mark.parametrize(
    ("place", "kind"),
    [(None, AuthRefused), (DOWN, Unreachable)],
)
@pytest.mark.parametrize("named", ["client_secret"], indirect=True)
def test_a_renewal_that_fails_shows_no_secret(
    fetch: Fetch,
    vendor: Vendor,
    named: str,
    place: str | None,
    kind: type[Exception],
) -> None:
    text = failed(fetch, place or vendor.url, kind)

    assert "_request" in text or "renew" in text
    assert HUSH not in text
