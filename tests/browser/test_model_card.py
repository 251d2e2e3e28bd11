"""The page of the models in a real browser, with the committed record."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenPage = Callable[..., Page]
PHONE = {"viewport": {"width": 375, "height": 740}, "is_mobile": True, "has_touch": True}


@pytest.mark.parametrize("look", [{}, PHONE, PHONE | {"color_scheme": "dark"}], ids=["desk", "phone", "dark phone"])
def test_it_fits_with_every_table_open(open_page: OpenPage, look: dict[str, object]) -> None:
    page = open_page("/models/", **look)
    page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    letters = page.evaluate("""[...document.querySelectorAll('.plot text:not(.small)')].map((text) => {
      const drawing = text.ownerSVGElement;
      return parseFloat(getComputedStyle(text).fontSize) * drawing.clientWidth / drawing.viewBox.baseVal.width;
    })""")
    assert min(letters) >= 10.5


def test_numbers_open_by_keyboard_and_without_scripts(open_page: OpenPage) -> None:
    page = open_page("/models/", java_script_enabled=False)
    table = page.locator("#confusion table")
    expect(table).to_be_hidden()
    page.locator("#confusion summary").focus()
    page.keyboard.press("Enter")
    expect(table).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator("#confusion .table-scroll")).to_be_focused()


def test_pictures_have_names(open_page: OpenPage) -> None:
    page = open_page("/models/")
    expect(page.get_by_role("img", name="Which expressions are mixed up")).to_be_visible()
    expect(page.get_by_role("figure")).to_have_count(page.locator("figure.chart").count())
    expect(page.get_by_role("img", name="Of 100 faces")).to_have_count(3)
