"""Which sum stands behind a metric key, and which scope the service counts there."""

from __future__ import annotations

from typing import Final

import attrs

from socialmetrics.sandbox.measures import Scope
from socialmetrics_sprout.sandbox.recipe_kinds import Counts, Level
from socialmetrics_sprout.sandbox.recipe_tables import (
    COUNTS,
    ENGAGEMENTS,
    SPECIAL,
    STORIES,
)

_ON_X: Final[dict[str, Scope]] = {
    "impressions": "organic",
    "link_clicks": "organic",
    "video_views": "organic",
}
_SCOPES: Final[dict[tuple[str, Level], dict[str, Scope]]] = {
    ("x", "profile"): _ON_X,
    ("x", "post"): _ON_X,
    ("instagram", "profile"): {
        "impressions": "total",
        "views": "total",
        "*": "organic",
    },
    ("instagram", "post"): {"*": "organic"},
    ("linkedin", "profile"): {"*": "organic"},
    ("linkedin", "post"): {"*": "organic"},
}


def scope_of(network: str, level: Level, measure: str) -> Scope:
    """What the service counts of a measure; undocumented networks are total."""
    table = _SCOPES.get((network, level), {})
    return table.get(measure, table.get("*", "total"))


def counts(network: str, level: Level, metric: str) -> Counts | None:
    """The sum behind a key, with its scopes decided; None when it is no such sum."""
    key = metric.removeprefix("lifetime.")
    found = SPECIAL.get((network, key)) or COUNTS.get(key)
    if (network, level, key) == ("instagram", "post", "comments_count"):
        found = STORIES
    if found is None and key == "engagements" and network in ENGAGEMENTS:
        found = _engagements(network)
    if found is None:
        return _suffixed(network, level, key)
    return attrs.evolve(
        found,
        terms=tuple((m, s or scope_of(network, level, m)) for m, s in found.terms),
    )


def _engagements(network: str) -> Counts:
    parts = (counts(network, "post", key) for key in ENGAGEMENTS[network])
    return Counts(tuple(term for part in parts if part for term in part.terms))


def _suffixed(network: str, level: Level, key: str) -> Counts | None:
    stem, _, suffix = key.rpartition("_")
    if suffix == "unique":
        found = counts(network, level, stem)
        return found and attrs.evolve(found, unique=True)
    scopes: dict[str, Scope] = {"organic": "organic", "paid": "paid", "total": "total"}
    if suffix not in scopes:
        return None
    found = COUNTS.get(stem)
    fixed = scopes[suffix]
    return found and attrs.evolve(
        found, terms=tuple((measure, fixed) for measure, _ in found.terms)
    )
