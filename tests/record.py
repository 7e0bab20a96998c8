"""Records the cassettes anew: `make record`, or this file with names like sprout/posts.

Without `--live` the simulated worlds are recorded. With it, and with a token in
SOCIALMETRICS_SPROUT_TOKEN, Sprout itself: every name, text and id is replaced before
it is written, and nothing that leaves a trace is recorded unless `--write` is given
too. (The live way has never been tried against a real account. X has none: its scenes
name posts of the simulated world.)
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
    from tests.sprout import recording as sprout
    from tests.sprout import scenarios, tapes
    from tests.x import recording_x as x
    from tests.x import scenarios_x, tapes_x

    known = {"sprout": [*scenarios.SCENES], "x": [*scenarios_x.SCENES]}
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
        made = sprout.record_live(scenes, tapes.FOLDER, token, writes=told.write)
    else:
        made = sprout.record_simulated(_of("sprout", names), tapes.FOLDER, today)
        made += x.record_simulated(_of("x", names), tapes_x.STUDIO.folder, today)
    for path in made:
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes")  # noqa: T201 - a script


def _of(vendor: str, names: Iterable[str]) -> Iterator[str]:
    """The scenes of that vendor, without its name."""
    parts = (name.partition("/") for name in names)
    return (scene for found, _, scene in parts if found == vendor)


if __name__ == "__main__":
    main(sys.argv[1:])
