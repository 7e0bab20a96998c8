"""Whether a text is the one that was sent, as far as tools and networks change it."""

from __future__ import annotations

import re
from html import unescape
from typing import Final
from unicodedata import normalize
from urllib.parse import urlsplit

SHORTENERS: Final = frozenset(
    {"t.co", "ow.ly", "htl.li", "owl.li", "bit.ly", "lnkd.in", "fb.me", "buff.ly"}
)
"""Hosts whose links stand for others."""
_LINK: Final = re.compile(r"https?://\S+", re.IGNORECASE)


def is_same(found: str, text: str) -> bool:
    """Blanks, composed letters and marked characters may be written otherwise.

    Links may be shortened or have something appended, unless there is nothing else in
    the text by which it could be known.
    """
    theirs, ours = _plain(found), _plain(text)
    if theirs == ours:
        return True
    words = _LINK.split(ours)
    if _LINK.split(theirs) != words or not "".join(words).strip():
        return False
    pairs = zip(_LINK.findall(theirs), _LINK.findall(ours), strict=True)
    return all(_stands_for(link, wanted) for link, wanted in pairs)


def _plain(text: str) -> str:
    """Unescaped twice: ours may hold a mark of its own, which is marked again."""
    return " ".join(normalize("NFC", unescape(unescape(text))).split())


def _stands_for(link: str, wanted: str) -> bool:
    return link.startswith(wanted) or _host(link) in SHORTENERS


def _host(link: str) -> str | None:
    try:
        return urlsplit(link).hostname
    except ValueError:
        return None
