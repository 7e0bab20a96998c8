"""What can be set about the simulated service."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final, Literal

import attrs

from socialmetrics.errors import InvalidQuery
from socialmetrics_hootsuite.sandbox.catalogue import NETWORKS
from socialmetrics_hootsuite.sandbox.refusal import TITLES

SCOPES: Final = ("offline", "analytics:read")
OPERATIONS: Final = (
    "analytics", "delete", "history", "media", "messages", "profiles", "publish",
    "review",
)  # fmt: skip
FAULTS: Final = (
    "", "cut", "hang", "429", "max_rate", "access_denied", "500", "html_500", "502",
    "commit_then_cut", "commit_then_hang", "commit_then_500", "commit_then_html_500",
    "commit_then_502", "commit_then_garbled",
)  # fmt: skip
FAULTY: Final = ("delete", "publish", "token")


def _texts(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(values)


def _codes(values: Mapping[str, int]) -> Mapping[str, int]:
    return dict(values)


def _faults(values: Mapping[str, Iterable[str]]) -> Mapping[str, tuple[str, ...]]:
    return {name: tuple(each) for name, each in values.items()}


@attrs.frozen(kw_only=True)
class Options:
    """Limits, failures, and what the documents leave open.

    `clock` is the service's time (default: the world's now, standing still); the state
    can move it on. At most `per_second` requests in a real second and `per_day` on a
    day (UTC) of the service; with `plain_rate` the refusal is a text.

    Tokens live `token_seconds`. `quiet_scope` tells no scope in token answers;
    `odd_token_key` spells token_Type. With `refresh_kills_access` a refresh ends the
    older access token. `redirect_uris` are registered, `app_scopes` ticked on the app.
    A removed app is told with `revoked_status`.

    Profiles go by the service's ids: `reauth` have lost their connection, what is sent
    to them or to `failing` fails late; `partial` are refused at once with that code
    (`partial_status`: the status beside which others succeed), `review` need
    `review_steps` approvals. `denied` are operations that the member may not use, with
    the code that says so. `vintage` 2017 shows less of profiles and members.

    `faults` happen to the first, second, ... call of an operation (`FAULTY`), "" none;
    a `hang` ends after `hang_seconds`. `invisible_reads` is how often a new message is
    not found; `truncated` leaves full pages without a cursor. Sending takes
    `submit_seconds`; times lie at least `lead_seconds` ahead, of at most
    `most_scheduled` messages. `limited_tags`: only known tags; `tag_objects`: tags as
    objects. `long_text` of tweets is refused "early" or fails "late". `plain_delete`
    answers without JSON; `bare_post_ids` leaves the page out of Facebook's.

    A medium is QUEUED for `media_wait` looks; its address lives `upload_seconds`, below
    `upload_base` (default: this host). `lags` are the hours by which figures are late,
    by networkId; `novel` is a metric that no document knows; `analytics_errors` is the
    shape of refusals there.
    """

    clock: Callable[[], datetime] | None = None
    per_second: int = 20
    per_day: int = 100_000
    plain_rate: bool = False
    token_seconds: int = 3599
    quiet_scope: bool = False
    odd_token_key: bool = False
    refresh_kills_access: bool = False
    redirect_uris: tuple[str, ...] = attrs.field(
        default=(
            "https://app.example/callback",
            "http://localhost:8765/callback",
            "http://localhost:8734/back",
        ),
        converter=_texts,
    )
    app_scopes: tuple[str, ...] = attrs.field(default=SCOPES, converter=_texts)
    revoked_status: int = 401
    vintage: Literal["2017", "2026"] = "2026"
    reauth: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    failing: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    partial: Mapping[str, int] = attrs.field(factory=dict[str, int], converter=_codes)
    partial_status: int = 200
    review: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    review_steps: int = 1
    denied: Mapping[str, int] = attrs.field(factory=dict[str, int], converter=_codes)
    faults: Mapping[str, tuple[str, ...]] = attrs.field(
        factory=dict[str, tuple[str, ...]], converter=_faults
    )
    hang_seconds: float = 30.0
    invisible_reads: int = 0
    truncated: bool = False
    submit_seconds: int = 0
    lead_seconds: int = 300
    most_scheduled: int = 1000
    limited_tags: bool = False
    tag_objects: bool = False
    long_text: Literal["early", "late"] = "late"
    plain_delete: bool = False
    bare_post_ids: bool = False
    media_wait: int = 1
    upload_seconds: int = 1799
    upload_base: str | None = None
    lags: Mapping[str, int] = attrs.field(
        factory=lambda: {"INSTAGRAMBUSINESS": 48}, converter=_codes
    )
    novel: str = ""
    analytics_errors: Literal["problem", "errors"] = "problem"

    def __attrs_post_init__(self) -> None:
        self._check_numbers()
        self._check_words()
        self._check_codes()
        for uri in self.redirect_uris:
            if not uri.startswith(("https://", "http://localhost")):
                raise InvalidQuery(
                    f"redirect_uris: {uri!r} must begin with https:// or "
                    "http://localhost"
                )

    def _check_numbers(self) -> None:
        for name in ("per_second", "per_day", "token_seconds", "review_steps"):
            if getattr(self, name) < 1:
                raise InvalidQuery(f"{name}={getattr(self, name)} must be at least 1")
        for name in (
            "invisible_reads", "submit_seconds", "lead_seconds", "most_scheduled",
            "media_wait", "upload_seconds", "hang_seconds",
        ):  # fmt: skip
            if getattr(self, name) < 0:
                raise InvalidQuery(f"{name}={getattr(self, name)} must not be below 0")

        for network, hours in self.lags.items():
            if hours < 0:
                raise InvalidQuery(f"lags[{network!r}]={hours} must not be below 0")

    def _check_words(self) -> None:
        allowed: dict[str, tuple[object, ...]] = {
            "vintage": ("2017", "2026"),
            "long_text": ("early", "late"),
            "analytics_errors": ("problem", "errors"),
            "revoked_status": (401, 403),
            "partial_status": (200, 207, 400),
        }
        for name, words in allowed.items():
            if getattr(self, name) not in words:
                raise InvalidQuery(
                    f"{name}={getattr(self, name)!r} is none of {list(words)}"
                )
        _check_known("app_scopes", self.app_scopes, SCOPES)
        _check_known("faults", self.faults, FAULTY)
        for name, each in self.faults.items():
            _check_known(f"faults[{name!r}]", each, FAULTS)
        _check_known("denied", self.denied, OPERATIONS)
        _check_known("lags", self.lags, tuple(NETWORKS))

    def _check_codes(self) -> None:
        for code in (*self.partial.values(), *self.denied.values()):
            if code not in TITLES:
                raise InvalidQuery(f"{code} is no error code that the sandbox knows")


def _check_known(name: str, told: Iterable[str], known: tuple[str, ...]) -> None:
    strange = sorted(set(told) - set(known))
    if strange:
        raise InvalidQuery(f"{name}: unknown {strange}; known are {list(known)}")
