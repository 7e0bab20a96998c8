"""Publishing and its aftermath at the simulated service, over HTTP, by both clients."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from traceback import TracebackException
from typing import Any, TypeVar

import attrs
import pytest

import socialmetrics as sm
from socialmetrics.sandbox.server import serve
from socialmetrics.sandbox.world import World
from socialmetrics.secret import Secret
from socialmetrics.tokens import MemoryStore
from socialmetrics.wire import Flow
from socialmetrics_hootsuite import Hootsuite, allowance, lifecycle, media
from socialmetrics_hootsuite.sandbox import Sandbox, sandbox, secrets
from tests.conftest import Fetch

T = TypeVar("T")

WORLD = World(scale=0.1)
ADAPTER = Hootsuite.from_credentials({"access_token": Secret("nobody-asks-for-it")})
QUICK = sm.Retry(first=0.001, longest=0.01)
PICTURE = sm.File(name="a.png", content_type="image/png", content=b"\x89PNG rest")


@attrs.frozen
class Served:
    """A running service and whoever calls it."""

    box: Sandbox
    fetch: Fetch

    def profile(self, type_: str, nth: int = 0) -> sm.Profile:
        """The member's profile of that type."""
        found = self.fetch.items(lambda client: client.profiles())
        return [each for each in found if each.raw["type"] == type_][nth]

    def publish(self, draft: sm.Draft, key: str = "k") -> sm.Publication:
        return self.fetch.value(lambda client: client.publish(draft, key))

    def run(self, flow: Flow[T]) -> T:
        return self.fetch.value(lambda client: client.run(flow))

    def made(self, text: str, **change: Any) -> sm.Delivery:
        """What became of a message on X."""
        draft = sm.Draft(text=text, profiles=[self.profile("TWITTER")], **change)
        (found,) = self.publish(draft, text).deliveries
        return found

    def later(self, **by: float) -> datetime:
        return self.box.state.now() + timedelta(**by)

    def texts(self, text: str) -> list[str]:
        """The states of the messages of that text."""
        outbox = self.box.state.outbox
        return [outbox.state(each) for each in outbox.copies(text)]


@contextmanager
def served(fetch: Fetch, tmp_path: Path, **options: Any) -> Generator[Served]:
    box = sandbox(WORLD, **options)
    with serve(box.app) as running:
        yield Served(
            box,
            fetch.by(
                Hootsuite,
                base_url=running.url,
                clock=box.state.now,
                retry=QUICK,
                ledger=str(tmp_path / "ledger"),
                **box.credentials,
            ),
        )


@pytest.fixture(autouse=True)
def haste(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits that would be of seconds."""
    monkeypatch.setattr(lifecycle, "PAUSE", 0.01)
    monkeypatch.setattr(media, "PAUSE", 0.01)
    monkeypatch.setattr(allowance, "NEXT_SECOND", 0.01)


@pytest.fixture
def service(fetch: Fetch, tmp_path: Path) -> Iterator[Served]:
    with served(fetch, tmp_path) as running:
        yield running


def test_profiles_of_all_kinds_are_listed(service: Served) -> None:
    found = service.fetch.items(lambda client: client.profiles())

    types = {each.raw["type"] for each in found}
    hidden = [each for each in found if each.ref.network == "x"]
    assert {"TWITTER", "FACEBOOKPAGE", "TIKTOKBUSINESS"} <= types
    assert {each.handle for each in hidden} == {None}


def test_a_planned_draft_goes_to_all_its_profiles_in_as_many_requests(
    service: Served,
) -> None:
    page, company = service.profile("FACEBOOKPAGE"), service.profile("LINKEDINCOMPANY")
    x, also_x = service.profile("TWITTER"), service.profile("TWITTER", 1)
    board = service.profile("PINTEREST")
    at = service.later(hours=2)
    draft = sm.Draft(
        text="All at once",
        profiles=[x, page, also_x, company, board],
        at=at,
        media=[PICTURE],
        extra={"boardId": "b-1"},
        notify=True,
    )

    found = service.publish(draft)

    assert {each.state for each in found.deliveries} == {"scheduled"}
    assert {each.at for each in found.deliveries} == {at.replace(microsecond=0)}
    calls = service.box.state.requests.count(("POST", "/v1/messages"))
    assert calls == 4
    assert service.texts("All at once") == ["SCHEDULED"] * 5


def test_what_is_sent_at_once_has_its_time_at_a_later_look(service: Served) -> None:
    draft = sm.Draft(text="Now", profiles=[service.profile("TWITTER")])

    (first,) = service.publish(draft).deliveries
    (again,) = service.fetch.value(lambda client: client.publication("k")).deliveries

    assert (first.state, again.state) == ("sent", "sent")
    assert first.ref is not None
    assert again.ref == first.ref
    assert again.at is not None


def id_of(made: sm.Delivery) -> str:
    assert made.vendor_id is not None
    return made.vendor_id


FAULTS = [
    "commit_then_cut",
    "commit_then_500",
    "commit_then_502",
    "commit_then_garbled",
]


@pytest.mark.parametrize("planned", [True, False])
@pytest.mark.parametrize("fault", FAULTS)
def test_what_was_done_before_the_line_broke_is_found_and_not_done_again(
    fetch: Fetch, tmp_path: Path, fault: str, planned: bool
) -> None:
    with served(fetch, tmp_path, faults={"publish": [fault]}) as service:
        draft = sm.Draft(
            text="Only once",
            profiles=[service.profile("FACEBOOKPAGE"), service.profile("THREADS")],
            at=service.later(hours=1) if planned else None,
        )

        found = service.publish(draft)

        assert len(service.texts("Only once")) == 2
        assert {each.state for each in found.deliveries} <= {"scheduled", "sent"}
        assert all(each.vendor_id for each in found.deliveries)


@pytest.mark.parametrize("fault", ["cut", "500", "502"])
def test_what_never_arrived_is_not_taken_for_done(
    fetch: Fetch, tmp_path: Path, fault: str
) -> None:
    with served(fetch, tmp_path, faults={"publish": [fault]}) as service:
        draft = sm.Draft(text="Lost", profiles=[service.profile("TWITTER")])

        with pytest.raises(sm.OutcomeUnknown):
            service.publish(draft)

        assert service.texts("Lost") == []


@pytest.mark.parametrize("fault", ["429", "max_rate"])
def test_a_throttled_draft_is_sent_again(
    fetch: Fetch, tmp_path: Path, fault: str
) -> None:
    with served(fetch, tmp_path, faults={"publish": [fault]}) as service:
        draft = sm.Draft(text="Slowly", profiles=[service.profile("TWITTER")])

        service.publish(draft)

        assert len(service.texts("Slowly")) == 1


@pytest.mark.parametrize("status", [200, 207, 400])
def test_a_failure_in_part_is_told_and_the_rest_is_done(
    fetch: Fetch, tmp_path: Path, status: int
) -> None:
    with served(fetch, tmp_path) as plain:
        broken = plain.profile("LINKEDINCOMPANY").vendor_id
    options: dict[str, Any] = {"partial": {broken: 40005}, "partial_status": status}
    with served(fetch, tmp_path, **options) as service:
        pair = service.profile("FACEBOOKPAGE"), service.profile("LINKEDINCOMPANY")
        draft = sm.Draft(text="Half", profiles=pair, at=service.later(hours=1))

        good, bad = service.publish(draft).deliveries

        assert (good.state, bad.state) == ("scheduled", "failed")
        assert bad.reason
        assert len(service.texts("Half")) == 1


@pytest.mark.parametrize(
    ("judge", "state"),
    [
        (partial(ADAPTER.approve), "SCHEDULED"),
        (partial(ADAPTER.reject, reason="not now"), "REJECTED"),
    ],
)
def test_a_review_goes_its_way(
    fetch: Fetch, tmp_path: Path, judge: Callable[..., Flow[None]], state: str
) -> None:
    with served(fetch, tmp_path) as plain:
        page = plain.profile("FACEBOOKPAGE")
    with served(fetch, tmp_path, review=[page.vendor_id]) as service:
        draft = sm.Draft(text="May I", profiles=[page], at=service.later(hours=1))
        (made,) = service.publish(draft).deliveries
        number = id_of(made)
        step = service.run(ADAPTER.message(number)).sequence_number

        service.run(judge(number, sequence_number=step))

        assert made.state == "pending approval"
        assert service.texts("May I") == [state]
        assert service.run(ADAPTER.history(number))
        with pytest.raises(sm.Rejected):
            service.run(judge(number, sequence_number=step))


def test_a_message_can_be_taken_back_until_it_is_out(service: Served) -> None:
    made = service.made("Back", at=service.later(hours=1))

    service.run(ADAPTER.withdraw(made))
    with pytest.raises(sm.NotFound):
        service.run(ADAPTER.withdraw(made))

    assert service.texts("Back") == ["DELETED"]


def test_what_is_out_cannot_be_taken_back(service: Served) -> None:
    made = service.made("Out")

    with pytest.raises(sm.Rejected, match="state does not allow"):
        service.run(ADAPTER.withdraw(made))


@pytest.mark.parametrize("fault", ["commit_then_cut", "commit_then_500", "cut"])
def test_a_deletion_without_an_answer_is_finished(
    fetch: Fetch, tmp_path: Path, fault: str
) -> None:
    with served(fetch, tmp_path, faults={"delete": [fault]}) as service:
        made = service.made("Gone", at=service.later(hours=1))

        service.run(ADAPTER.withdraw(made))

        assert service.texts("Gone") == ["DELETED"]


def test_a_deletion_may_answer_without_json(fetch: Fetch, tmp_path: Path) -> None:
    with served(fetch, tmp_path, plain_delete=True) as service:
        made = service.made("Plain", at=service.later(hours=1))

        service.run(ADAPTER.delete(id_of(made)))

        assert service.texts("Plain") == ["DELETED"]


@pytest.mark.parametrize("truncated", [True, False])
def test_the_list_of_messages_is_whole(
    fetch: Fetch, tmp_path: Path, truncated: bool
) -> None:
    with served(fetch, tmp_path, truncated=truncated) as service:
        window = sm.Window(WORLD.now - timedelta(days=70), WORLD.now)
        stream = ADAPTER.outbound(window, state="SENT")

        found = service.fetch.value(lambda client: client.run(stream))

        outbox = service.box.state.outbox
        there = {
            each.id
            for each in outbox.all()
            if outbox.state(each) == "SENT"
            and each.at is not None
            and window.start <= each.at < window.end
        }
        assert {each.vendor_id for each in found} == there
        assert len(there) > 100


@pytest.mark.parametrize("code", [1201, 4003, 4005])
def test_a_missing_permission_is_no_bad_token(
    fetch: Fetch, tmp_path: Path, code: int
) -> None:
    with (
        served(fetch, tmp_path, denied={"publish": code}) as service,
        pytest.raises(sm.PermissionDenied),
    ):
        service.made("Mine")


def test_an_account_without_a_connection_is_noted(fetch: Fetch, tmp_path: Path) -> None:
    with served(fetch, tmp_path) as plain:
        page = plain.profile("FACEBOOKPAGE")
    with served(fetch, tmp_path, reauth=[page.vendor_id]) as service:
        draft = sm.Draft(text="Late", profiles=[service.profile("FACEBOOKPAGE")])

        found = service.publish(draft)

        assert any("connected anew" in note for note in found.notes)


def test_a_message_that_is_on_its_way_is_not_taken_for_gone(
    fetch: Fetch, tmp_path: Path
) -> None:
    with served(fetch, tmp_path, invisible_reads=1, submit_seconds=60) as service:
        made = service.made("On its way")

        hidden = service.fetch.value(lambda client: client.publication("On its way"))
        service.box.state.advance(timedelta(minutes=2))
        out = service.fetch.value(lambda client: client.publication("On its way"))

        assert (made.state, made.at) == ("submitted", None)
        assert [each.state for each in hidden.deliveries] == ["submitted"]
        assert "does not show it" in str(hidden.deliveries[0].reason)
        assert [each.state for each in out.deliveries] == ["sent"]
        assert out.deliveries[0].ref is not None


def as_user(service: Served) -> Served:
    """The same, with a login that can be renewed instead of a token alone."""
    opening = secrets(WORLD)
    names = "client_id", "client_secret", "access_token", "refresh_token"
    settings = dict(service.fetch.settings) | {name: opening[name] for name in names}
    login = service.fetch.by(Hootsuite, **settings, token_store=MemoryStore())
    return attrs.evolve(service, fetch=login)


def test_an_expired_token_is_renewed_and_the_draft_sent_once(
    fetch: Fetch, tmp_path: Path
) -> None:
    with served(fetch, tmp_path) as plain:
        service = as_user(plain)
        profile = service.profile("TWITTER")
        before = service.box.state.grants.issued
        service.box.state.grants.expire()

        service.publish(sm.Draft(text="Renewed", profiles=[profile]))

        assert service.texts("Renewed") == ["SENT"]
        assert service.box.state.grants.issued == before + 1


@pytest.mark.parametrize("code", [1201, 4003])
def test_a_missing_permission_spends_no_refresh_token(
    fetch: Fetch, tmp_path: Path, code: int
) -> None:
    with served(fetch, tmp_path, denied={"publish": code}) as plain:
        service = as_user(plain)
        before = service.box.state.grants.issued

        with pytest.raises(sm.PermissionDenied):
            service.made("Not allowed")

        assert service.box.state.grants.issued == before


def test_an_app_that_was_removed_is_not_renewed(fetch: Fetch, tmp_path: Path) -> None:
    with served(fetch, tmp_path) as plain:
        service = as_user(plain)
        service.box.state.grants.removed = True
        before = service.box.state.grants.issued

        with pytest.raises(sm.AuthRefused, match="installed anew"):
            service.profile("TWITTER")

        assert service.box.state.grants.issued == before


def test_a_wrong_token_is_refused(fetch: Fetch, tmp_path: Path) -> None:
    box = sandbox(WORLD)
    with serve(box.app) as running, pytest.raises(sm.AuthRefused):
        fetch.by(
            Hootsuite, base_url=running.url, access_token="sandbox.wrong-token"
        ).items(lambda client: client.profiles())


def test_no_key_of_an_upload_is_left_in_a_failing_run(
    fetch: Fetch, tmp_path: Path
) -> None:
    base = "https://127.0.0.1:1/store"  # Nobody listens there.
    with served(fetch, tmp_path, upload_base=base) as service:
        hasty = service.fetch.by(
            Hootsuite, **{**service.fetch.settings, "retry": sm.Retry(tries=1)}
        )

        with pytest.raises(sm.Unreachable, match=r"https://127\.0\.0\.1:1") as caught:
            hasty.value(lambda client: client.run(ADAPTER.upload(PICTURE)))

        told = "".join(
            TracebackException.from_exception(
                caught.value, capture_locals=True
            ).format()
        )
        assert "Signature=" not in told
        assert service.box.state.requests[-1] == ("POST", "/v1/media")
