"""What every canonical metric and every word of the model means, as data."""

from socialmetrics.ontology.catalogue import (
    Term,
    containing,
    did_you_mean,
    is_canonical,
    metric,
    metrics,
    needed,
    term,
    terms,
)
from socialmetrics.ontology.metric import (
    Difference,
    Dimension,
    Formula,
    Kind,
    Metric,
    Ratio,
    Sum,
)

__all__ = [
    "Difference",
    "Dimension",
    "Formula",
    "Kind",
    "Metric",
    "Ratio",
    "Sum",
    "Term",
    "containing",
    "did_you_mean",
    "is_canonical",
    "metric",
    "metrics",
    "needed",
    "term",
    "terms",
]
