"""The toy vendor on a wire, and clients of it."""

from __future__ import annotations

from collections.abc import Iterator

import attrs
import pytest

from tests.conftest import Fetch
from tests.core.servers import Server, serving
from tests.core.toy import NOW, TOKEN, Api, Toy


@attrs.frozen
class Vendor:
    """The vendor's state, and where it is reached."""

    api: Api
    url: str


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    api = Api()
    with Server(serving(api)) as server:
        yield Vendor(api, server.url)


@pytest.fixture
def toy(fetch: Fetch, vendor: Vendor) -> Fetch:
    """Both clients of the toy vendor, at noon of the tenth of March."""
    return fetch.by(Toy, token=TOKEN, base_url=vendor.url, clock=lambda: NOW)
