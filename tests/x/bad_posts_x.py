"""Mistakes in connecting, and in saying which posts."""

from __future__ import annotations

from typing import Final

Row = tuple[str, ...]

CONNECTING: Final[tuple[Row, ...]] = (
    (
        "no credentials",
        'sm.connect("x")',
        "MissingCredential",
        "for public totals alone a bearer_token is enough",
    ),
    (
        "half of the app's keys",
        'sm.connect("x", consumer_key="k")',
        "MissingCredential",
        "x needs consumer_key and consumer_secret",
    ),
    (
        "owners without the app's keys",
        'sm.connect("x", bearer_token="b", owners="1-t:s")',
        "MissingCredential",
        "the app's signature is made of them",
    ),
    (
        "a signature without the app's keys",
        'sm.connect("x", bearer_token="b", app_auth="oauth1")',
        "MissingCredential",
        "app_auth='oauth1' need consumer_key and consumer_secret",
    ),
    (
        "a way to log in that X does not have",
        'sm.connect("x", consumer_key="k", consumer_secret="s", app_auth="oauth2")',
        "InvalidQuery",
        "app_auth='oauth2' must be 'bearer' or 'oauth1'",
    ),
    (
        "a token without its secret",
        'sm.connect("x", consumer_key="k", consumer_secret="s", owners="1-t")',
        "InvalidQuery",
        "owners must be Owner(access_token, access_token_secret)",
    ),
    (
        "one owner instead of a list",
        (
            'sm.connect("x", consumer_key="k", consumer_secret="s", '
            'owners=Owner("1-t", "s"))'
        ),
        "InvalidQuery",
        "owners must be Owner(access_token, access_token_secret)",
    ),
    (
        "a number as an owner",
        'sm.connect("x", consumer_key="k", consumer_secret="s", owners=[42])',
        "InvalidQuery",
        "owners must be Owner(access_token, access_token_secret)",
    ),
    (
        "an owner with an empty secret",
        'Owner("1-t", "")',
        "InvalidQuery",
        "access_token_secret is empty",
    ),
    (
        "an owner given twice",
        'sm.connect("x", consumer_key="k", consumer_secret="s", owners="1-t:s,1-u:v")',
        "InvalidQuery",
        "holds owner 1 twice",
    ),
    (
        "no number of calls",
        'sm.connect("x", bearer_token="b", per_minute="many")',
        "InvalidQuery",
        "per_minute='many' must be a whole number above 0",
    ),
    (
        "no call at all",
        'sm.connect("x", bearer_token="b", per_minute=0)',
        "InvalidQuery",
        "per_minute=0 must be a whole number above 0",
    ),
    (
        "half a call",
        'sm.connect("x", bearer_token="b", per_minute=2.5)',
        "InvalidQuery",
        "per_minute=2.5 must be a whole number above 0",
    ),
    (
        "a key that is no text",
        'sm.connect("x", consumer_key=42, consumer_secret="s")',
        "InvalidQuery",
        "consumer_key must be text",
    ),
    (
        "a token with a line break",
        'sm.connect("x", bearer_token="b\\n")',
        "InvalidQuery",
        "check how it was copied",
    ),
    (
        "a misspelled setting",
        'sm.connect("x", bearer_tokn="b")',
        "InvalidQuery",
        "did you mean 'bearer_token'?",
    ),
)
POSTS: Final[tuple[Row, ...]] = (
    (
        "a number as an id",
        'sm.Ref("x", 1067094924124872705)',
        "InvalidQuery",
        "ids are strings even where they look like numbers",
    ),
    (
        "a number instead of a post",
        'client.metrics([42], ["likes"])',
        "InvalidQuery",
        "42 is nothing that has figures; give a Profile, a Post",
    ),
    (
        "an id with letters",
        'client.metrics([sm.Ref("x", "12ab")], ["likes"])',
        "InvalidQuery",
        "'12ab' is no post of X; write its id",
    ),
    (
        "an id with leading zeros",
        'client.metrics([sm.Ref("x", "007")], ["likes"])',
        "InvalidQuery",
        "'007' is no post of X",
    ),
    (
        "an id beyond 64 bits",
        'client.metrics([sm.Ref("x", "99999999999999999999")], ["likes"])',
        "InvalidQuery",
        "is no post of X",
    ),
    (
        "a name of nobody",
        'client.metrics("@nobody", ["likes"])',
        "InvalidQuery",
        "@nobody",
    ),
    (
        "a post given twice",
        'client.metrics([post, post], ["likes"])',
        "answered",
        "each post once",
        "len(found) == 1",
    ),
    (
        "no post",
        'client.metrics([], ["likes"])',
        "answered",
        "nothing is asked, nothing comes",
        "len(found) == 0 and not calls",
    ),
    (
        "ten thousand posts",
        'client.plan(many, ["likes", "impressions"])',
        "answered",
        "a plan of 40 requests for the public figures, and 40 at least for the others",
        "found.requests == 80",
    ),
    (
        "a post of another network",
        'client.metrics([sm.Ref("facebook", "1_2")], ["likes"])',
        "missing",
        "X's Engagement API counts posts of X, and nothing else",
    ),
    (
        "a profile instead of its posts",
        'client.metrics([acme], ["likes"])',
        "missing",
        "X's Engagement API counts posts of X, and nothing else",
    ),
    (
        "an id that was never given out",
        'client.metrics([sm.Ref("x", "20")], ["likes"])',
        "unavailable",
        "",
    ),
    ("a deleted post", 'client.metrics([gone], ["likes"])', "unavailable", ""),
    (
        "a protected post, with its owner's token",
        'client.metrics([locked], ["link_clicks"], week)',
        "unavailable",
        "",
    ),
    (
        "private totals of an old post",
        'client.metrics([old], ["impressions"])',
        "too_old",
        "",
        "not calls",
    ),
    (
        "private figures of somebody else's post",
        'client.metrics([foreign], ["impressions"], week)',
        "not_permitted",
        "no owner of the given credentials may see them",
    ),
    (
        "private figures without any owner",
        'public.metrics([post], ["impressions"])',
        "missing",
        "give the owner's access token",
    ),
    (
        "one of five owners has taken the access away",
        'five.metrics(each, ["impressions"], week, by="total")',
        "answered",
        (
            "figures of the other four; the fifth's are `not_permitted`, and an issue "
            "says that this owner must log in again"
        ),
        (
            "sorted(p.status for p in found) == ['not_permitted'] + ['observed'] * 4 "
            "and 'log in again' in str(found.issues)"
        ),
    ),
)
