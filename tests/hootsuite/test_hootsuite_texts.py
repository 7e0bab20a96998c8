"""Texts that tools and networks write otherwise, and texts that only look alike."""

from __future__ import annotations

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialmetrics_hootsuite.texts import is_same


@pytest.mark.parametrize(
    ("found", "text"),
    [
        ("Hello", "Hello"),
        (" Hello\n you", "Hello you "),
        ("caf\u00e9", "cafe\u0301"),
        ("Fish &amp; chips", "Fish & chips"),
        ("a &lt;b&gt;", "a <b>"),
        ("x &amp;amp; y", "x &amp; y"),
        ("x &amp; y", "x &amp; y"),
        ("See https://ow.ly/abc now", "See https://shop.example/p/1 now"),
        ("See https://T.CO/abc", "See http://shop.example/p/1"),
        ("See https://a.example/p?utm_source=h", "See https://a.example/p"),
        ("https://a.example/p", "https://a.example/p"),
    ],
)
def test_it_is_the_same(found: str, text: str) -> None:
    assert is_same(found, text)


@pytest.mark.parametrize(
    ("found", "text"),
    [
        ("Hello!", "Hello"),
        ("hello", "Hello"),
        ("", "Hello"),
        ("See https://shop.example/p/2", "See https://shop.example/p/1"),
        ("See https://evil.example/t.co", "See https://shop.example/p/1"),
        ("See https://[/", "See https://shop.example/p/1"),
        ("https://t.co/abc", "https://shop.example/p/1"),
        ("See https://t.co/a https://t.co/b", "See https://shop.example/p/1"),
        ("See <link>", "See https://shop.example/p/1"),
    ],
)
def test_it_is_another(found: str, text: str) -> None:
    assert not is_same(found, text)


@given(st.text())
def test_a_text_is_itself_however_it_is_composed(text: str) -> None:
    assert is_same(normalize("NFD", text), text)
    assert is_same(text, text)
