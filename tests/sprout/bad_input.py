"""Bad input of the library, and what is said about it: one table for tests and docs.

`example` is code in which `client` is a Sprout client, `acme` one of its profiles,
`post` one of its posts, `topic` one of its topics, and `week` a window.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs


@attrs.frozen
class BadInput:
    """One kind of mistake: what it is, an example, the error and words of its text."""

    what: str
    example: str
    error: str
    words: str


TABLE: Final = tuple(
    BadInput(*row)
    for row in (
        # -- connecting
        (
            "an adapter that is not installed",
            'sm.connect("sprut", token="t")',
            "InvalidQuery",
            "no adapter is called 'sprut'; installed: hootsuite, ",
        ),
        (
            "no credentials",
            'sm.connect("sprout")',
            "MissingCredential",
            "sprout needs token, or client_id and client_secret",
        ),
        (
            "half of an OAuth client",
            'sm.connect("sprout", client_id="c")',
            "MissingCredential",
            "client_id and client_secret",
        ),
        (
            "two kinds of credentials",
            'sm.connect("sprout", token="t", client_id="c", client_secret="s")',
            "InvalidQuery",
            "not both",
        ),
        (
            "a token with a line break",
            'sm.connect("sprout", token="t\\n")',
            "InvalidQuery",
            "check how it was copied",
        ),
        (
            "a misspelled setting",
            'sm.connect("sprout", tokn="t")',
            "InvalidQuery",
            "did you mean 'token'?",
        ),
        (
            "an id as a float",
            'sm.connect("sprout", token="t", customer_id=687751.0)',
            "InvalidQuery",
            "customer_id must be text, not float",
        ),
        (
            "an empty id",
            'sm.connect("sprout", token="t", customer_id=" ")',
            "InvalidQuery",
            "customer_id=' ' is no id",
        ),
        (
            "an address without protection",
            'sm.connect("sprout", token="t", base_url="http://api.example")',
            "InvalidQuery",
            "would send credentials unprotected",
        ),
        (
            "a timeout of nothing",
            'sm.connect("sprout", token="t", timeout=0)',
            "InvalidQuery",
            "timeout=0 (option) must be a number above 0",
        ),
        # -- windows and references
        (
            "a time without a zone",
            "sm.Window(datetime(2026, 3, 2), datetime(2026, 3, 3))",
            "InvalidQuery",
            "without a time zone",
        ),
        (
            "a window that runs backwards",
            'sm.Window.days("2026-03-08", "2026-03-02")',
            "InvalidQuery",
            "days run forward",
        ),
        (
            "a day that does not exist",
            'sm.Window.days("2026-02-30", "2026-03-02")',
            "InvalidQuery",
            "first='2026-02-30' is not a day",
        ),
        (
            "a zone that nobody knows",
            'sm.Window.days("2026-03-02", "2026-03-08", tz="Berlin")',
            "InvalidQuery",
            "tz='Berlin' is not an IANA zone",
        ),
        (
            "a number as an id",
            'sm.Ref("x", 1067094924124872705)',
            "InvalidQuery",
            "ids are strings even where they look like numbers",
        ),
        ("an empty id of a network", 'sm.Ref("x", "")', "InvalidQuery", "is empty"),
        # -- whose posts, messages and figures
        (
            "text instead of a window",
            'client.posts([acme], "2026-03-02")',
            "InvalidQuery",
            "is no Window; write Window.days(",
        ),
        (
            "what is no profile",
            "client.posts([42], week)",
            "InvalidQuery",
            "42 is no profile",
        ),
        (
            "one text instead of a list",
            'client.posts([acme], week, metrics="likes")',
            "InvalidQuery",
            "metrics='likes' is one string; give a list: ['likes']",
        ),
        (
            "an empty name",
            'client.posts([acme], week, metrics=[""])',
            "InvalidQuery",
            "metrics holds '', which is no name",
        ),
        (
            "a metric that nobody has",
            'client.posts([acme], week, metrics=["impresions"])',
            "InvalidQuery",
            "did you mean",
        ),
        (
            "no metric",
            "client.metrics([acme], [], week)",
            "InvalidQuery",
            "metrics is empty; name at least one",
        ),
        (
            "a step that does not exist",
            'client.metrics([acme], ["impressions"], week, by="month")',
            "InvalidQuery",
            "by='month' is none of hour, day, total",
        ),
        (
            "figures of profiles without a window",
            'client.metrics([acme], ["impressions"])',
            "InvalidQuery",
            "figures of profiles need a window",
        ),
        (
            "a window that cuts a day",
            'client.metrics([acme], ["impressions"], half)',
            "InvalidQuery",
            "Sprout counts profiles by whole days",
        ),
        (
            "a post that does not say its profile",
            'client.metrics([orphan], ["impressions"])',
            "InvalidQuery",
            "does not say its profile",
        ),
        # -- filters
        (
            "a filter that the inbox does not have",
            'client.messages([acme], week, where={"sentiment": ["positive"]})',
            "InvalidQuery",
            "Sprout's inbox has no filter 'sentiment'; it has ",
        ),
        (
            "a value that would be two",
            'client.messages([acme], week, where={"tag_id": ["1,2"]})',
            "InvalidQuery",
            "because of ','",
        ),
        (
            "ids of messages beside other filters",
            'client.messages([], week, where={"message_id": ["1"], "tag_id": ["1"]})',
            "InvalidQuery",
            "take tag_id out",
        ),
        (
            "a span of one instant",
            (
                "client.messages([acme], week, "
                'where={"action_last_update_time": ["2026-03-02"]})'
            ),
            "InvalidQuery",
            "takes two instants, from and to",
        ),
        (
            "one text as the values of a filter",
            'client.messages([acme], week, where={"tag_id": "1"})',
            "InvalidQuery",
            "is one string; give a list",
        ),
        (
            "a condition as text",
            'client.topic_messages(topic, week, where=["sentiment.eq(positive)"])',
            "InvalidQuery",
            "is no condition; write field('sentiment').eq('positive')",
        ),
        (
            "a bracket in a value",
            'field("text").eq("blue (car)")',
            "InvalidQuery",
            "because of '('",
        ),
        (
            "typographic quotes",
            'field("text").match_phrase("the \u201cblue\u201d car")',
            "InvalidQuery",
            "no way to quote it",
        ),
        ("no value", 'field("network").eq()', "InvalidQuery", "has no value"),
        (
            "two words as one",
            'field("text").match_any("blue car")',
            "InvalidQuery",
            "use match_phrase for several",
        ),
        (
            "what is no field",
            'field("text.eq(a),b")',
            "InvalidQuery",
            "is no field name",
        ),
        (
            "figures of a topic without metrics",
            "client.topic_metrics(topic, [], week)",
            "InvalidQuery",
            "metrics is empty",
        ),
        # -- publishing, media, cases
        (
            "a draft for nobody",
            'client.publish(sm.Draft(text="Hi", profiles=[], at=soon))',
            "InvalidQuery",
            "the draft names no profile",
        ),
        (
            "a draft for a name",
            'client.publish(sm.Draft(text="Hi", profiles=["@acme"], at=soon))',
            "InvalidQuery",
            "'@acme' is no Profile",
        ),
        (
            "an empty draft",
            'client.publish(sm.Draft(text="", profiles=[acme], at=soon))',
            "InvalidQuery",
            "neither text nor media",
        ),
        (
            "a draft without a time",
            'client.publish(sm.Draft(text="Hi", profiles=[acme]))',
            "InvalidQuery",
            "Sprout's drafts carry their planned time; give at=",
        ),
        (
            "profiles that share no group",
            'client.publish(sm.Draft(text="Hi", profiles=[acme, lonely], at=soon))',
            "InvalidQuery",
            "these share none: Acme (1201), Lonely ()",
        ),
        (
            "a file of another type",
            'client.run(client.adapter.upload(b"x", "a.zip", "application/zip"))',
            "InvalidQuery",
            "no type that Sprout takes",
        ),
        (
            "an empty file",
            'client.run(client.adapter.upload(b"", "a.png", "image/png"))',
            "InvalidQuery",
            "'a.png' is empty",
        ),
        (
            "a path instead of an address",
            'client.run(client.adapter.upload_from("/tmp/a.png", "image/png"))',
            "InvalidQuery",
            "no http(s) address",
        ),
        (
            "a date that cases do not have",
            'client.run(client.adapter.cases(week, by="closed_time"))',
            "InvalidQuery",
            "cases have no date 'closed_time', but created_time",
        ),
        (
            "no id of a case",
            "client.run(client.adapter.cases_by_id())",
            "InvalidQuery",
            "no case id is given",
        ),
        (
            "an id that would leave its place in the address",
            'client.run(client.adapter.planned(".."))',
            "InvalidQuery",
            "'..' is no id",
        ),
    )
)


def as_markdown() -> Iterator[str]:
    """The table's lines for the documentation."""
    yield "| mistake | example | what is raised |"
    yield "|---|---|---|"
    for row in TABLE:
        words = row.words.strip().replace("|", "\\|")
        example = row.example.replace("|", "\\|")
        yield f"| {row.what} | `{example}` | `{row.error}`: ...{words}... |"
