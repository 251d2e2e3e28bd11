"""A person's way in a real browser: sign up, upload, watch, look, filter, delete."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.journey.conftest import PASSWORD, Product

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.shared]

expect.set_options(timeout=20_000)  # Playwright's own 5 s are short where everything else runs beside


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ["FACET_TEST_BROWSER"],
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page on which any script error or policy violation fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def sign_up(page: Page, product: Product, email: str) -> None:
    page.goto(product.url)
    page.get_by_role("link", name=re.compile("sign up|create", re.IGNORECASE)).first.click()
    page.get_by_label(re.compile("e-?mail", re.IGNORECASE)).fill(email)
    page.get_by_label(re.compile("password", re.IGNORECASE)).first.fill(PASSWORD)
    page.locator("main").get_by_role("button", name=re.compile("sign up|create", re.IGNORECASE)).click()
    # before the first photo the notice: nothing is ticked, and what is ticked holds
    expect(page.get_by_role("heading", name="Before your first photo")).to_be_visible()
    for purpose in (
        "Estimate the age",
        "Estimate the gender",
        "Estimate the expression shown",
        "Use my photos",
        "Let reviewers",
    ):
        page.get_by_label(purpose).check()
    page.get_by_role("button", name="Save what is ticked").click()
    expect(page.get_by_role("button", name="Predict and suggest")).to_be_visible()


def test_from_nothing_to_a_result_and_back(page: Page, product: Product, shared: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes((shared / "photos" / "portrait_10.jpg").read_bytes()[:2000])
    sign_up(page, product, "newcomer@example.org")

    photos = [shared / "photos" / "portrait_10.jpg", shared / "photos" / "group_table.jpg", broken]
    page.locator("input[name=photos]").set_input_files(photos)
    page.get_by_role("button", name="Predict and suggest").click()

    # the broken file has its own sentence, the other two go on, and the page changes without being loaded again
    expect(page.get_by_text("2 photos received")).to_be_visible()
    expect(page.locator(".rejected")).to_contain_text("broken.jpg")
    expect(page.locator(".rejected")).to_contain_text("damaged or incomplete")
    page.evaluate("window.notReloaded = true")
    expect(page.locator(".tile .state.done")).to_have_count(2, timeout=30_000)
    assert page.evaluate("window.notReloaded") is True
    assert page.locator(".tile svg rect.box").count() >= 9

    # one face with everything that was promised
    page.get_by_role("link", name="portrait_10.jpg").first.click()
    expect(page.locator(".photo-frame rect.box")).to_have_count(1)
    card = page.locator(".face-card")
    expect(card).to_contain_text(re.compile(r"about \d+"))
    expect(card).to_contain_text(re.compile(r"likely \d+ to \d+"))
    expect(card.locator(".bars li")).to_have_count(8)
    box = page.locator(".photo-frame rect.box").bounding_box()
    frame = page.locator(".photo-frame img").bounding_box()
    assert box is not None
    assert frame is not None
    assert frame["x"] < box["x"] < box["x"] + box["width"] < frame["x"] + frame["width"]

    # suggestions come by themselves, and "not for me" is gone at once
    first = page.locator(".suggestions-slot article").first
    expect(first).to_be_visible()
    title = first.get_by_role("heading").inner_text()
    first.get_by_role("button", name=re.compile("not for me", re.IGNORECASE)).click()
    expect(page.locator(".suggestions-slot article h3", has_text=title)).to_have_count(0)

    # the owner says that an age is wrong
    page.get_by_role("link", name=re.compile("This is wrong")).click()
    page.get_by_label(re.compile("^age", re.IGNORECASE)).fill("41")
    page.locator("main").get_by_role("button", name=re.compile("send|save|say", re.IGNORECASE)).click()
    expect(page.locator(".said")).to_contain_text("age 41")

    filter_and_delete(page, product)


def filter_and_delete(page: Page, product: Product) -> None:
    page.goto(f"{product.url}/photos/")
    expect(page.locator(".tile")).to_have_count(2)
    page.get_by_text("Filter", exact=True).click()
    page.get_by_label(re.compile("status|state", re.IGNORECASE)).select_option("failed")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", name="No photo matches")).to_be_visible()
    page.get_by_role("link", name=re.compile("show all photos")).click()

    page.get_by_role("link", name="group_table.jpg").first.click()
    assert page.locator(".photo-frame rect.box").count() >= 8
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.locator(".tile")).to_have_count(1)
    expect(page.get_by_text("group_table.jpg").and_(page.locator(".tile *"))).to_have_count(0)


def test_the_administrator_signs_in_and_reviews(page: Page, product: Product) -> None:
    page.goto(f"{product.url}/admin/")
    page.get_by_label(re.compile("e-mail", re.IGNORECASE)).fill("admin@facet.local")
    page.get_by_label(re.compile("password", re.IGNORECASE)).fill(product.password())
    page.get_by_role("button", name=re.compile("log in|sign in", re.IGNORECASE)).click()
    page.goto(f"{product.url}/admin/analysis/face/")
    page.get_by_role("link", name=re.compile(r"^face 1,")).first.click()
    page.locator("select[name=review-0-verdict]").select_option("accepted")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("row").filter(has_text="accepted").first).to_be_visible()
