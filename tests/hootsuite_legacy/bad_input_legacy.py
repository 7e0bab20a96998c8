"""Bad input of the legacy adapter, and what is said about it: for tests and docs.

`example` is code in which `client` is a client, `acme` a profile on X, `page` one on
Facebook, `company` one on LinkedIn, `week` a window, `now` the client's now. `post`
publishes a draft with a text, `place` is a spot that a network knows, `photo` a medium,
`audience` one of LinkedIn's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tests.sprout.bad_input import BadInput

TABLE: Final = tuple(
    BadInput(*row)
    for row in (
        # -- connecting
        (
            "no token",
            "sm.connect(HootsuiteLegacy)",
            "MissingCredential",
            "hootsuite_legacy needs access_token",
        ),
        (
            "a token with a line break",
            'sm.connect(HootsuiteLegacy, access_token="t\\n")',
            "InvalidQuery",
            "check how it was copied",
        ),
        (
            "a refresh token, which this API does not know",
            'sm.connect(HootsuiteLegacy, access_token="t", refresh_token="r")',
            "InvalidQuery",
            "has no setting 'refresh_token'",
        ),
        # -- what it lacks
        (
            "figures",
            'client.metrics([acme], ["likes"], week)',
            "Unsupported",
            "has no figures",
        ),
        ("listening", "client.topics()", "Unsupported", "no listening topics"),
        # -- messages
        (
            "a stream of another name",
            'client.messages([acme], week, where={"streams": ["INBOX"]})',
            "InvalidQuery",
            "no stream is called 'INBOX'",
        ),
        (
            "one stream without its list",
            'client.messages([acme], week, where={"streams": "HOME"})',
            "InvalidQuery",
            "give a list: ['HOME']",
        ),
        (
            "a stream of the other network",
            'client.messages([acme], week, where={"streams": ["F_WALL"]})',
            "InvalidQuery",
            "none of these profiles has the streams F_WALL",
        ),
        (
            "no stream",
            'client.messages([acme], week, where={"streams": []})',
            "InvalidQuery",
            "no stream is named",
        ),
        (
            "a filter of another tool",
            'client.messages([acme], week, where={"tag_id": ["1"]})',
            "InvalidQuery",
            "no filter 'tag_id'; it has where={'streams': [...]}",
        ),
        (
            "fields",
            'client.messages([acme], week, fields=["text"])',
            "InvalidQuery",
            "takes no fields",
        ),
        (
            "a profile of another tool",
            "client.posts([foreign], week)",
            "InvalidQuery",
            "is none of Hootsuite's",
        ),
        (
            "a stream to poll that the profile lacks",
            'client.adapter.stream(page, "HOME")',
            "InvalidQuery",
            "has no stream 'HOME'; it has F_HOME_STREAM",
        ),
        (
            "a mark that is no number",
            'Seen("5")',
            "InvalidQuery",
            "position='5' is no whole number",
        ),
        # -- publishing
        (
            "nothing to say",
            'client.publish(sm.Draft(text=" ", profiles=[acme]))',
            "InvalidQuery",
            "the draft has no text",
        ),
        (
            "a time that has passed",
            "post(profiles=[acme], at=now)",
            "InvalidQuery",
            "has passed (it is",
        ),
        (
            "a time without a zone",
            'sm.Draft(text="a", profiles=[acme], at=datetime(2026, 4, 1))',
            "InvalidQuery",
            "without a time zone",
        ),
        (
            "a time as a number",
            'sm.Draft(text="a", profiles=[acme], at=1775034000000)',
            "InvalidQuery",
            "not a datetime",
        ),
        (
            "half of a place",
            "sm.Location(latitude=52.5)",
            "InvalidQuery",
            "both latitude and longitude, or neither",
        ),
        (
            "a place of a network without any",
            'post(profiles=[acme], location=place("linkedin"))',
            "InvalidQuery",
            "is of a network without places here",
        ),
        (
            "a picture",
            "post(profiles=[acme], media=[photo])",
            "InvalidQuery",
            "put a link to the picture into the text",
        ),
        (
            "tags",
            'post(profiles=[acme], tags=["b"])',
            "InvalidQuery",
            "takes no tags",
        ),
        (
            "settings of another tool",
            'post(profiles=[acme], extra={"b": 1})',
            "InvalidQuery",
            "takes no extra",
        ),
        (
            "an answer on another network",
            'post(profiles=[acme, page], reply_to=sm.Ref("x", "1"))',
            "InvalidQuery",
            "replies are for posts of X and by profiles on X; leave out Page",
        ),
        (
            "an audience on X",
            'post(profiles=[acme], privacy={"x": [{}]})',
            "InvalidQuery",
            "there are options for facebook and linkedin",
        ),
        (
            "an audience without a name",
            'post(profiles=[page], privacy={"facebook": [{"type": "A", "id": 1}]})',
            "InvalidQuery",
            "look at name",
        ),
        (
            "one audience without its list",
            'post(profiles=[company], privacy={"linkedin": audience})',
            "InvalidQuery",
            "must be a list of audiences",
        ),
        (
            "half a character",
            'client.publish(sm.Draft(text="\\ud83d", profiles=[acme]))',
            "InvalidQuery",
            "holds half a character",
        ),
    )
)


def as_markdown() -> Iterator[str]:
    """The table's lines for the documentation."""
    yield "| mistake | example | error |"
    yield "|---|---|---|"
    for row in TABLE:
        cells = (row.what, f"`{row.example}`", f"`{row.error}`: ...{row.words}...")
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
