"""A real browser on the live pages; a console error or a breach of the content security policy fails the test."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.browser.settling import settle

# Playwright's own loop runs in this thread; Django would take the tests' queries for a mistake.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

expect.set_options(timeout=20_000)  # Playwright's own 5 s are short where everything else runs beside

CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


@pytest.fixture(scope="module")  # not the session: Playwright allows one at a time, and other folders start their own
def browser() -> Iterator[Browser]:
    """Chromium with a camera that shows a test picture."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=os.environ["FACET_TEST_BROWSER"], args=CAMERA)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer, transactional_db: None) -> Iterator[Callable[..., Page]]:
    """`open_page(path, user)`: a page in a fresh context, signed in without the form; keywords go to the context.

    With `expects_errors`, what the console says is left alone, since a browser writes there that a request failed.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(f"{message.type}: {message.text} ({message.location.get('url')})")

    def make(path: str, user: User | None = None, *, expects_errors: bool = False, **options: Any) -> Page:
        context = browser.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        if user is not None:
            client = Client()
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
            cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page = context.new_page()
        if not expects_errors:
            page.on("console", listen)
        page.on("pageerror", lambda error: complaints.append(f"exception: {error}"))
        page.goto(path)
        return page

    yield make
    for context in contexts:
        context.close()
    settle(live_server)
    assert not complaints
