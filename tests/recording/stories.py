"""What stands at the top of a cassette: where it is from."""

from __future__ import annotations

from typing import Final

SIMULATED: Final = (
    "Recorded from the simulated world, all made up, on {day} by `make record`."
)
LIVE: Final = (
    "Recorded from the vendor on {day} by `make record`, then scrubbed: names, texts "
    "and ids are replaced."
)
