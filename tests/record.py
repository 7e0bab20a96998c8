"""Records the cassettes anew: `make record`, or this file with names like sprout/posts.

Without `--live` the simulated worlds are recorded. With it, and with a token in
SOCIALMETRICS_SPROUT_TOKEN, Sprout itself: every name, text and id is replaced before
it is written, and nothing that leaves a trace is recorded unless `--write` is given
too. (The live way has never been tried against a real account. The other vendors have
none: their scenes name posts and profiles of the simulated world.)
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

VARIABLE = "SOCIALMETRICS_SPROUT_TOKEN"
ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str]) -> None:
    """Records the scenes that are named, or all of them."""
    sys.path.insert(0, str(ROOT))
    from tests.hootsuite import recording_hootsuite, scenarios_hootsuite
    from tests.hootsuite_legacy import recording_legacy, scenarios_legacy
    from tests.recording.tapes import CASSETTES
    from tests.sprout import recording as sprout
    from tests.sprout import scenarios
    from tests.x import recording_x, scenarios_x

    known = {
        "hootsuite": [*scenarios_hootsuite.SCENES],
        "hootsuite_legacy": [*scenarios_legacy.SCENES],
        "sprout": [*scenarios.SCENES],
        "x": [*scenarios_x.SCENES],
    }
    studios = {
        "hootsuite": recording_hootsuite.record_simulated,
        "hootsuite_legacy": recording_legacy.record_simulated,
        "sprout": sprout.record_simulated,
        "x": recording_x.record_simulated,
    }
    every = [f"{vendor}/{name}" for vendor in known for name in known[vendor]]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *every], metavar="NAME")
    parser.add_argument("--live", action="store_true", help="record Sprout itself")
    parser.add_argument("--write", action="store_true", help="drafts and uploads too")
    told = parser.parse_args(arguments)
    names, today = told.names or every, datetime.now(UTC).date()
    if told.live:
        token = os.environ.get(VARIABLE) or parser.error(f"--live needs {VARIABLE}")
        scenes = _of("sprout", names)
        made = sprout.record_live(
            scenes, CASSETTES / "sprout", token, writes=told.write
        )
    else:
        made = [
            path
            for vendor, record in studios.items()
            for path in record(_of(vendor, names), CASSETTES / vendor, today)
        ]
    for path in made:
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes")  # noqa: T201 - a script


def _of(vendor: str, names: Iterable[str]) -> Iterator[str]:
    """The scenes of that vendor, without its name."""
    parts = (name.partition("/") for name in names)
    return (scene for found, _, scene in parts if found == vendor)


if __name__ == "__main__":
    main(sys.argv[1:])
