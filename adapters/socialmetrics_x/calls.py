"""The API in its own words: any grouping, over any number of posts and any window.

One owner a call. Requests are cut as everywhere, and their answers put together: sums
without posts or days are added up over the pieces.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import ceil, prod
from typing import Any, Final

import attrs

from socialmetrics.errors import InvalidQuery, PermissionDenied, Refused, Rejected
from socialmetrics.model import Issue
from socialmetrics.window import ONE_DAY, Window
from socialmetrics.wire import Flow, Request
from socialmetrics_x.answered import answered
from socialmetrics_x.complaints import UNAVAILABLE, Complaints
from socialmetrics_x.entries import ENDPOINTS, RENAMED, Endpoint, names
from socialmetrics_x.entries import asked as asked_of
from socialmetrics_x.grouped import FOREIGN, Grouped, Merge
from socialmetrics_x.groupings import DAY, HOUR, METRIC, POST, Groupings, checked
from socialmetrics_x.ids import refs
from socialmetrics_x.known import Known
from socialmetrics_x.problems import complaints_of
from socialmetrics_x.requests import MOST, engagement
from socialmetrics_x.windows import EARLIEST, pieces

Root = dict[str, Any]
SILENT: Final = "not_collected"
"""The key in `Grouped.listed` of posts that no answer says anything of."""
FIGURES: Final = 450_000
"""How many figures are asked for at once: larger answers are not read."""
_BY_NAME: Final[dict[str, Endpoint]] = {each: each for each in ENDPOINTS}


@attrs.frozen(kw_only=True)
class Question:
    """What is asked, in the API's words; `owner` None asks for the app itself."""

    endpoint: Endpoint
    ids: tuple[str, ...]
    names: tuple[str, ...]
    groupings: Mapping[str, tuple[str, ...]]
    owner: str | None
    window: Window | None = None


def question(
    endpoint: str,
    posts: Sequence[str],
    metrics: Sequence[str],
    groupings: Groupings,
    *,
    owner: str | None,
    owners: Sequence[str],
    window: Window | None,
) -> Question:
    """The question, if the API takes it. Raises `InvalidQuery` with the rule.

    `owner` None: whoever of the `owners` it must be, or the app itself.
    """
    found: Endpoint | None = _BY_NAME.get(endpoint)
    if found is None:
        raise InvalidQuery(f"{endpoint!r} is none of {', '.join(ENDPOINTS)}")
    if isinstance(posts, str) or isinstance(metrics, str):
        raise InvalidQuery("posts and metrics are lists; a single one is ['...']")
    if window is not None and found != "historical":
        raise InvalidQuery(f"{found} has no window; only historical has")
    if found == "historical" and (window is None or window.end <= EARLIEST):
        raise InvalidQuery(f"historical needs a window after {EARLIEST:%Y-%m-%d}")
    own = _names(found, metrics)
    return Question(
        endpoint=found,
        ids=tuple(ref.native_id for ref in refs(posts)),
        names=own,
        groupings=checked(groupings, has_time=found != "totals"),
        owner=_asker(found, own, owners) if owner is None else _one(owner, owners),
        window=window,
    )


def _names(endpoint: Endpoint, metrics: Sequence[str]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(RENAMED.get(each, each) for each in metrics))
    wrong = [each for each in found if each not in names(endpoint)]
    if wrong or not found:
        raise InvalidQuery(
            f"{endpoint} has no metric {wrong[0]!r}; it has "
            f"{', '.join(names(endpoint))}"
            if wrong
            else "metrics is empty"
        )
    return found


def _one(owner: str, owners: Sequence[str]) -> str:
    if owner not in owners:
        raise InvalidQuery(f"owner={owner!r} is none of {', '.join(owners) or 'none'}")
    return owner


def _asker(
    endpoint: Endpoint, metrics: Sequence[str], owners: Sequence[str]
) -> str | None:
    """Whose token is used where nobody says: the only owner's, or the app's own.

    Raises `InvalidQuery` where there are several, or none.
    """
    found = (entry for name in metrics for entry in asked_of(endpoint, name))
    if not any(entry.needs_owner for entry in found):
        return None
    if len(owners) == 1:
        return owners[0]
    raise InvalidQuery(
        f"name the owner of the posts: owner= one of {', '.join(owners)}"
        if owners
        else "this needs the token of the posts' owner: connect with owners=[...]"
    )


def grouped(asked: Question, known: Known) -> Flow[Grouped]:
    """The answers of all pieces as one; what is not in it is in its `listed`."""
    merge = Merge(asked.groupings, is_total=asked.endpoint == "totals")
    for span in _spans(asked.window):
        piece = attrs.evolve(asked, window=span)
        most = _most(piece)
        for start in range(0, len(asked.ids), most):
            ids = asked.ids[start : start + most]
            yield from _piece(attrs.evolve(piece, ids=ids), merge, known)
    return _told(asked, merge)


def _spans(window: Window | None) -> list[Window | None]:
    # The vendor decides where the future begins: nobody here knows the time.
    return [None] if window is None else [*pieces(window, window.end)]


def _most(piece: Question) -> int:
    """Posts in a request: as many as may be, and no more figures than are read."""
    days = 2 if piece.window is None else ceil(piece.window.duration / ONE_DAY) + 1
    sizes = {METRIC: len(piece.names), DAY: days, HOUR: 24}
    figures = 0
    for levels in piece.groupings.values():
        # An hour without a day came with days all the same.
        extra = days if HOUR in levels and DAY not in levels else 1
        figures += extra * prod(sizes.get(level, 1) for level in levels)
    return max(1, min(MOST[piece.endpoint], FIGURES // figures))


def _told(asked: Question, merge: Merge) -> Grouped:
    """The result, with what no answer told of."""
    found = merge.result()
    by_post = [name for name, levels in asked.groupings.items() if POST in levels]
    if by_post:
        told = {row.post for name in by_post for row in found.rows[name]}
        told |= {each for ids in found.listed.values() for each in ids}
        silent = [each for each in asked.ids if each not in told]
        if silent:
            merge.leave_out(SILENT, silent)
            found = merge.result()
    return attrs.evolve(found, issues=(*found.issues, *_fakes(asked)))


def _fakes(asked: Question) -> Iterator[Issue]:
    if asked.window is None:
        return
    for name in asked.names:
        for entry in asked_of(asked.endpoint, name):
            last = entry.reading.valid_to
            if entry.unrecorded and last and asked.window.first_day <= last:
                problem = f"not recorded until {last}: zeros of that time say nothing"
                yield Issue(path=name, problem=problem)


def _piece(asked: Question, merge: Merge, known: Known) -> Flow[None]:
    """One request; posts that it must not hold are left out, and it is asked again."""
    foreign = {i for i in asked.ids if asked.owner and known.is_strange(asked.owner, i)}
    if foreign:
        merge.leave_out(FOREIGN, foreign)
    ids = tuple(each for each in asked.ids if each not in foreign)
    if not ids:
        return
    asked = attrs.evolve(asked, ids=ids)

    def silence(root: Root) -> Complaints | None:
        has_any = any(name in root for name in asked.groupings)
        return None if has_any else complaints_of(root)

    try:
        answer = yield from answered(_request(asked), Root, silence)
    except (PermissionDenied, Rejected) as err:
        yield from _without(asked, merge, known, err)
        return
    if asked.owner is not None:
        known.asked(asked.owner, answer.response.at)
    merge.add(answer.payload)


def _without(asked: Question, merge: Merge, known: Known, err: Refused) -> Flow[None]:
    told = err.told if isinstance(err.told, Complaints) else Complaints()
    foreign = told.foreign_ids
    reasons = {FOREIGN: foreign, UNAVAILABLE: told.ids(UNAVAILABLE)}
    gone = next((r for r, ids in reasons.items() if not ids.isdisjoint(asked.ids)), "")
    if gone:
        merge.leave_out(gone, reasons[gone].intersection(asked.ids))
        if asked.owner is not None:
            known.strange(asked.owner, told.foreign)
        rest = tuple(each for each in asked.ids if each not in reasons[gone])
        yield from _piece(attrs.evolve(asked, ids=rest), merge, known)
    elif foreign or not (told.is_foreign or told.is_unavailable):
        raise err
    elif len(asked.ids) == 1:
        merge.leave_out(FOREIGN if told.is_foreign else UNAVAILABLE, asked.ids)
    else:
        middle = len(asked.ids) // 2
        first, second = asked.ids[:middle], asked.ids[middle:]
        yield from _piece(attrs.evolve(asked, ids=first), merge, known)
        yield from _piece(attrs.evolve(asked, ids=second), merge, known)


def _request(asked: Question) -> Request:
    return engagement(
        asked.endpoint,
        asked.ids,
        asked.names,
        groupings=asked.groupings,
        owner=asked.owner,
        window=asked.window,
    )
