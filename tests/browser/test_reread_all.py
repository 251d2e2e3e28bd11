"""Reading all photos again in a real browser: offered, begun, followed, stopped, by keyboard too."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.consent.purposes import Purpose
from accounts.models import User
from analysis.models import Analysis, Status
from tests.conftest import agree

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("worker")]

OpenPage = Callable[..., Page]
NOW = {"engine_version": "haar+litert/1", "model_version": "facetrio-1"}  # of the worker
OLD = {"engine_version": "haar+litert/0", "model_version": "facetrio-0"}
NARROW = {"width": 360, "height": 740}


def read(count: int) -> None:
    """As a worker would."""
    chosen = Analysis.objects.filter(status=Status.QUEUED).order_by("turn").values("pk")[:count]
    Analysis.objects.filter(pk__in=list(chosen.values_list("pk", flat=True))).update(
        status=Status.DONE, finished_at=timezone.now(), **NOW
    )


def test_from_the_history_to_the_end(open_page: OpenPage, ann: User, make_photo: Any) -> None:
    for _ in range(4):
        make_photo(ann, **OLD)
    page = open_page("/photos/", ann)
    button = page.get_by_role("button", name="Read them again")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("0 of 4 done")).to_be_visible()
    stop = page.get_by_role("button", name="Stop")
    stop.focus()
    read(1)
    expect(page.get_by_text("1 of 4 done")).to_be_visible()
    expect(stop).to_be_focused()
    read(3)
    expect(page.get_by_text("That is done")).to_be_visible()
    expect(page.get_by_role("button", name="Stop")).to_have_count(0)
    page.get_by_role("link", name="Show the photos").click()
    expect(page.get_by_role("button", name="Read them again")).to_have_count(0)


def test_without_scripts_it_begins_and_stops(open_page: OpenPage, ann: User, make_photo: Any) -> None:
    for _ in range(2):
        make_photo(ann, **OLD)
    page = open_page("/photos/", ann, java_script_enabled=False)
    page.get_by_role("button", name="Read them again").click()
    expect(page.get_by_text("0 of 2 done")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped. 2 photos")).to_be_visible()


def test_a_new_yes_leads_to_it_on_a_narrow_screen(open_page: OpenPage, ann: User, make_photo: Any) -> None:
    make_photo(ann, faces=[{"gender": "", "gender_confidence": None}], **NOW)
    make_photo(ann, faces=[{"gender": "", "gender_confidence": None}], **NOW)
    agree(ann, Purpose.AGE, Purpose.EMOTION)
    page = open_page("/account/consent/", ann, viewport=NARROW, color_scheme="dark")
    page.get_by_label("Estimate the gender").check()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="Read them again").click()
    expect(page.get_by_text("2 photos were read before you agreed")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
