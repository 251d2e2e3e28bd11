"""Signing in and out, and the client of whoever is signed in."""

import argparse
import getpass
import os
import sys

from facet_client.addresses import base_of, site_of
from facet_client.client import Facet
from facet_client.command import store
from facet_client.command.exits import DONE, UNSIGNED, CommandError
from facet_client.command.store import Account
from facet_client.command.words import complain, duration
from facet_client.errors import FacetError

USUAL_URL = "http://localhost:8000"
PATIENCE_S = 600.0
"""How long one request waits for a server that says "not now": nobody sits in front of a long upload."""


def account() -> Account:
    """Who is signed in: FACET_URL and FACET_TOKEN, or what `facet login` kept. Raises CommandError.

    The kept token goes to the address that it was kept for and nowhere else.
    """
    url, token = os.environ.get("FACET_URL"), os.environ.get("FACET_TOKEN")
    if url and token:
        return Account(url, token, allow_http=os.environ.get("FACET_ALLOW_HTTP") == "1")
    kept = store.load()
    if token:
        if kept is None:
            raise CommandError("FACET_TOKEN is set, but not FACET_URL. Set it to the address of your Facet.", UNSIGNED)
        return Account(kept.url, token, allow_http=kept.allow_http)
    if kept is None:
        raise CommandError("You are not signed in. Sign in with: facet login https://your-facet", UNSIGNED)
    if url and _site(url) != _site(kept.url):
        raise CommandError(f"You are signed in at {kept.url}, not at FACET_URL. Use: facet login {url}", UNSIGNED)
    return kept


def connect() -> Facet:
    """The client of whoever is signed in."""
    who = account()
    return client(who)


def client(who: Account) -> Facet:
    """Of an account. Raises CommandError for an address or token that is none."""
    try:
        return Facet(who.url, who.token, allow_http=who.allow_http, patience=PATIENCE_S, on_wait=_tell)
    except ValueError as error:
        raise CommandError(str(error)) from None


def login(options: argparse.Namespace) -> int:
    """Ask for the token, try it, keep it."""
    url = options.url or os.environ.get("FACET_URL") or USUAL_URL
    try:
        site = site_of(base_of(url, allow_http=options.allow_http))
    except ValueError as error:
        raise CommandError(str(error)) from None
    who = Account(site, _token(site, from_stdin=options.token_stdin), allow_http=options.allow_http)
    with client(who) as facet:
        person = facet.me()
    file = store.save(who)
    print(f"Signed in at {site} as {person.email}. The token is kept in {file}, for you alone to read.")
    if person.scopes is not None and "upload" not in person.scopes:
        print(
            "This token can only look. To send photos and to delete them, sign in with one that has the scope “upload”."
        )
    return DONE


def logout(_: argparse.Namespace) -> int:
    """Forget the token."""
    if store.forget():
        print("Signed out on this machine. To end the token itself, delete it on Facet's page “API tokens”.")
    else:
        print("You were not signed in.")
    return DONE


def me(_: argparse.Namespace) -> int:
    """Where one is signed in, and as whom."""
    with connect() as facet:
        print(f"{facet.me().email} at {facet.url}")
    return DONE


def _token(site: str, *, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().strip()
    if not sys.stdin.isatty():
        raise CommandError("Nobody is there to type the token. Give it on standard input with --token-stdin.")
    print(f"Make a token with the scopes read and upload at {site}/account/tokens/ and paste it here. It is not shown.")
    return getpass.getpass("Token: ").strip()


def _tell(seconds: float, error: FacetError) -> None:
    complain(f"{error.detail} Trying again in {duration(seconds)}.")


def _site(url: str) -> str:
    try:
        return site_of(base_of(url, allow_http=True))
    except ValueError as error:
        raise CommandError(str(error)) from None
