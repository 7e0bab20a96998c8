"""What is written in the simulated world: short, synthetic, and hard to parse."""

from __future__ import annotations

from typing import Final

_OPENINGS: Final = (
    "New anvils are here",
    "Thank you for 10,000 orders",
    "Behind the scenes at Acme",
    'They said "impossible"',
    "مرحبا بكم في أكمي",
    "שלום לכולם מאקמי",
    "Grüße aus Köln",
    "新しいアンビルが届きました",
    "Which colour (red, green, blue) is yours?",
    "Back\\slash and 'quotes'",
)
_MIDDLES: Final = (
    "",
    " 🚀",
    " 👩‍🔬🇩🇪",
    ", today only",
    " [limited]",
    ";\nmore below",
    "\r\n\tindented",
    " {braces}",
)
_TAGS: Final = (
    (),
    ("acme",),
    ("anvils", "acme"),
    ("größe",),
    ("spring", "launch", "acme"),
)


def hashtags(word: int) -> tuple[str, ...]:
    """The hashtags of a text, without the sign."""
    return _TAGS[(word >> 8) % len(_TAGS)]


def text(word: int, number: int) -> str:
    """A text made of one word of chance; `number` makes it unique."""
    opening = _OPENINGS[word % len(_OPENINGS)]
    middle = _MIDDLES[(word >> 4) % len(_MIDDLES)]
    tail = "".join(f" #{tag}" for tag in hashtags(word))
    return f"{opening}{middle} no. {number}{tail}"
