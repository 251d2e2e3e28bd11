"""The admin and the API's documentation in a real browser: light, dark, on a phone, by keyboard."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from analysis import statements
from analysis.models import Analysis, Face, Photo, Status, Verdict
from tests.browser.contrast import faint_words

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenPage = Callable[..., Page]
MakePhoto = Callable[..., Photo]
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
LOOKS = [{}, {"color_scheme": "dark"}, PHONE, PHONE | {"color_scheme": "dark"}]
LISTS = (
    "analysis_face", "analysis_analysis", "analysis_review", "analysis_deadletter", "analysis_worker", "accounts_user",
    "accounts_accessentry", "suggestions_catalogueitem", "account_emailaddress", "usersessions_usersession",
)  # fmt: skip


@pytest.fixture
def pages(ann: User, ada: User, make_photo: MakePhoto) -> list[str]:
    """The admin's pages with something on them."""
    make_photo(ann, faces=[{}, {"x": 5.0, "width": 9.0, "height": 9.0}])
    make_photo(ann, status=Status.FAILED, failure_code="gave_up", last_error="SoftTimeLimitExceeded", attempts=3)
    face = Face.objects.earliest("pk")
    statements.correct_face(face=face, author=ann, age_years=41, note="Taken on her birthday, against the sun.")
    for verdict in (Verdict.ACCEPTED, Verdict.UNUSABLE):
        statements.review_face(face=face, reviewer=ada, verdict=verdict)
    review, job = face.review, Analysis.objects.earliest("pk")
    return [
        reverse("admin:index"),
        *(reverse(f"admin:{name}_changelist") for name in LISTS),
        reverse("admin:analysis_face_changelist") + "?reviewed=accepted&confidence=low",
        reverse("admin:analysis_face_change", args=[face.pk]),
        reverse("admin:analysis_analysis_change", args=[job.pk]),
        reverse("admin:analysis_review_change", args=[review.pk]),
        reverse("admin:analysis_review_history", args=[review.pk]),
        reverse("admin:accounts_user_change", args=[ann.pk]),
        reverse("admin:accounts_user_delete", args=[ann.pk]),
    ]


@pytest.mark.parametrize("look", LOOKS, ids=["light", "dark", "phone", "dark phone"])
def test_every_page_of_the_admin_fits_and_can_be_read(
    open_page: OpenPage, rob: User, pages: list[str], look: dict[str, object]
) -> None:
    page = open_page("/admin/", rob, **look)
    for path in pages:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        assert page.locator("h1").count() == 1, path
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide == 0, f"{path} is {wide} px too wide"
        page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
        assert not faint_words(page), path


def test_on_a_phone_filters_come_first_and_a_row_shows_everything(
    open_page: OpenPage, ada: User, pages: list[str]
) -> None:
    page = open_page(reverse("admin:analysis_face_changelist"), ada, **PHONE)
    filters, row = page.locator("#changelist-filter").bounding_box(), page.locator("#result_list tbody tr").first
    box = row.bounding_box()
    assert filters is not None
    assert box is not None
    assert filters["y"] + filters["height"] <= box["y"]
    assert filters["height"] < 400
    for cell in row.locator("td, th").all():
        place = cell.bounding_box()
        assert place is not None
        assert place["x"] + place["width"] <= 360


def test_filters_open_by_keyboard_and_say_what_is_chosen(open_page: OpenPage, ada: User, pages: list[str]) -> None:
    page = open_page(reverse("admin:analysis_face_changelist"), ada)
    page.locator("summary", has_text="Review").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="not reviewed").focus()
    page.keyboard.press("Enter")
    expect(page.locator("summary", has_text="Review").locator("strong")).to_have_text("not reviewed")
    expect(page.locator("#result_list tbody tr")).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_documentation_of_the_api_can_be_read(open_page: OpenPage, scheme: str) -> None:
    page = open_page("/api/docs/", color_scheme=scheme)
    page.locator("#operations-photos-listPhotos .opblock-summary-control").click()
    page.locator("#operations-photos-listPhotos .try-out__btn").click()
    expect(page.locator(".opblock-body").first).to_be_visible()
    page.wait_for_timeout(300)
    assert not faint_words(page)
    ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor.match(/\\d+/g).map(Number)")
    if scheme == "dark":
        assert max(ground) < 40
        page.emulate_media(color_scheme="light")
        expect(page.locator("html")).not_to_have_class("dark-mode")


@pytest.mark.parametrize("options", [{}, {"java_script_enabled": False}], ids=["script", "no script"])
def test_after_an_error_the_keyboard_is_at_what_is_wrong(
    open_page: OpenPage, db: None, options: dict[str, object]
) -> None:
    page = open_page("/account/signup/", **options)
    page.get_by_label("E-mail address").fill("nonsense")
    page.get_by_role("button", name="Create an account").click()
    expect(page.locator(".error-summary")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("E-mail address")).to_be_focused()
