"""Records the cassettes anew: `make record`, or this file with names of operations.

Without `--live` the simulated world is recorded. With it, and with a token in
SOCIALMETRICS_SPROUT_TOKEN, the vendor itself: every name, text and id is replaced
before it is written, and nothing that leaves a trace is recorded unless `--write` is
given too. (The live way has never been tried against a real account.)
"""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

VARIABLE = "SOCIALMETRICS_SPROUT_TOKEN"
ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str]) -> None:
    """Records the scenes that are named, or all of them."""
    sys.path.insert(0, str(ROOT))
    from tests.sprout.recording import record_live, record_simulated
    from tests.sprout.scenarios import SCENES
    from tests.sprout.tapes import FOLDER

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *SCENES], metavar="NAME")
    parser.add_argument("--live", action="store_true", help="record the vendor itself")
    parser.add_argument("--write", action="store_true", help="drafts and uploads too")
    told = parser.parse_args(arguments)
    names = told.names or list(SCENES)
    if told.live:
        token = os.environ.get(VARIABLE) or parser.error(f"--live needs {VARIABLE}")
        made = record_live(names, FOLDER, token, writes=told.write)
    else:
        made = record_simulated(names, FOLDER, datetime.now(UTC).date())
    for path in made:
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes")  # noqa: T201 - a script


if __name__ == "__main__":
    main(sys.argv[1:])
