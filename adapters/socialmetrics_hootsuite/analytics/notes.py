"""What is good to know before figures are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from socialmetrics.plan import Part
from socialmetrics.reading import Reading, unlabelled
from socialmetrics_hootsuite.analytics.choice import Chosen
from socialmetrics_hootsuite.analytics.entries import endpoint_of, is_known
from socialmetrics_hootsuite.analytics.parts import DaysPart

NEEDS: Final = (
    "needs the scope analytics:read, ticked on the app itself, and Hootsuite's "
    "Advanced Analytics; counts against 100,000 calls a day"
)
CUT: Final = date(2026, 6, 3)
ENDED: Final = (
    f"some metrics of Facebook ended on {CUT}; which ones is not documented: of later "
    "days they are not_reported"
)


def notes(parts: Sequence[Part[object]], chosen: Chosen) -> Iterator[str]:
    """Rights, cost, scopes, and names that the data do not know."""
    if not parts:
        return
    yield NEEDS
    plain = dict.fromkeys(
        name
        for name, reading in chosen.resolved
        if reading.scope == "organic" and unlabelled(name)[1] is None
    )
    if plain:
        yield (
            f"{', '.join(plain)}: organic alone; [scope=paid] behind a name asks for "
            "what advertising brought"
        )
    unknown = dict.fromkeys(
        reading.name for _, reading in chosen.resolved if not _is_known(reading)
    )
    if unknown:
        yield f"{', '.join(unknown)}: asked for by that name; the data do not know it"
    days = (part for part in parts if isinstance(part, DaysPart))
    if any(part.network == "facebook" and part.last >= CUT for part in days):
        yield ENDED


def _is_known(reading: Reading) -> bool:
    return is_known(endpoint_of(reading.level), reading.network, reading.name)
