"""What becomes of the status when figures are put together: unknown is never zero.

A sum with a part that is not observed is not observed. Of several reasons the one that
is hardest to mend is kept: not_reported, not_permitted, unavailable, too_old,
suppressed, not_collected. Parts that are all zero_by_rule give zero_by_rule; mixed with
observed ones they hide a true value that nobody reported, so the sum is not_reported.
`settled` is the worst of the parts: no, unknown, yes.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from socialmetrics.reading import Settled, Status
from socialmetrics.series.columns import SETTLED_CODE, STATUS_CODE, Mask, Small

BY_RANK: Final = (
    Status.OBSERVED,
    Status.ZERO_BY_RULE,
    Status.NOT_COLLECTED,
    Status.SUPPRESSED,
    Status.TOO_OLD,
    Status.UNAVAILABLE,
    Status.NOT_PERMITTED,
    Status.NOT_REPORTED,
)
OBSERVED: Final = BY_RANK.index(Status.OBSERVED)
ZERO_BY_RULE: Final = BY_RANK.index(Status.ZERO_BY_RULE)
NOT_COLLECTED: Final = BY_RANK.index(Status.NOT_COLLECTED)
NOT_REPORTED: Final = BY_RANK.index(Status.NOT_REPORTED)
STATUS_OF: Final[Small] = np.array([STATUS_CODE[s] for s in BY_RANK], np.uint8)
RANK: Final[Small] = np.argsort(STATUS_OF).astype(np.uint8)

WORST_LAST: Final = (Settled.YES, Settled.UNKNOWN, Settled.NO)
SETTLED_OF: Final[Small] = np.array([SETTLED_CODE[s] for s in WORST_LAST], np.uint8)
DOUBT: Final[Small] = np.argsort(SETTLED_OF).astype(np.uint8)


def together(best: Small, worst: Small, hole: Mask) -> Small:
    """The rank of a sum, from the best and worst rank of its parts.

    `hole` tells where a part is not there at all.
    """
    mixed = (best == OBSERVED) & (worst == ZERO_BY_RULE)
    rank = np.where(mixed, np.uint8(NOT_REPORTED), worst)
    return np.where(hole, np.maximum(rank, np.uint8(NOT_COLLECTED)), rank)
