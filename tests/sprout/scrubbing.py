"""Takes what is personal out of recorded answers: real ones hold names and texts.

What is not known to be harmless is replaced: texts by a hash, ids by others of the same
shape. The same id becomes the same again, so that requests still fit to answers. Only
numbers of metrics, times and the vendor's vocabulary stay.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Iterator
from itertools import count
from typing import Any, Final

import attrs

KEPT: Final = frozenset(
    {
        *("network", "network_type", "post_type", "post_category", "content_category"),
        *("media_type", "visual_media.media_type", "type", "topic_type", "status"),
        *("priority", "delivery_status", "sentiment", "language", "distribution_type"),
        *("case_message_direction", "wait_until", "reporting_period.by(day)"),
    }
)
"""Keys whose texts are the vendor's own words, or times."""
_ID: Final = re.compile(r"(?:^|[._])(?:ids?|guid|groups|associated_teams|next_cursor)$")
SHORT: Final = 4
"""Shorter ids tell nothing, and would be found in the middle of dates."""


@attrs.frozen
class Scrubber:
    """One recording's replacements; the salt is forgotten with it."""

    salt: bytes = attrs.field(factory=lambda: secrets.token_bytes(16), repr=False)
    known: dict[str, str] = attrs.field(factory=dict[str, str], repr=False)

    def answer(self, body: bytes) -> bytes:
        """An answer without personal content; what is no JSON goes as a whole."""
        try:
            told = json.loads(body)
        except ValueError:
            text = body.decode("utf-8", "replace")
            return self._hash(text).encode() if text else b""
        self._learn(set(_ids("", told)) - set(self.known))
        return json.dumps(self._walk("", told), ensure_ascii=False).encode()

    def request(self, body: bytes | None) -> bytes | None:
        """A request that asks for the replaced ids."""
        if body is None:
            return None
        return self.address(body.decode("utf-8", "replace")).encode()

    def address(self, text: str) -> str:
        """The same for an address, or any other text."""
        longest_first = sorted(self.known, key=len, reverse=True)
        words = "|".join(map(re.escape, longest_first))
        replaced = rf"(?<!\w)(?:{words})(?!\w)"
        return re.sub(replaced, lambda m: self.known[m[0]], text) if words else text

    def _walk(self, key: str, node: Any) -> Any:
        if isinstance(node, dict):
            inside: dict[str, Any] = node  # pyright: ignore[reportUnknownVariableType]  # JSON
            return {name: self._walk(name, value) for name, value in inside.items()}
        if isinstance(node, list):
            rows: list[Any] = node  # pyright: ignore[reportUnknownVariableType]  # JSON
            return [self._walk(key, value) for value in rows]
        if isinstance(node, bool | None) or not _ID.search(key):
            return self._text(key, node)
        fake = self.known.get(str(node), str(node))
        return int(fake) if isinstance(node, int) else fake

    def _text(self, key: str, node: Any) -> Any:
        if not isinstance(node, str) or key in KEPT or key.endswith("_time"):
            return node
        if node.startswith(("http://", "https://")):
            return f"https://example.com/{self._digest(node)[:8]}"
        return self._hash(node)

    def _learn(self, new: set[str]) -> None:
        """New ids get others, in the same order where they are of one kind."""
        kinds: dict[tuple[str, int], list[str]] = {}
        for each in sorted(new):
            code, colon, rest = each.rpartition(":")
            if len(rest) >= SHORT:
                kinds.setdefault((code + colon, len(rest)), []).append(each)
        for (code, _), originals in kinds.items():
            fakes = sorted(self._fakes([each.removeprefix(code) for each in originals]))
            pairs = zip(originals, fakes, strict=True)
            self.known.update({each: code + fake for each, fake in pairs})

    def _fakes(self, originals: list[str]) -> set[str]:
        fakes: set[str] = set()
        for each in originals:
            tries = (self._shaped(each, number) for number in count())
            fakes.add(next(fake for fake in tries if fake not in fakes))
        return fakes

    def _shaped(self, told: str, number: int) -> str:
        digest = self._digest(f"{number} {told}") * (len(told) // 64 + 1)
        pairs = zip(told, digest, strict=False)
        fake = "".join(_like(character, int(digit, 16)) for character, digit in pairs)
        return f"1{fake[1:]}" if told.isdecimal() and told[0] != "0" else fake

    def _hash(self, text: str) -> str:
        return f"text {self._digest(text)[:8]}"

    def _digest(self, text: str) -> str:
        return hashlib.blake2b(text.encode(), key=self.salt, digest_size=32).hexdigest()


def _ids(key: str, node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        inside: dict[str, Any] = node  # pyright: ignore[reportUnknownVariableType]  # JSON
        for name, value in inside.items():
            yield from _ids(name, value)
    elif isinstance(node, list):
        rows: list[Any] = node  # pyright: ignore[reportUnknownVariableType]  # JSON
        for value in rows:
            yield from _ids(key, value)
    elif not isinstance(node, bool | None) and _ID.search(key):
        yield str(node)


def _like(character: str, number: int) -> str:
    if character.isdecimal():
        return str(number % 10)
    return chr(ord("a") + number) if character.isalpha() else character
