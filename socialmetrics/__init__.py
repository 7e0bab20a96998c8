"""Every social-media tool behind one model.

    import socialmetrics as sm

    with sm.connect(tool, token="...") as client:
        week = sm.Window.days("2026-03-02", "2026-03-08")
        series = client.metrics(None, ["impressions"], week, by="day")

Names load when they are used, so that importing the package is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from socialmetrics.adapter import (
        Adapter,
        Capabilities,
        Capability,
        Credential,
        MetricCapability,
        Problem,
        operation,
        unsupported,
    )
    from socialmetrics.budget import Limit, MemoryBudget
    from socialmetrics.budget_file import SqliteBudget
    from socialmetrics.client import AsyncClient, Client
    from socialmetrics.codec import from_json, to_json
    from socialmetrics.comparison.comparing import compare
    from socialmetrics.comparison.comparison import Comparison
    from socialmetrics.connections import (
        adapter_class,
        adapters,
        connect,
        connect_async,
    )
    from socialmetrics.derivation import derive
    from socialmetrics.errors import (
        AuthRefused,
        Incomplete,
        InvalidQuery,
        MissingCredential,
        Misuse,
        NotComparable,
        NotFound,
        OutcomeUnknown,
        PermissionDenied,
        RateLimited,
        Refused,
        Rejected,
        SocialMetricsError,
        Unavailable,
        Unreachable,
        Unreadable,
        Unsupported,
        VendorFault,
    )
    from socialmetrics.exports import Export, read_export
    from socialmetrics.gathering import Gathered, gather
    from socialmetrics.ledger import Ledger
    from socialmetrics.model import (
        Author,
        Consignment,
        Delivery,
        Draft,
        File,
        Issue,
        Location,
        Media,
        Message,
        Missing,
        Point,
        Post,
        Profile,
        Publication,
        Ref,
        Source,
        Topic,
    )
    from socialmetrics.oauth1 import Owner
    from socialmetrics.plan import Part, Plan
    from socialmetrics.pull import AsyncPull, Progress, Pull
    from socialmetrics.reading import Reading, Settled, Status
    from socialmetrics.retry import Retry
    from socialmetrics.secret import Secret
    from socialmetrics.series import MetricSeries
    from socialmetrics.token_file import FileStore
    from socialmetrics.token_keyring import KeyringStore
    from socialmetrics.tokens import MemoryStore, TokenStore
    from socialmetrics.window import Window

__version__: Final = "0.1.0"

_HOMES: Final = {
    "adapter": (
        "Adapter Capabilities Capability Credential MetricCapability Problem "
        "operation unsupported"
    ),
    "budget": "Limit MemoryBudget",
    "budget_file": "SqliteBudget",
    "client": "AsyncClient Client",
    "codec": "from_json to_json",
    "comparison.comparing": "compare",
    "comparison.comparison": "Comparison",
    "connections": "adapter_class adapters connect connect_async",
    "derivation": "derive",
    "errors": (
        "AuthRefused Incomplete InvalidQuery MissingCredential Misuse NotComparable "
        "NotFound OutcomeUnknown PermissionDenied RateLimited Refused Rejected "
        "SocialMetricsError Unavailable Unreachable Unreadable Unsupported VendorFault"
    ),
    "exports": "Export read_export",
    "gathering": "Gathered gather",
    "ledger": "Ledger",
    "model": (
        "Author Consignment Delivery Draft File Issue Location Media Message Missing "
        "Point Post Profile Publication Ref Source Topic"
    ),
    "oauth1": "Owner",
    "plan": "Part Plan",
    "pull": "AsyncPull Progress Pull",
    "reading": "Reading Settled Status",
    "retry": "Retry",
    "secret": "Secret",
    "series": "MetricSeries",
    "token_file": "FileStore",
    "token_keyring": "KeyringStore",
    "tokens": "MemoryStore TokenStore",
    "window": "Window",
}
_HOME: Final = {name: home for home, names in _HOMES.items() for name in names.split()}

__all__ = [
    "Adapter",
    "AsyncClient",
    "AsyncPull",
    "AuthRefused",
    "Author",
    "Capabilities",
    "Capability",
    "Client",
    "Comparison",
    "Consignment",
    "Credential",
    "Delivery",
    "Draft",
    "Export",
    "File",
    "FileStore",
    "Gathered",
    "Incomplete",
    "InvalidQuery",
    "Issue",
    "KeyringStore",
    "Ledger",
    "Limit",
    "Location",
    "Media",
    "MemoryBudget",
    "MemoryStore",
    "Message",
    "MetricCapability",
    "MetricSeries",
    "Missing",
    "MissingCredential",
    "Misuse",
    "NotComparable",
    "NotFound",
    "OutcomeUnknown",
    "Owner",
    "Part",
    "PermissionDenied",
    "Plan",
    "Point",
    "Post",
    "Problem",
    "Profile",
    "Progress",
    "Publication",
    "Pull",
    "RateLimited",
    "Reading",
    "Ref",
    "Refused",
    "Rejected",
    "Retry",
    "Secret",
    "Settled",
    "SocialMetricsError",
    "Source",
    "SqliteBudget",
    "Status",
    "TokenStore",
    "Topic",
    "Unavailable",
    "Unreachable",
    "Unreadable",
    "Unsupported",
    "VendorFault",
    "Window",
    "adapter_class",
    "adapters",
    "compare",
    "connect",
    "connect_async",
    "derive",
    "from_json",
    "gather",
    "operation",
    "read_export",
    "to_json",
    "unsupported",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'socialmetrics' has no attribute {name!r}")
    found: object = getattr(import_module(f"socialmetrics.{_HOME[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
