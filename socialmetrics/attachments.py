"""The files of a draft: read when it is published, and looked at before anything is."""

from __future__ import annotations

import stat
from datetime import datetime
from mimetypes import guess_type
from pathlib import Path

import attrs

from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Attachment, Draft, File, Media


class Gone(InvalidQuery):
    """A file of the draft is not there any more."""


def loaded(draft: Draft, largest: int) -> Draft:
    """The draft with its paths read, and no file above so many bytes.

    Raises `InvalidQuery` for a file that is not there, cannot be read, is empty, is too
    large, or whose name does not tell its type.
    """
    if not draft.media:
        return draft
    media = tuple(_loaded(each, largest) for each in draft.media)
    return attrs.evolve(draft, media=media)


def check_alive(draft: Draft, now: datetime) -> None:
    """Raises `InvalidQuery` for media that the tool has forgotten by now."""
    for each in draft.media:
        if isinstance(each, Media) and each.expires_at and each.expires_at <= now:
            raise InvalidQuery(
                f"media {each.vendor_id!r} expired at {each.expires_at:%Y-%m-%d %H:%M} "
                "UTC; give the file again"
            )


def emptied(draft: Draft) -> Draft:
    """The draft without the contents of its files, and without `extra`.

    What the tool calls extra may hold addresses with passwords or tokens.
    """
    media = tuple(
        attrs.evolve(each, content=b"") if isinstance(each, File) else each
        for each in draft.media
    )
    return attrs.evolve(draft, media=media, extra={})


def _loaded(each: Attachment, largest: int) -> Media | File:
    if isinstance(each, Media):
        return each
    if isinstance(each, Path):
        return _read(each, largest)
    _check_kinds(each)
    _check_size(f"the file {each.name!r}", len(each.content), largest)
    return each


def _read(path: Path, largest: int) -> File:
    kind, packed = guess_type(path.name)
    if kind is None or packed is not None:
        raise InvalidQuery(
            f"the name of {str(path)!r} does not tell its type; give File(name=..., "
            "content_type=..., content=...)"
        )
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise InvalidQuery(f"{str(path)!r} is no file")
        _check_size(repr(str(path)), about.st_size, largest)
        content = path.read_bytes()
    except FileNotFoundError as err:
        raise Gone(f"there is no file {str(path)!r}") from err
    except (OSError, ValueError) as err:
        raise InvalidQuery(f"{str(path)!r} cannot be read: {err}") from err
    return File(name=path.name, content_type=kind, content=content)


def _check_kinds(file: File) -> None:
    for name, kind in (("name", str), ("content_type", str), ("content", bytes)):
        value: object = getattr(file, name)
        if not isinstance(value, kind):
            raise InvalidQuery(
                f"a file's {name} is of type {type(value).__name__}; give "
                f"{kind.__name__}"
            )


def _check_size(what: str, size: int, largest: int) -> None:
    if not size:
        raise InvalidQuery(f"{what} is empty")
    if size > largest:
        raise InvalidQuery(
            f"{what} has {size:,} bytes; the most that is taken are {largest:,}"
        )
