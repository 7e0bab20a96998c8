"""Mistakes in the vendor-only calls of X, and operations that it lacks."""

from __future__ import annotations

from typing import Final

Row = tuple[str, ...]

CALLS: Final[tuple[Row, ...]] = (
    (
        "an operation that X does not have",
        "client.posts([], week)",
        "Unsupported",
        "X's Engagement API only counts; it has no list of posts",
    ),
    (
        "an endpoint that does not exist",
        'client.run(client.adapter.engagement("total", ids, ["favorites"], sums))',
        "InvalidQuery",
        "'total' is none of totals, 28hr, historical",
    ),
    (
        "a canonical name where X's own are meant",
        'client.run(client.adapter.engagement("totals", ids, ["likes"], sums))',
        "InvalidQuery",
        "totals has no metric 'likes'",
    ),
    (
        "a metric of another endpoint",
        (
            'client.run(client.adapter.engagement("historical", ids, '
            '["quote_tweets"], sums, window=week, owner=me))'
        ),
        "InvalidQuery",
        "historical has no metric 'quote_tweets'",
    ),
    (
        "no metric in X's own words",
        'client.run(client.adapter.engagement("totals", ids, [], sums))',
        "InvalidQuery",
        "metrics is empty",
    ),
    (
        "one text instead of a list of posts",
        'client.run(client.adapter.engagement("totals", "20", ["favorites"], sums))',
        "InvalidQuery",
        "posts and metrics are lists",
    ),
    (
        "a list that holds no post",
        'client.run(client.adapter.engagement("totals", ["a"], ["favorites"], sums))',
        "InvalidQuery",
        "'a' is no post of X",
    ),
    (
        "a window for totals",
        (
            'client.run(client.adapter.engagement("totals", ids, ["favorites"], sums, '
            "window=week))"
        ),
        "InvalidQuery",
        "totals has no window; only historical has",
    ),
    (
        "history without a window",
        (
            'client.run(client.adapter.engagement("historical", ids, ["favorites"], '
            "sums, owner=me))"
        ),
        "InvalidQuery",
        "historical needs a window",
    ),
    (
        "history that has not happened yet",
        (
            'client.run(client.adapter.engagement("historical", ids, ["favorites"], '
            "sums, window=soon, owner=me))"
        ),
        "Rejected",
        "must not lie in the future",
    ),
    (
        "several owners, and none is named",
        'five.run(five.adapter.engagement("28hr", ids, ["favorites"], sums))',
        "InvalidQuery",
        "name the owner of the posts: owner= one of",
    ),
    (
        "an owner whose token is not there",
        (
            'client.run(client.adapter.engagement("28hr", ids, ["favorites"], sums, '
            'owner="42"))'
        ),
        "InvalidQuery",
        "owner='42' is none of",
    ),
    (
        "private figures for the app alone",
        'public.run(public.adapter.engagement("28hr", ids, ["favorites"], sums))',
        "InvalidQuery",
        "this needs the token of the posts' owner: connect with owners=[...]",
    ),
    (
        "no grouping",
        'client.run(client.adapter.engagement("totals", ids, ["favorites"], {}))',
        "InvalidQuery",
        "groupings: 0 given, where 1 to 3 are allowed",
    ),
    (
        "four groupings",
        (
            'client.run(client.adapter.engagement("totals", ids, ["favorites"], '
            '{str(n): ["tweet.id"] for n in range(4)}))'
        ),
        "InvalidQuery",
        "groupings: 4 given, where 1 to 3 are allowed",
    ),
    (
        "a grouping by nothing",
        (
            'client.run(client.adapter.engagement("totals", ids, ["favorites"], '
            '{"sums": []}))'
        ),
        "InvalidQuery",
        "grouping 'sums': it has no level",
    ),
    (
        "a grouping by what does not exist",
        (
            'client.run(client.adapter.engagement("totals", ids, ["favorites"], '
            '{"sums": ["Tweet.id"]}))'
        ),
        "InvalidQuery",
        "'Tweet.id' is no level; levels are tweet.id",
    ),
    (
        "a grouping by the same twice",
        (
            'client.run(client.adapter.engagement("totals", ids, ["favorites"], '
            '{"sums": ["tweet.id", "tweet.id"]}))'
        ),
        "InvalidQuery",
        "a level stands there twice",
    ),
    (
        "a grouping without a name",
        (
            'client.run(client.adapter.engagement("totals", ids, ["favorites"], '
            '{" ": ["tweet.id"]}))'
        ),
        "InvalidQuery",
        "a name is printable text",
    ),
    (
        "a grouping with a name of the API's",
        (
            'client.run(client.adapter.engagement("totals", ids, ["favorites"], '
            '{"errors": ["tweet.id"]}))'
        ),
        "InvalidQuery",
        "the API has a key of that name; choose another",
    ),
    (
        "hours of totals",
        (
            'client.run(client.adapter.engagement("totals", ids, ["favorites"], '
            '{"sums": ["engagement.hour"]}))'
        ),
        "InvalidQuery",
        "totals has no engagement.hour; ask historical or 28hr",
    ),
    (
        "four levels in an order that the API does not take",
        (
            'client.run(client.adapter.engagement("28hr", ids, ["favorites"], '
            '{"all": [*reversed(four)]}, owner=me))'
        ),
        "InvalidQuery",
        "four levels go in the order tweet.id, engagement.type",
    ),
    (
        "two groupings of four levels",
        (
            'client.run(client.adapter.engagement("28hr", ids, ["favorites"], '
            '{"a": four, "b": four}, owner=me))'
        ),
        "InvalidQuery",
        "groupings 'a' and 'b' have all four levels; one may",
    ),
    (
        "a login that ends nowhere",
        'client.run(client.adapter.request_token("my app"))',
        "InvalidQuery",
        "callback='my app' must be 'oob', for a PIN, or a whole address",
    ),
    (
        "a login without the app's keys",
        "public.run(public.adapter.request_token())",
        "MissingCredential",
        "a login needs consumer_key and consumer_secret",
    ),
)
