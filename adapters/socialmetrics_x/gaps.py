"""Why a metric does not come, and what could be asked instead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Missing
from socialmetrics.ontology import did_you_mean, is_canonical, metrics
from socialmetrics.reading import Reading, unlabelled
from socialmetrics_x.entries import ENDPOINTS, RENAMED, Endpoint, Entry, asked, names
from socialmetrics_x.ids import NETWORK

_WHERE: Final = {
    "totals": "as totals since publication: ask without a window and without by=",
    "28hr": "of the last 28 hours: ask by='hour' without a window",
    "historical": "by the hour of a window: give a window",
}
NO_OWNER: Final = (
    "X shows {} to the owner of a post alone; give the owner's access token: "
    "owners=[Owner(access_token, access_token_secret)]"
)


def select(endpoint: Endpoint, metric: str) -> tuple[Entry, ...] | Missing:
    """What a name means at that endpoint: canonical, with a scope, or the vendor's.

    `Missing` says why it has none. Raises `InvalidQuery` for a name that nobody knows.
    """
    name, scope = unlabelled(metric)
    found = asked(endpoint, name)
    fit = tuple(e for e in found if scope in (None, e.reading.scope))
    if fit:
        return fit
    if not (is_canonical(name) or _is_own(name)):
        near = did_you_mean(metric, [*(each.id for each in metrics()), *_own_names()])
        raise InvalidQuery(
            f"{metric!r} is neither a canonical metric nor one of X's{near}"
        )
    reason, instead = _reason(name, found)
    return Missing(metric=metric, network=NETWORK, reason=reason, alternatives=instead)


def _own_names() -> list[str]:
    return [*(name for each in ENDPOINTS for name in names(each)), *RENAMED]


def _is_own(name: str) -> bool:
    return name in _own_names()


def _reason(name: str, found: Sequence[Entry]) -> tuple[str, tuple[str, ...]]:
    if found:
        labels = _labels(each.reading for each in found)
        return f"X has {name} only as {' or '.join(labels)}", labels
    elsewhere = [each for each in ENDPOINTS if asked(each, name)]
    if elsewhere:
        return f"X has {name} only {_WHERE[elsewhere[-1]]}", ()
    return f"X's Engagement API has no {name}", ()


def _labels(readings: Iterable[Reading]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.label for each in readings))
