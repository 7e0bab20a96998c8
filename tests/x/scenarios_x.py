"""What is recorded, and played again by both clients: one scene a case.

The posts are those of the simulated world.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeAlias, TypeVar

import attrs

import socialmetrics as sm
from socialmetrics.adapter import Adapter
from socialmetrics.plan import By
from socialmetrics.wire import Flow
from socialmetrics_x import X
from socialmetrics_x.login import RequestToken
from tests.conftest import AnyClient, Fetch
from tests.x.serving_x import ACME_ID, CARE_ID

T = TypeVar("T")

MINE: Final = ("2031422675966914743", "2031362395056808751", "2031316057331611164")
THEIRS: Final = ("2031449617088244328", "2031415034231915428")
GONE: Final = "2025690086632542792"
LOCKED: Final = "2025619871423656403"
AGING: Final = "1998678735976763336"
"""A post that is 90 days old, and some hours."""
LASTING: Final = "1753958174491363129"
NOW: Final = datetime(2026, 3, 11, 6, tzinfo=UTC)
PUBLIC: Final = ("likes", "reposts", "quotes", "comments", "video_views")
PRIVATE: Final = ("impressions", "engagements.vendor")
CLICKS: Final = ("impressions", "link_clicks", "likes")
MORNING: Final = sm.Window(NOW - timedelta(hours=10), NOW)
DAYS: Final = sm.Window.days("2026-03-08", "2026-03-10")
TWO_PIECES: Final = sm.Window.days("2026-01-20", "2026-03-10")
SUMS: Final = {"by metric": ["engagement.type"], "by post": ["tweet.id"]}


@attrs.frozen(kw_only=True)
class Stage:
    """A client, and the login that its account has just agreed to."""

    fetch: Fetch
    login: RequestToken | None = None
    verifier: str = ""

    def metrics(
        self,
        ids: Sequence[str],
        metrics: Sequence[str],
        window: sm.Window | None = None,
        by: By | None = None,
    ) -> sm.MetricSeries:
        """Figures of these posts."""
        posts = [sm.Ref("x", each) for each in ids]
        return self.fetch.value(lambda c: c.metrics(posts, metrics, window, by=by))

    def run(self, flow: Callable[[X], Flow[T]]) -> T:
        """The result of a vendor-only call."""
        return self.fetch.value(lambda client: client.run(flow(_x(client.adapter))))


def _x(adapter: Adapter) -> X:
    assert isinstance(adapter, X)
    return adapter


Ask: TypeAlias = Callable[[Stage], Any]


@attrs.frozen(kw_only=True)
class Scene:
    """One case: what is asked, by whom, and how the simulated service behaves.

    `owners` are the user ids whose tokens are given, `bearer` is whether a bearer
    token is. `is_busy` lets somebody else ask first, with the app's credentials, and
    `is_agreed` lets an account agree to a login.
    """

    ask: Ask
    owners: tuple[str, ...] = ()
    bearer: bool = False
    settings: Mapping[str, object] = attrs.field(factory=dict[str, object])
    options: Mapping[str, object] = attrs.field(factory=dict[str, object])
    is_busy: bool = False
    is_agreed: bool = False


def public(stage: Stage) -> sm.MetricSeries:
    return stage.metrics([*MINE, *THEIRS], PUBLIC)


async def told(series: sm.MetricSeries | Awaitable[sm.MetricSeries]) -> sm.MetricSeries:
    """The series, awaited where it must be."""
    return series if isinstance(series, sm.MetricSeries) else await series


def twice(stage: Stage) -> Any:
    """The same question again, by the same client."""

    async def asked(client: AnyClient) -> Any:
        posts = [sm.Ref("x", each) for each in MINE]
        first, second = (client.metrics(posts, PUBLIC) for _ in range(2))
        await told(first)
        return await told(second)

    return stage.fetch.value(asked)


def private(stage: Stage) -> sm.MetricSeries:
    return stage.metrics(MINE, PRIVATE)


def partial(stage: Stage) -> sm.MetricSeries:
    return stage.metrics([MINE[0], AGING, GONE, LOCKED], PRIVATE)


def unavailable(stage: Stage) -> sm.MetricSeries:
    return stage.metrics([GONE, LOCKED], PRIVATE)


def recent(stage: Stage) -> sm.MetricSeries:
    return stage.metrics(MINE[:2], CLICKS, by="hour")


def hours(stage: Stage) -> sm.MetricSeries:
    return stage.metrics(MINE, CLICKS, MORNING, "hour")


def days(stage: Stage) -> sm.MetricSeries:
    return stage.metrics(MINE, CLICKS, DAYS, "day")


def mixed(stage: Stage) -> sm.MetricSeries:
    return stage.metrics([*MINE, *THEIRS], CLICKS, DAYS, "day")


def two_pieces(stage: Stage) -> sm.MetricSeries:
    return stage.metrics([LASTING], ["impressions"], TWO_PIECES, "day")


def groupings(stage: Stage) -> Any:
    ids = [*MINE, GONE]
    names = ["favorites", "url_clicks"]
    return stage.run(
        lambda x: x.engagement("historical", ids, names, SUMS, window=DAYS)
    )


def request_token(stage: Stage) -> Any:
    return stage.run(lambda x: x.request_token())


def access_token(stage: Stage) -> Any:
    login, verifier = stage.login, stage.verifier
    assert login is not None
    return stage.run(lambda x: x.access_token(login, verifier))


ONE: Final = (ACME_ID,)
BOTH: Final = (ACME_ID, CARE_ID)
SCENES: Final[Mapping[str, Scene]] = {
    "totals_bearer_given": Scene(ask=public, bearer=True),
    "totals_bearer_fetched": Scene(ask=public),
    "totals_signed_by_the_app": Scene(ask=public, settings={"app_auth": "oauth1"}),
    "totals_bearer_dies": Scene(ask=twice, options={"bearer_uses": 1}),
    "totals_owner": Scene(ask=private, owners=ONE),
    "totals_partial": Scene(ask=partial, owners=ONE),
    "totals_unavailable": Scene(ask=unavailable, owners=ONE),
    "recent_hours": Scene(ask=recent, owners=ONE),
    "historical_hours": Scene(ask=hours, owners=ONE),
    "historical_days": Scene(ask=days, owners=ONE),
    "historical_groupings": Scene(ask=groupings, owners=ONE),
    "forbidden_posts_by_author": Scene(ask=mixed, owners=BOTH),
    "forbidden_posts_in_one": Scene(
        ask=mixed, owners=BOTH, options={"wording": "tweets"}
    ),
    "forbidden_metrics": Scene(
        ask=days, owners=ONE, options={"forbidden_metrics": ["url_clicks"]}
    ),
    "revoked_token": Scene(ask=mixed, owners=BOTH, options={"revoked": [CARE_ID]}),
    "rate_limited": Scene(
        ask=hours, owners=ONE, options={"per_minute": 1}, is_busy=True
    ),
    "rate_limited_in_a_200": Scene(
        ask=two_pieces, owners=ONE, options={"limited_200": 2}
    ),
    "login_request_token": Scene(ask=request_token),
    "login_access_token": Scene(ask=access_token, is_agreed=True),
}


def stage_of(fetch: Fetch, settings: Mapping[str, object], **more: Any) -> Stage:
    """A stage whose clock stands still; one request after the other."""
    common = {"clock": lambda: NOW, "concurrency": 1}
    return Stage(fetch=fetch.by("x", **{**common, **settings}), **more)


def stand_ins(scene: Scene) -> dict[str, object]:
    """Settings that log in nowhere, for playing a scene."""
    owners = ",".join(f"{each}-not-a-token:not-a-secret" for each in scene.owners)
    keys: dict[str, object] = {
        "consumer_key": "not-a-key",
        "consumer_secret": "not-a-secret",
    }
    bearer = {"bearer_token": "not-a-bearer"} if scene.bearer else {}
    return {
        **keys,
        **bearer,
        **({"owners": owners} if owners else {}),
        **scene.settings,
    }
