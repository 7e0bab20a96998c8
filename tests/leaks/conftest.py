"""What a failing run says is heard; its settings come by the environment."""

from __future__ import annotations

import asyncio
import logging
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from socialmetrics.transport import AsyncPort, BlockingPort
from tests.leaks.surfaces import Given, Heard, Settings


@pytest.fixture
def heard() -> Iterator[Heard]:
    """Every logger at DEBUG, and every warning."""
    found, root = Heard(), logging.getLogger()
    handler = logging.StreamHandler(found.log)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s %(args)s"))
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield found
        found.warned += [str(each.message) for each in caught]
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Given:
    """Settings by environment, so that no frame of a test holds them; no waiting."""

    async def at_once(*_: object) -> None:
        await asyncio.sleep(0)

    async def now(*_: object) -> None:
        pass

    def give(settings: Settings, vendor: str = "sprout") -> None:
        for name, value in settings.items():
            variable = f"SOCIALMETRICS_{vendor}_{name}".upper()
            monkeypatch.setenv(variable, value)

    monkeypatch.setattr(BlockingPort, "sleep", now)
    monkeypatch.setattr(AsyncPort, "sleep", at_once)
    return give


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path
