"""Whatever happens in whatever order: never twice, and nothing lost sight of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
)

from socialmetrics.errors import InvalidQuery, OutcomeUnknown, Rejected
from socialmetrics.model import Draft, Publication
from tests.core.press import FIRST, SECOND, THIRD, Desk, draft, look, publish
from tests.core.press_api import Fault, PressApi

KEYS = st.sampled_from(["one", "two"])
FAULTS = st.lists(
    st.sampled_from(
        [
            "ok",
            "cut after",
            "cut before",
            "500 after",
            "refused",
            "partial",
            "unreadable",
        ]
    ),
    max_size=2,
)
GIVEN_UP = frozenset({"not sent", "failed", "unknown"})


def whole(key: str) -> Draft:
    return draft(f"text of {key}", FIRST, SECOND, THIRD)


class Killed(BaseException):
    """The process ends here."""


class Publishing(RuleBasedStateMachine):
    """Two keys, one ledger, and a vendor where anything goes wrong."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.path = Path(self.folder.name) / "ledger.db"
        self.api = PressApi()
        self.results: dict[str, Publication] = {}
        self.desk = Desk(self.api, self.path)

    @initialize(hidden=st.sampled_from([0, 0, 2, 8, 30]))
    def begin(self, hidden: int) -> None:
        self.api.hidden = hidden

    def teardown(self) -> None:
        self.desk.ledger.close()
        self.folder.cleanup()

    def publish(self, key: str, **options: Any) -> Publication | None:
        """The receipt; None where there is none. All profiles are always told of."""
        self.results.pop(key, None)
        try:
            found = publish(self.desk, whole(key), key, **options)
        except OutcomeUnknown as err:
            self.check_whole(err.publication)
            return None
        except Rejected:
            return None
        self.check_whole(found)
        assert not {each.state for each in found.deliveries} & {"unknown", "not sent"}
        self.results[key] = found
        return found

    def check_whole(self, found: Publication | None) -> None:
        assert found is not None
        assert {each.profile for each in found.deliveries} == {FIRST, SECOND, THIRD}

    def there(self) -> Counter[tuple[str, str]]:
        """How many messages the vendor has, by text and profile."""
        return Counter((each.text, each.profile) for each in self.api.messages)

    @contextmanager
    def at_most_one_more(
        self, key: str, states: frozenset[str], faults: Iterable[Fault] = ()
    ) -> Generator[None, None, None]:
        """And only where nothing but these states is known of the profile."""
        entry, before = self.desk.ledger.find("toy", key), self.there()
        wanted = {"p1", "p2", "p3"} if entry is None else entry.having(states)
        self.api.faults.extend(faults)
        yield
        self.api.faults.clear()
        more = self.there() - before
        assert more.keys() <= {(f"text of {key}", profile) for profile in wanted}
        assert set(more.values()) <= {1}

    # -- what may happen -----------------------------------------------------------

    @rule(key=KEYS, faults=FAULTS)
    def it_is_published(self, key: str, faults: list[Fault]) -> None:
        before, sent = self.results.get(key), self.api.sent

        with self.at_most_one_more(key, frozenset({"not sent"}), faults):
            found = self.publish(key)

        if before is not None:
            assert found is not None
            assert (found.deliveries, found.notes) == (before.deliveries, before.notes)
            assert self.api.sent == sent

    @rule(key=KEYS, faults=FAULTS)
    def what_failed_is_sent_again(self, key: str, faults: list[Fault]) -> None:
        with self.at_most_one_more(key, frozenset({"not sent", "failed"}), faults):
            self.publish(key, again="failed")

    @rule(key=KEYS, faults=FAULTS)
    def the_unknown_is_sent_again(self, key: str, faults: list[Fault]) -> None:
        with self.at_most_one_more(key, GIVEN_UP, faults):
            self.publish(key, again="unknown")

    @rule(key=KEYS, arrives=st.booleans(), at=st.integers(1, 2))
    def the_process_is_killed(self, key: str, arrives: bool, at: int) -> None:
        """While its request of that number is under way."""
        good, sent = self.desk.port.handler, self.api.sent

        def killed(*given: Any) -> Any:
            is_last = given[0].operation == "publish" and self.api.sent + 1 == sent + at
            if is_last and not arrives:
                raise Killed
            answer = good(*given)
            if is_last:
                raise Killed
            return answer

        self.desk.port.handler = killed
        with self.at_most_one_more(key, frozenset({"not sent"})), suppress(Killed):
            self.publish(key)
        self.it_is_opened_anew()

    @rule()
    def it_is_opened_anew(self) -> None:
        self.desk.ledger.close()
        self.desk = Desk(self.api, self.path)

    @rule(key=KEYS)
    def another_draft_is_refused(self, key: str) -> None:
        if self.desk.ledger.find("toy", key) is None:
            return
        calls = len(self.api.calls)
        with pytest.raises(InvalidQuery, match="different: text, profiles"):
            publish(self.desk, draft("another", FIRST), key)
        assert len(self.api.calls) == calls

    @rule(key=KEYS)
    def somebody_looks(self, key: str) -> None:
        if self.desk.ledger.find("toy", key) is None:
            return
        sent = self.api.sent

        found = look(self.desk, key)

        self.check_whole(found)
        self.results.pop(key, None)
        assert self.api.sent == sent

    # -- what holds at any time ----------------------------------------------------

    @invariant()
    def a_settled_publication_misses_nothing(self) -> None:
        for entry in self.desk.ledger.entries():
            if entry.sendings:
                continue
            told = {each.vendor_id for each in entry.deliveries}
            there = {
                m.id for m in self.api.messages if m.text == f"text of {entry.key}"
            }
            assert there <= told

    @invariant()
    def the_ledger_invents_nothing(self) -> None:
        ids = {each.id for each in self.api.messages}
        for entry in self.desk.ledger.entries():
            told = {each.vendor_id for each in entry.deliveries if each.vendor_id}
            assert told <= ids


TestPublishing = Publishing.TestCase
TestPublishing.settings = settings(stateful_step_count=20)
