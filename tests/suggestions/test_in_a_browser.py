"""The list in a real Chromium: what is dismissed goes at once, with JavaScript and without, under our strict CSP."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from analysis.models import Photo
from suggestions.models import Feedback
from tests.browser.settling import settle

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MakePhoto = Callable[..., Photo]


@pytest.fixture
def chromium(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """A browser; Playwright's event loop in this thread is no reason for Django to refuse the database."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        path = os.environ["FACET_TEST_BROWSER"]
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, live_server: LiveServer, ann_client: Client) -> Iterator[Callable[..., Page]]:
    """A page of ann's, at an address of this installation."""
    windows: list[BrowserContext] = []

    def make(path: str, **context: Any) -> Page:
        window = chromium.new_context(**context)
        windows.append(window)
        session = ann_client.cookies["sessionid"].value
        window.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = window.new_page()
        page.goto(live_server.url + path)
        return page

    yield make
    for window in windows:
        window.close()
    settle(live_server)


def titles(page: Page) -> list[str]:
    """Of the cards, in order."""
    return page.locator(".suggestion h3").all_inner_texts()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_what_is_not_for_me_is_gone_at_once_and_can_be_brought_back(
    ann: User, make_photo: MakePhoto, open_page: Callable[..., Page], javascript: bool
) -> None:
    address = reverse("suggestions:for-photo", args=(make_photo(ann).uuid,))
    page = open_page(address, java_script_enabled=javascript)
    before = titles(page)
    page.get_by_role("button", name=f"Not for me ({before[0]})").click()
    page.get_by_text("is gone and will not come back").wait_for()
    assert before[0] not in titles(page)
    assert len(titles(page)) == len(before) == 8
    page.get_by_role("button", name="Undo").click()
    page.locator(".suggestion-said").wait_for(state="detached")
    assert titles(page) == before
    assert not Feedback.objects.exists()


def test_the_list_appears_on_the_page_of_the_photo_and_works_there(
    ann: User, make_photo: MakePhoto, open_page: Callable[..., Page]
) -> None:
    complaints: list[str] = []
    page = open_page(reverse("suggestions:preferences"))
    page.on("console", lambda message: complaints.append(message.text))
    address = reverse("analysis:photo", args=(make_photo(ann).uuid,))
    page.goto(page.url.split("/suggestions/")[0] + address)
    page.locator(".suggestion").first.wait_for()
    before = titles(page)
    page.get_by_role("button", name=f"Not for me ({before[0]})").click()
    page.get_by_text("is gone and will not come back").wait_for()
    assert before[0] not in titles(page)
    assert page.url.endswith(address)
    assert page.evaluate("document.activeElement.className") == "suggestion-said"
    assert not complaints


def test_on_a_phone_nothing_reaches_beyond_the_edge(
    ann: User, make_photo: MakePhoto, open_page: Callable[..., Page]
) -> None:
    address = reverse("suggestions:for-photo", args=(make_photo(ann).uuid,))
    page = open_page(address, viewport={"width": 360, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
