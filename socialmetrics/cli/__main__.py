"""`python -m socialmetrics.cli` is `socialmetrics`."""

from __future__ import annotations

import sys

from socialmetrics.cli.main import main

sys.exit(main())
