"""What a person sees who is asked to let the app in: plain HTML."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from starlette.responses import HTMLResponse

from socialmetrics_x.sandbox.login import Login

Choice = tuple[str, str]
"""A user id and the name that goes with it."""


def question(login: Login, choices: Iterable[Choice], status: int) -> HTMLResponse:
    """A form that asks who agrees, and whether."""
    rows = "".join(
        f'<p><label><input type="radio" name="account" value="{escape(user)}">'
        f" {escape(name)}</label></p>"
        for user, name in choices
    )
    return _page(
        "Let the app act for an account?",
        '<form method="post" action="/oauth/authorize">'
        f'<input type="hidden" name="oauth_token" value="{escape(login.key)}">{rows}'
        "<button>Allow</button>"
        '<button name="deny" value="1">Deny</button></form>',
        status,
    )


def pin(verifier: str) -> HTMLResponse:
    """The number that is to be typed into the app."""
    return _page("Type this into the app", f"<p><code>{escape(verifier)}</code></p>")


def denied() -> HTMLResponse:
    """Nobody agreed."""
    return _page("The app was not let in")


def invalid() -> HTMLResponse:
    """The request token was used, or never was one."""
    return _page("This page is no longer valid", status=403)


def _page(title: str, content: str = "", status: int = 200) -> HTMLResponse:
    head = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
    )
    return HTMLResponse(f"{head}<h1>{title}</h1>{content}</html>", status)
