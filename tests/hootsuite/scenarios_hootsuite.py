"""What is recorded, and played again by both clients: one scene a case.

The profiles are those of the simulated world.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, TypeAlias, TypeVar

import attrs
import pytest

import socialmetrics as sm
from socialmetrics.authorization import Begun
from socialmetrics.tokens import MemoryStore
from socialmetrics.wire import Flow, Stream
from socialmetrics_hootsuite import Hootsuite, allowance, lifecycle, media
from socialmetrics_hootsuite.sandbox import Service
from tests.conftest import AnyClient, Fetch

T = TypeVar("T")

NOW: Final = datetime(2026, 3, 11, 6, tzinfo=UTC)
LATER: Final = NOW + timedelta(hours=2)
TWO_DAYS: Final = sm.Window.days("2026-03-04", "2026-03-05")
THREE_DAYS: Final = sm.Window.days("2026-03-05", "2026-03-07")
FIVE_DAYS: Final = sm.Window(NOW - timedelta(days=4, hours=23), NOW)
PICTURE: Final = sm.File(
    name="cat.gif", content_type="image/gif", content=b"GIF89a: a cat"
)


def _profile(number: int, type_: str, ref: str) -> sm.Profile:
    found = sm.Ref(*ref.split(":", 1))
    return sm.Profile(
        ref=found, vendor_id=str(number), name=f"{type_} {number}", raw={"type": type_}
    )


ON_X: Final = _profile(139000001, "TWITTER", "x:1067094924124872705")
ALSO_ON_X: Final = _profile(139000018, "TWITTER", "x:893465128804605952")
PAGE: Final = _profile(139000035, "FACEBOOKPAGE", "facebook:104225361998271")
GRAM: Final = _profile(139000069, "INSTAGRAMBUSINESS", "instagram:17841400008460056")
THREAD: Final = _profile(139000188, "THREADS", "threads:25025320000000001")
COMPANY: Final = _profile(139000103, "LINKEDINCOMPANY", "linkedin:5005001")


@attrs.frozen(kw_only=True)
class Stage:
    """A client, and the login that its member has just agreed to."""

    fetch: Fetch
    login: Begun | None = None
    came_back: str = attrs.field(default="", repr=False)

    def run(self, call: Callable[[Hootsuite], Flow[T]]) -> T:
        """The result of a vendor-only call."""
        return self.fetch.value(lambda client: client.run(call(_adapter(client))))

    def listed(self, call: Callable[[Hootsuite], Stream[T]]) -> list[T]:
        """All that a vendor-only call hands on."""

        def asked(client: AnyClient) -> list[T] | Awaitable[list[T]]:
            return client.run(call(_adapter(client)))

        return self.fetch.value(asked)

    def publish(self, *profiles: sm.Profile, **change: Any) -> sm.Publication:
        """Published once, without a key."""
        draft = sm.Draft(text="All about tea", profiles=profiles, **change)
        return self.fetch.value(lambda client: client.publish(draft))

    def planned(self) -> sm.Delivery:
        """A message that waits for its time."""
        return self.publish(PAGE, at=LATER).deliveries[0]


def _adapter(client: AnyClient) -> Hootsuite:
    assert isinstance(client.adapter, Hootsuite)
    return client.adapter


Ask: TypeAlias = Callable[[Stage], Any]


@attrs.frozen(kw_only=True)
class Scene:
    """One case: what is asked, with which settings, and how the service behaves.

    `settings` are the names of those that open it. `before` is what happens to the
    service first.
    """

    ask: Ask
    settings: tuple[str, ...] = ("access_token",)
    options: Mapping[str, object] = attrs.field(factory=dict[str, object])
    before: Callable[[Service], None] = lambda _: None


# -- tokens ----------------------------------------------------------------------------


def profiles(stage: Stage) -> list[sm.Profile]:
    return stage.fetch.items(lambda client: client.profiles())


def logged_in(stage: Stage) -> Any:
    begun = stage.login
    assert begun is not None
    tokens = stage.run(lambda h: h.keys.exchange(begun, stage.came_back))
    return tokens, profiles(stage)


def expire(service: Service) -> None:
    service.grants.expire()


def remove(service: Service) -> None:
    service.grants.removed = True


# -- reading ---------------------------------------------------------------------------


def posts(stage: Stage) -> list[sm.Post]:
    return stage.fetch.items(lambda c: c.posts([PAGE], TWO_DAYS, metrics=["likes"]))


def changed_posts(stage: Stage) -> list[sm.Post]:
    since = date(2026, 3, 9)
    return stage.listed(lambda h: h.changed_posts([THREAD], since, ["likes"]))


def metrics_profiles(stage: Stage) -> Any:
    some = [PAGE, GRAM, COMPANY]
    return stage.fetch.value(lambda c: c.metrics(some, ["followers"], THREE_DAYS))


def metrics_posts(stage: Stage) -> Any:
    found = stage.fetch.items(lambda c: c.posts([GRAM], TWO_DAYS))
    return stage.fetch.value(lambda c: c.metrics(found, ["likes", "comments"]))


def outbound(stage: Stage) -> Any:
    return stage.listed(lambda h: h.outbound(FIVE_DAYS))


# -- publishing ------------------------------------------------------------------------


def publish_now(stage: Stage) -> sm.Publication:
    return stage.publish(ON_X, PAGE, COMPANY)


def publish_scheduled(stage: Stage) -> sm.Publication:
    return stage.publish(ON_X, ALSO_ON_X, at=LATER, tags=["spring"], notify=True)


def publish_with_media(stage: Stage) -> sm.Publication:
    return stage.publish(PAGE, at=LATER, media=[PICTURE])


def publish_to_two(stage: Stage) -> sm.Publication:
    return stage.publish(PAGE, COMPANY, at=LATER)


def look(stage: Stage) -> Any:
    made = stage.publish(PAGE, COMPANY).deliveries
    return stage.run(lambda h: h.look(made))


def delete(stage: Stage) -> Any:
    made = stage.planned()
    stage.run(lambda h: h.withdraw(made))
    return refused(lambda: stage.run(lambda h: h.withdraw(made)))


def approve(stage: Stage) -> Any:
    number = _id(stage.planned())
    step = stage.run(lambda h: h.message(number)).sequence_number
    assert step is not None
    stage.run(lambda h: h.approve(number, step))
    return stage.run(lambda h: h.message(number))


def reject(stage: Stage) -> Any:
    number = _id(stage.planned())
    stage.run(lambda h: h.reject(number, 1, "not so soon"))
    return stage.run(lambda h: h.message(number))


def history(stage: Stage) -> Any:
    number = _id(stage.planned())
    stage.run(lambda h: h.approve(number, 1))
    return stage.run(lambda h: h.history(number))


def upload(stage: Stage) -> sm.Media:
    return stage.run(lambda h: h.upload(PICTURE))


def _id(made: sm.Delivery) -> str:
    assert made.vendor_id is not None
    return made.vendor_id


# -- refusals --------------------------------------------------------------------------


def refused(call: Callable[[], object]) -> sm.SocialMetricsError:
    """The error that it raises."""
    with pytest.raises(sm.SocialMetricsError) as caught:
        call()
    return caught.value


def failing(ask: Ask) -> Ask:
    """The scene's error, for its result."""
    return lambda stage: refused(lambda: ask(stage))


def unknown_message(stage: Stage) -> Any:
    return refused(lambda: stage.run(lambda h: h.message("1")))


def out_already(stage: Stage) -> Any:
    made = stage.publish(PAGE).deliveries[0]
    return refused(lambda: stage.run(lambda h: h.withdraw(made)))


APP: Final = ("client_id", "client_secret")
USER: Final = (*APP, "access_token", "refresh_token")
REVIEWED: Final[Mapping[str, object]] = {"review": [PAGE.vendor_id]}
SCENES: Final[Mapping[str, Scene]] = {
    "token_code": Scene(ask=logged_in, settings=APP),
    "token_refresh": Scene(ask=profiles, settings=(*APP, "refresh_token")),
    "token_expired": Scene(ask=profiles, settings=USER, before=expire),
    "token_member_app": Scene(ask=profiles, settings=(*APP, "member_id")),
    "token_organization_app": Scene(ask=profiles, settings=(*APP, "organization_id")),
    "profiles": Scene(ask=profiles),
    "posts": Scene(ask=posts),
    "changed_posts": Scene(ask=changed_posts),
    "metrics_profiles": Scene(ask=metrics_profiles),
    "metrics_posts": Scene(ask=metrics_posts),
    "outbound": Scene(ask=outbound),
    "publish_now": Scene(ask=publish_now),
    "publish_scheduled": Scene(ask=publish_scheduled),
    "publish_with_media": Scene(ask=publish_with_media),
    "publish_in_part": Scene(
        ask=publish_to_two,
        options={"partial": {COMPANY.vendor_id: 40005}, "partial_status": 207},
    ),
    "publish_for_approval": Scene(ask=publish_to_two, options=REVIEWED),
    "publish_limited": Scene(ask=publish_now, options={"faults": {"publish": ["429"]}}),
    "publish_limited_in_words": Scene(
        ask=publish_now, options={"faults": {"publish": ["max_rate"]}}
    ),
    "publish_settled": Scene(
        ask=publish_to_two, options={"faults": {"publish": ["commit_then_502"]}}
    ),
    "publish_not_permitted": Scene(
        ask=failing(publish_to_two), options={"denied": {"publish": 4003}}
    ),
    "publish_stopped_at_the_gateway": Scene(
        ask=failing(publish_to_two), options={"faults": {"publish": ["access_denied"]}}
    ),
    "look": Scene(ask=look),
    "delete": Scene(ask=delete),
    "approve": Scene(ask=approve, options=REVIEWED),
    "reject": Scene(ask=reject, options=REVIEWED),
    "history": Scene(ask=history, options=REVIEWED),
    "upload": Scene(ask=upload),
    "upload_too_late": Scene(ask=failing(upload), options={"upload_seconds": 0}),
    "unknown_message": Scene(ask=unknown_message),
    "out_already": Scene(ask=out_already),
    "scope_not_granted": Scene(
        ask=metrics_profiles, options={"app_scopes": ["offline"]}
    ),
    "app_removed": Scene(ask=failing(profiles), settings=USER, before=remove),
    "refresh_refused": Scene(
        ask=failing(profiles), settings=(*APP, "refresh_token"), before=remove
    ),
    "token_unknown": Scene(ask=failing(profiles), settings=("wrong_token",)),
}
STAND_INS: Final[Mapping[str, str]] = {
    **{name: f"not-a-{name.replace('_', '-')}" for name in USER},
    "wrong_token": "not-a-token",
    "member_id": "1155000",
    "organization_id": "687751",
}
"""Settings that log in nowhere, for playing a scene; the ids are those of the world."""


def stage_of(fetch: Fetch, settings: Mapping[str, object], **more: Any) -> Stage:
    """A stage whose clock stands still; one request after the other."""
    common = {"clock": lambda: NOW, "concurrency": 1, "token_store": MemoryStore()}
    return Stage(fetch=fetch.by(Hootsuite, **{**common, **settings}), **more)


def settings_of(scene: Scene, opening: Mapping[str, str]) -> dict[str, object]:
    """Those of the scene; a wrong token goes where the right one does."""
    found: dict[str, object] = {name: opening[name] for name in scene.settings}
    if "wrong_token" in found:
        found["access_token"] = found.pop("wrong_token")
    return found


@contextmanager
def haste() -> Generator[None]:
    """Waits that would be of seconds are shorter."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lifecycle, "PAUSE", 0.01)
        patch.setattr(media, "PAUSE", 0.01)
        patch.setattr(allowance, "NEXT_SECOND", 0.01)
        yield
