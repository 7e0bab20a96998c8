"""What cannot be published is refused before anything is sent."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest

from socialmetrics.errors import (
    InvalidQuery,
    OutcomeUnknown,
)
from socialmetrics.model import (
    Consignment,
    File,
    Media,
)
from socialmetrics.wire import Flow
from tests.core.press import (
    FIRST,
    FULL,
    PHOTO,
    SECOND,
    THIRD,
    Desk,
    Open,
    Press,
    draft,
    faulty,
    look,
    publish,
)
from tests.core.press_api import PressApi
from tests.core.toy import NOW

WRONG: Any = "@acme"


# -- what cannot be published ------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("hello", "'hello' is no Draft"),
        (attrs.evolve(draft(), profiles=()), "names no profile"),
        (attrs.evolve(draft(), profiles=[WRONG]), "'@acme' is no Profile"),
        (draft(""), "neither text nor media"),
        (draft("a", FIRST, FIRST), "names x:handle1 twice"),
        (draft("a", extra={"b": object()}), "draft's extra cannot be written down"),
        (draft("a", extra={"b": float("nan")}), "draft's extra cannot be written down"),
        (draft("\ud800"), "draft's text cannot be written down"),
        (
            draft(media=[Media(vendor_id="m", kind="photo", expires_at=NOW)]),
            "media 'm' expired at 2026-03-10 12:00 UTC",
        ),
    ],
)
def test_a_draft_that_nobody_can_publish_is_refused(
    desk: Open, what: object, words: str
) -> None:
    ours = desk(PressApi())

    with pytest.raises(InvalidQuery, match=words):
        publish(ours, what)

    assert ours.port.sent == []


@pytest.mark.parametrize("key", ["", " ", "a\nb", "x" * 201, 5, "\ud800"])
def test_a_key_is_printable_text(desk: Open, key: Any) -> None:
    ours = desk(PressApi())

    with pytest.raises(InvalidQuery, match="key="):
        publish(ours, key=key)
    with pytest.raises(InvalidQuery, match="key="):
        look(ours, key=key)


@pytest.mark.parametrize(
    ("options", "key"),
    [
        ({"again": "failed"}, None),
        ({"again": "always"}, "spring"),
        ({"again": []}, "a"),
    ],
)
def test_again_is_for_keys(desk: Open, options: Any, key: str | None) -> None:
    with pytest.raises(InvalidQuery, match="again="):
        publish(desk(PressApi()), key=key, **options)


# -- files -------------------------------------------------------------------------


def test_files_are_read_and_uploaded_when_it_is_published(
    desk: Open, tmp_path: Path
) -> None:
    ours = desk(PressApi())
    photo = tmp_path / "photo.png"
    photo.write_bytes(b"png")
    seen = Media(vendor_id="m9", kind="photo", expires_at=NOW + timedelta(hours=1))
    inside = File(name="b.gif", content_type="image/gif", content=b"gif")

    publish(ours, draft(media=[str(photo), seen, inside]))

    assert ours.api.uploads == ["photo.png", "b.gif"]
    assert ours.api.bodies[0]["media"] == ["m1", "m9", "m2"]
    assert ours.api.calls == ["POST media", "POST media", "POST messages"]


def test_the_ledger_keeps_no_contents_of_files(desk: Open) -> None:
    class Direct(Press):
        def prepare(self, consignment: Consignment) -> Flow[Consignment]:
            yield from ()
            return consignment

    ours = desk(faulty("cut before"), adapter=Direct())
    with pytest.raises(OutcomeUnknown) as caught:
        publish(ours, FULL)

    assert caught.value.consignment is not None
    (kept,) = caught.value.consignment.draft.media
    assert kept == attrs.evolve(PHOTO, content=b"")


@pytest.mark.parametrize(
    ("name", "size", "words"),
    [
        ("none.png", None, "there is no file"),
        ("folder.png", None, "is no file"),
        ("a.png", 0, "is empty"),
        ("a.png", 1001, "has 1,001 bytes; the most that is taken are 1,000"),
        ("a.what", 1, "does not tell its type"),
        ("a.png.gz", 1, "does not tell its type"),
        ("b" * 300 + ".png", None, "cannot be read"),
        ("a\0.png", None, "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_used_is_told(
    desk: Open, tmp_path: Path, name: str, size: int | None, words: str
) -> None:
    (tmp_path / "folder.png").mkdir()
    if size is not None:
        (tmp_path / name).write_bytes(b"x" * size)
    ours = desk(PressApi())

    with pytest.raises(InvalidQuery, match=words):
        publish(ours, draft(media=[tmp_path / name]))

    assert ours.port.sent == []


@pytest.mark.parametrize(("size", "words"), [(0, "is empty"), (1001, "1,001 bytes")])
def test_what_is_given_as_a_file_is_looked_at_too(
    desk: Open, size: int, words: str
) -> None:
    file = File(name="a.png", content_type="image/png", content=b"x" * size)

    with pytest.raises(InvalidQuery, match=f"the file 'a.png' .*{words}"):
        publish(desk(PressApi()), draft(media=[file]))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"content": "x"}, "a file's content is of type str; give bytes"),
        ({"name": 5}, "a file's name is of type int; give str"),
        ({"content_type": None}, "content_type is of type NoneType; give str"),
    ],
)
def test_a_file_is_made_of_names_and_bytes(desk: Open, change: Any, words: str) -> None:
    with pytest.raises(InvalidQuery, match=words):
        publish(desk(PressApi()), draft(media=[attrs.evolve(PHOTO, **change)]))


def test_files_that_are_gone_do_not_matter_to_what_was_published(
    desk: Open, tmp_path: Path
) -> None:
    ours = desk(PressApi())
    photo, other = tmp_path / "photo.png", tmp_path / "other.png"
    photo.write_bytes(b"png")
    first = publish(ours, draft(media=[photo]))
    photo.unlink()

    assert publish(ours, draft(media=[photo])) == first
    with pytest.raises(InvalidQuery, match="different: file names"):
        publish(ours, draft(media=[other]))
    with pytest.raises(InvalidQuery, match="different: text"):
        publish(ours, draft("other", media=[photo]))
    for key in ("autumn", None):
        with pytest.raises(InvalidQuery, match="there is no file"):
            publish(ours, draft(media=[photo]), key)
    photo.write_bytes(b"another")
    with pytest.raises(InvalidQuery, match="different: media"):
        publish(ours, draft(media=[photo]))
    assert ours.api.sent == 1


def test_files_that_are_gone_matter_where_something_is_to_be_sent(
    desk: Open, tmp_path: Path
) -> None:
    ours = desk(faulty("partial"))
    photo = tmp_path / "photo.png"
    photo.write_bytes(b"png")
    whole = draft("hello", FIRST, SECOND, media=[photo])
    publish(ours, whole)
    photo.rename(tmp_path / "moved.png")

    with pytest.raises(InvalidQuery, match="there is no file"):
        publish(ours, whole, again="failed")

    assert ours.api.sent == 1


def test_the_ledger_keeps_nothing_of_the_tool_s_own_fields(desk: Open) -> None:
    ours = desk(faulty("cut before"))
    secret = {"hooks": ["https://me:hunter2@example.org/?token=hunter3"]}
    with pytest.raises(OutcomeUnknown):
        publish(ours, draft(extra=secret))
    ours.ledger.close()

    kept = b"".join(
        each.read_bytes() for each in ours.path.parent.iterdir() if each.is_file()
    )
    assert b"hello" in kept
    assert b"hunter" not in kept
    with pytest.raises(InvalidQuery, match="different: extra"):
        publish(ours, draft(extra={}))


def test_a_dry_run_shows_what_would_be_sent(tmp_path: Path) -> None:
    ours = Desk(PressApi(), tmp_path / "ledger.db")

    found = ours.publisher.consignments(draft("hello", FIRST, THIRD))

    assert [each.notes for each in found] == [("by x",), ("by facebook",)]
    assert ours.port.sent == []
