"""What both clients decide alike: whose figures, by which plan, before any I/O.

Planning is a flow: it asks the vendor only where a subject is named by something that
only the vendor can look up.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeAlias, TypeVar, get_args

import attrs

from socialmetrics.adapter import Adapter
from socialmetrics.budget import Limit, duration
from socialmetrics.directory import ProfileLike, find
from socialmetrics.errors import InvalidQuery, Unsupported
from socialmetrics.figures import plan_figures
from socialmetrics.model import (
    Message,
    Post,
    Profile,
    Ref,
    Topic,
)
from socialmetrics.plan import (
    By,
    MessagesQuery,
    MetricsQuery,
    Part,
    Plan,
    PostsQuery,
    ProfilesPart,
    Subject,
    TopicQuery,
    TopicsPart,
)
from socialmetrics.series import MetricSeries
from socialmetrics.window import Window
from socialmetrics.wire import Flow, collect

T = TypeVar("T")
F = TypeVar("F")
ProfilesLike: TypeAlias = Iterable[ProfileLike] | ProfileLike | None
SubjectsLike: TypeAlias = Iterable[Subject | str] | Subject | str | None


@attrs.define
class Session:
    """One adapter, one clock, and the profiles once they are known."""

    adapter: Adapter
    now: Callable[[], datetime]
    limits: tuple[Limit, ...]
    _profiles: list[Profile] | None = None

    def require(self, operation: str) -> None:
        """Raises `Unsupported` where the vendor lacks the operation."""
        told = self.adapter.declared(operation)
        if not told.supported:
            raise Unsupported(
                told.detail,
                vendor=self.adapter.name,
                operation=operation,
                alternatives=told.alternatives,
            )

    def profiles(self) -> Plan[Profile]:
        """The plan for every profile."""
        self.require("profiles")
        return self._timed(Plan(parts=(ProfilesPart(),)))

    def topics(self) -> Plan[Topic]:
        """The plan for every listening topic."""
        self.require("topics")
        return self._timed(Plan(parts=(TopicsPart(),)))

    def posts(
        self,
        profiles: ProfilesLike,
        window: Window,
        *,
        metrics: Sequence[str],
        fields: Sequence[str],
    ) -> Flow[Plan[Post]]:
        """The plan for these profiles' posts."""
        self.require("posts")
        query = PostsQuery(
            profiles=(yield from self._found(profiles)),
            window=checked_window(window),
            metrics=names("metrics", metrics),
            fields=names("fields", fields),
            now=self.now(),
        )
        return self._timed(self.adapter.plan_posts(query))

    def messages(
        self,
        profiles: ProfilesLike,
        window: Window,
        *,
        where: Mapping[str, Sequence[str]],
        fields: Sequence[str],
    ) -> Flow[Plan[Message]]:
        """The plan for these profiles' inbox."""
        self.require("messages")
        query = MessagesQuery(
            profiles=(yield from self._found(profiles)),
            window=checked_window(window),
            where=_conditions(where),
            fields=names("fields", fields),
            now=self.now(),
        )
        return self._timed(self.adapter.plan_messages(query))

    def metrics(
        self,
        subjects: SubjectsLike,
        metrics: Sequence[str],
        window: Window | None,
        by: By | None,
    ) -> Flow[Plan[MetricSeries]]:
        """The plan for these figures; derived ones become their parts."""
        self.require("metrics")
        asked = names("metrics", metrics)
        if not asked:
            raise InvalidQuery(
                "metrics is empty; name at least one, like 'impressions'"
            )
        if by not in (None, *get_args(By)):
            raise InvalidQuery(f"by={by!r} is none of {', '.join(get_args(By))}")
        query = MetricsQuery(
            subjects=(yield from self._subjects(subjects)),
            metrics=asked,
            window=None if window is None else checked_window(window),
            by=by,
            now=self.now(),
        )
        return self._timed(plan_figures(self.adapter, query))

    def topic_messages(
        self,
        topic: Topic,
        window: Window,
        *,
        where: Sequence[object],
        fields: Sequence[str],
    ) -> Plan[Message]:
        """The plan for a topic's messages."""
        self.require("topic_messages")
        query = TopicQuery(
            topic=_topic(topic),
            window=checked_window(window),
            where=_listed("where", where),
            fields=names("fields", fields),
            now=self.now(),
        )
        return self._timed(self.adapter.plan_topic_messages(query))

    def topic_metrics(
        self,
        topic: Topic,
        window: Window,
        *,
        metrics: Sequence[str],
        dimensions: Sequence[str],
        where: Sequence[object],
    ) -> Plan[MetricSeries]:
        """The plan for a topic's figures."""
        self.require("topic_metrics")
        query = TopicQuery(
            topic=_topic(topic),
            window=checked_window(window),
            where=_listed("where", where),
            metrics=names("metrics", metrics),
            dimensions=names("dimensions", dimensions),
            now=self.now(),
        )
        return self._timed(self.adapter.plan_topic_metrics(query))

    def _timed(self, plan: Plan[T]) -> Plan[T]:
        seconds = duration(self.limits, plan.weight)
        return attrs.evolve(plan, duration=timedelta(seconds=seconds))

    def _known(self) -> Flow[list[Profile]]:
        if self._profiles is None:
            self.require("profiles")
            page = yield from collect(self.adapter.profiles(ProfilesPart()))
            self._profiles = list(page.items)
        return self._profiles

    def _found(self, wanted: ProfilesLike) -> Flow[list[Profile]]:
        if wanted is None:
            self._profiles = None  # All of today's, not those of an hour ago.
            return list((yield from self._known()))
        items = (
            (wanted,)
            if isinstance(wanted, Profile | Ref | str)
            else _listed("profiles", wanted)
        )
        for item in items:
            _checked(item)
        if all(isinstance(item, Profile) for item in items):
            known: list[Profile] = []
        else:
            known = yield from self._known()
        found = (find(known, item) for item in items)
        # One account given twice, old and fresh, is one.
        return list({profile.ref: profile for profile in found}.values())

    def _subjects(self, wanted: SubjectsLike) -> Flow[list[Subject]]:
        if wanted is None or isinstance(wanted, Profile):
            return list((yield from self._found(wanted)))
        items = (
            (wanted,)
            if isinstance(wanted, Post | Topic | Ref | str)
            else _listed("subjects", wanted)
        )
        refs = [item for item in items if isinstance(item, Ref)]
        if refs and len(refs) == len(items):
            return (yield from self._meant(refs))
        subjects: dict[Subject, None] = {}
        referred: dict[Ref, Profile] | None = None
        for item in items:
            if isinstance(item, Ref):
                if referred is None:
                    referred = yield from self._referred()
                subjects[referred.get(item, item) if referred else item] = None
            elif isinstance(item, str):
                named = self.adapter.named(item)
                found = [named] if named else (yield from self._found(item))
                subjects.update(dict.fromkeys(found))
            else:
                subjects[_subject(item)] = None
        return list(subjects)

    def _meant(self, refs: Sequence[Ref]) -> Flow[list[Subject]]:
        """What these references mean. They may be a hundred thousand posts."""
        referred = yield from self._referred()
        subjects: dict[Subject, None] = dict.fromkeys(refs)
        if subjects.keys().isdisjoint(referred):
            return list(subjects)
        return list(dict.fromkeys(referred.get(ref, ref) for ref in refs))

    def _referred(self) -> Flow[dict[Ref, Profile]]:
        """The profiles that references may mean."""
        if not self.adapter.declared("profiles").supported:
            return {}
        known = yield from self._known()
        return {profile.ref: profile for profile in known}


def checked_window(window: object) -> Window:
    """The window, if it is one."""
    if not isinstance(window, Window):
        raise InvalidQuery(
            f"window={window!r} is no Window; write Window.days('2026-03-02', "
            "'2026-03-08') or Window(start, end)"
        )
    return window


def one(part: Part[T]) -> Plan[T]:
    """The plan that is this part alone, wherever it was made."""
    if not _is(part, Part):
        raise InvalidQuery(f"{part!r} is no part of a plan; give one of plan.parts")
    return Plan(parts=(part,))


def flow(given: F) -> F:
    """The flow, if it is one. A method that was not called is a common slip."""
    if not _is(given, Generator):
        raise InvalidQuery(
            f"{given!r} is no flow; call a method of client.adapter to get one"
        )
    return given


def _is(value: object, kind: type) -> bool:
    return isinstance(value, kind)


def _topic(topic: object) -> Topic:
    if not isinstance(topic, Topic):
        raise InvalidQuery(f"{topic!r} is no Topic; give one of client.topics()")
    return topic


def _conditions(where: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(where, Mapping):
        raise InvalidQuery(f"where={where!r} does not map a filter to its values")
    given: Mapping[str, Sequence[str]] = where  # pyright: ignore[reportUnknownVariableType]  # names() looks
    names("where", tuple(given))
    return {key: names(key, values) for key, values in given.items()}


def names(what: str, given: Sequence[str]) -> tuple[str, ...]:
    """Distinct names in the order given. A single string is a common slip: refused."""
    if isinstance(given, str):
        raise InvalidQuery(f"{what}={given!r} is one string; give a list: [{given!r}]")
    found = _listed(what, given)
    for name in found:
        if not _is_name(name):
            raise InvalidQuery(f"{what} holds {name!r}, which is no name")
    return tuple(dict.fromkeys(found))


def _listed(what: str, given: Iterable[T]) -> tuple[T, ...]:
    try:
        return tuple(given)
    except TypeError as err:
        raise InvalidQuery(f"{what}={given!r} is not a list") from err


def _is_name(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _subject(item: object) -> Post | Topic | Profile:
    if not isinstance(item, Post | Topic | Profile):
        raise InvalidQuery(
            f"{item!r} is nothing that has figures; give a Profile, a Post, a Topic, a "
            "Ref or a str"
        )
    return item


def _checked(item: object) -> None:
    if not isinstance(item, Profile | Ref | str):
        raise InvalidQuery(f"{item!r} is no profile; give a Profile, a Ref or a str")
