"""Bad input of Hootsuite's adapter, and what becomes of it: for tests and docs.

`example` is code in which `client` is a client, `acme` a profile on X, `page` one on
Facebook, `person` a LinkedIn profile of a member, `pin` one on Pinterest, `tiktok` and
`business` (Instagram) ones that cannot be published to. `post` publishes a draft with a
text and these fields. `now` is the client's now, `week` a window, `orphan` a post that
does not say its profile, `adapter` is the client's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tests.x.bad_input_x import BadInput

_CONNECTING: Final = (
    (
        "no credentials",
        "sm.connect(Hootsuite)",
        "MissingCredential",
        "hootsuite needs client_id and client_secret",
    ),
    (
        "half of the app",
        'sm.connect(Hootsuite, client_id="c")',
        "MissingCredential",
        "needs both, client_id and client_secret",
    ),
    (
        "a refresh token without the app",
        'sm.connect(Hootsuite, refresh_token="r")',
        "MissingCredential",
        "hootsuite needs client_id and client_secret",
    ),
    (
        "two whom the app speaks for",
        (
            'sm.connect(Hootsuite, client_id="c", client_secret="s", member_id="1", '
            'organization_id="2")'
        ),
        "InvalidQuery",
        "member_id, organization_id exclude each other",
    ),
    (
        "a member and a user's token",
        (
            'sm.connect(Hootsuite, client_id="c", client_secret="s", member_id="1", '
            'access_token="t")'
        ),
        "InvalidQuery",
        "member_id, the user's tokens exclude each other",
    ),
    (
        "a token with a line break",
        'sm.connect(Hootsuite, access_token="t\\n")',
        "InvalidQuery",
        "check how it was copied",
    ),
    (
        "a store that is none",
        'sm.connect(Hootsuite, client_id="c", client_secret="s", token_store="vault")',
        "InvalidQuery",
        "token_store='vault' is neither one of keyring, file, memory nor a path",
    ),
    (
        "the setting of the old API's token",
        'sm.connect(Hootsuite, token="t")',
        "InvalidQuery",
        "has no setting 'token'",
    ),
)
_READING: Final = (
    (
        "the inbox",
        "client.messages([page], week)",
        "Unsupported",
        "shows no messages that others wrote",
    ),
    ("listening", "client.topics()", "Unsupported", "has no listening topics"),
    (
        "fields",
        'client.posts([page], week, fields=["text"])',
        "InvalidQuery",
        "has no choice of fields",
    ),
    (
        "figures of profiles without a window",
        'client.metrics([page], ["followers"])',
        "InvalidQuery",
        "figures of profiles need a window",
    ),
    (
        "a window that cuts a day",
        'client.metrics([page], ["followers"], half)',
        "InvalidQuery",
        "counts profiles by whole days",
    ),
    (
        "what cannot be a metric's name",
        'client.metrics([page], ["followers!"], week)',
        "InvalidQuery",
        "neither a canonical metric nor written like one of Hootsuite's",
    ),
    (
        "figures by the hour",
        'client.plan([page], ["followers"], week, by="hour")',
        "missing",
        "by day, not by hour",
    ),
    (
        "a metric that Hootsuite does not have",
        'client.plan([page], ["impressions"], week)',
        "missing",
        "the nearest is views",
    ),
    (
        "a network without analytics",
        'client.plan([person], ["followers"], week)',
        "missing",
        "Analytics API has no linkedin",
    ),
    (
        "figures of a post in a span of days",
        'client.plan([orphan], ["likes"], week)',
        "missing",
        "counts posts only from publication to now",
    ),
    (
        "a post that does not say its profile",
        'client.plan([orphan], ["likes"])',
        "missing",
        "does not say its profile",
    ),
    (
        "changes of a network without analytics",
        "client.run(adapter.changed_posts([person], date(2026, 3, 1)))",
        "InvalidQuery",
        "Analytics API has no linkedin",
    ),
    (
        "a state that the list does not know",
        'client.run(adapter.outbound(week, state="DELETED"))',
        "InvalidQuery",
        "state='DELETED' cannot be asked for",
    ),
)
_PUBLISHING: Final = (
    (
        "media without a text",
        'client.publish(sm.Draft(text="", profiles=[page], media=[photo]))',
        "InvalidQuery",
        "Hootsuite wants one, with media too",
    ),
    (
        "a time that is too near",
        "post(profiles=[page], at=now)",
        "InvalidQuery",
        "is less than 5 minutes ahead",
    ),
    (
        "a time that Hootsuite should choose",
        'post(profiles=[page], at="auto")',
        "InvalidQuery",
        "cannot choose the time",
    ),
    (
        "TikTok",
        "post(profiles=[page, tiktok])",
        "InvalidQuery",
        "cannot publish to TikTok; its app can",
    ),
    (
        "an Instagram business profile",
        "post(profiles=[business])",
        "InvalidQuery",
        "cannot publish to Instagram business profiles",
    ),
    (
        "an answer",
        'post(profiles=[acme], reply_to=sm.Ref("x", "1"))',
        "InvalidQuery",
        "cannot answer a post; the hootsuite_legacy adapter has it",
    ),
    (
        "a place outside of X",
        "post(profiles=[page], location=sm.Location(latitude=52.5, longitude=13.4))",
        "InvalidQuery",
        "only X takes one",
    ),
    (
        "a place by its name",
        'post(profiles=[acme], location=sm.Location(places=[sm.Ref("x", "1")]))',
        "InvalidQuery",
        "takes coordinates, not places of networks",
    ),
    (
        "tags of a member's profile",
        'post(profiles=[person], tags=["spring"])',
        "InvalidQuery",
        "belongs to a member",
    ),
    (
        "tags with Pinterest",
        'post(profiles=[pin], tags=["spring"], extra={"boardId": "1"})',
        "InvalidQuery",
        "takes none with Pinterest",
    ),
    (
        "Pinterest without a board",
        "post(profiles=[pin])",
        "InvalidQuery",
        "Pinterest needs a board",
    ),
    (
        "a field that Hootsuite does not have",
        'post(profiles=[page], extra={"mediaIds": ["1"]})',
        "InvalidQuery",
        "unknown field `mediaIds`",
    ),
    (
        "a null, which removes",
        'post(profiles=[page], extra={"targeting": None})',
        "InvalidQuery",
        "would tell Hootsuite to remove something",
    ),
    (
        "a picture from anywhere",
        'post(profiles=[page], extra={"mediaUrls": ["https://a.example/b.png"]})',
        "InvalidQuery",
        "give the file itself as media",
    ),
    (
        "a webhook that Hootsuite cannot call",
        'post(profiles=[page], extra={"webhookUrls": ["https://a.example:99/"]})',
        "InvalidQuery",
        "is no public address that Hootsuite calls",
    ),
    (
        "cities without a country",
        (
            "post(profiles=[page], extra={'targeting': {'facebookPage': "
            "{'cities': [{'k': '1', 'v': 'Berlin'}]}}})"
        ),
        "InvalidQuery",
        "need exactly one country",
    ),
    (
        "an audience that there is not",
        'post(profiles=[person], privacy={"linkedin": "friends"})',
        "InvalidQuery",
        "linkedin anyone or connectionsOnly",
    ),
    (
        "a file of another type",
        (
            'post(profiles=[page], media=[sm.File(name="a.webp", '
            'content_type="image/webp", content=b"1")])'
        ),
        "InvalidQuery",
        "'a.webp' is 'image/webp'; Hootsuite takes",
    ),
    (
        "a profile twice",
        "post(profiles=[page, page])",
        "InvalidQuery",
        "twice",
    ),
    (
        "a step of a review that is none",
        'client.run(adapter.approve("1", True))',
        "InvalidQuery",
        "take the message's sequence_number",
    ),
    (
        "a refusal without a reason",
        'client.run(adapter.reject("1", 1, " "))',
        "InvalidQuery",
        "reason is empty",
    ),
    (
        "a webhook of somebody else",
        'webhooks.parse(b"[]", {"X-Hootsuite-Signature": "00"}, secret="s")',
        "AuthRefused",
        "is wrong: it is not from Hootsuite",
    ),
)

TABLE: Final = tuple(BadInput(*row) for row in (*_CONNECTING, *_READING, *_PUBLISHING))


def as_markdown() -> Iterator[str]:
    """The table's lines for the documentation."""
    yield "| mistake | example | what becomes of it |"
    yield "|---|---|---|"
    for row in TABLE:
        cells = (row.what, f"`{row.example}`", row.told)
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
