"""The package shows its names, loads quickly, and knows no vendor."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

import socialmetrics as sm

ROOT = Path(sm.__file__).parent
HEAVY = {"numpy", "httpx", "httpcore", "msgspec", "sqlite3", "cattrs", "arro3", "ssl"}


def test_every_public_name_is_there() -> None:
    found = {name: getattr(sm, name) for name in sm.__all__}

    assert all(found[name].__name__ == name for name in found)
    assert sm.__all__ == sorted(sm.__all__, key=lambda n: (not n[0].isupper(), n))
    assert set(sm.__all__) <= set(dir(sm))


def test_names_and_homes_are_the_same() -> None:
    source = (ROOT / "__init__.py").read_text()
    typed = set(re.findall(r"^        (\w+),$", source, re.MULTILINE))
    typed |= {
        name
        for line in re.findall(r"^    from \S+ import (\w.*)$", source, re.MULTILINE)
        for name in line.split(", ")
    }

    assert {*sm._HOME} == {*sm.__all__} == typed  # pyright: ignore[reportPrivateUsage]  # what it is made of


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'conect'"):
        getattr(sm, "".join(["con", "ect"]))


def test_a_part_of_the_package_is_loaded_when_it_is_used() -> None:
    code = (
        "import sys, socialmetrics as sm; a = set(sys.modules); sm.Window;"
        "b = set(sys.modules); sm.connect; c = set(sys.modules);"
        f"heavy = {HEAVY!r}; print(heavy & a, heavy & b, 'httpx' in c)"
    )

    told = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert told.stdout.split() == ["set()", "set()", "True"]


def test_no_module_takes_the_place_of_a_public_name() -> None:
    modules = {each.name for each in iter_modules(sm.__path__)}

    assert modules.isdisjoint(sm.__all__)


@pytest.mark.parametrize("package", ["ontology", "series", "sandbox", "cli"])
def test_no_module_takes_the_place_of_a_function(package: str) -> None:
    home = import_module(f"socialmetrics.{package}")

    for each in iter_modules(home.__path__):
        if each.name in getattr(home, "__all__", ()):
            import_module(f"{home.__name__}.{each.name}")
            assert callable(getattr(home, each.name))


def test_the_core_contains_no_vendors_name() -> None:
    named = re.compile("spr[o]ut|hoots[u]ite", re.IGNORECASE)

    guilty = [
        str(path)
        for path in ROOT.rglob("*")
        if path.is_file() and path.suffix != ".pyc" and named.search(_text(path))
    ]

    assert guilty == []


def _text(path: Path) -> str:
    return path.read_text("utf-8", "replace") + path.name
