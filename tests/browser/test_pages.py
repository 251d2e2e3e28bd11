"""Every page in a real browser: no breach of the CSP, on a phone, in the dark, by keyboard, without JS."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.accesslog.models import Place
from accounts.accesslog.noting import note
from accounts.consent.services import attributes_allowed
from accounts.models import ApiToken, User
from analysis import seen
from analysis.models import Analysis, Face, Photo, Status
from tests.conftest import face_fields

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenPage = Callable[..., Page]
MakePhoto = Callable[..., Photo]
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}

VISITOR_PAGES = ["home", "models", "account_login", "account_signup", "account_reset_password"]
PERSON_PAGES = [
    "home", "analysis:history", "accounts:profile", "accounts:tokens", "accounts:delete", "accounts:consent",
    "accounts:exports", "keeping", "keeping-earlier", "suggestions:preferences", "account_email",
    "account_change_password", "account_logout", "mfa_index", "usersessions_list", "who-looked",
]  # fmt: skip


@pytest.fixture
def album(ann: User, make_photo: MakePhoto) -> list[str]:
    """Addresses of pages about photos in every state."""
    many = [{"x": 10.0 * n, "width": 9.0, "height": 9.0, "quality": {"size": 9.0, "sharpness": 1}} for n in range(9)]
    photos = [
        make_photo(ann),
        make_photo(ann, faces=[*many, {"gender": "", "emotion": ""}]),
        make_photo(ann, faces=[]),
        make_photo(ann, status=Status.FAILED),
        make_photo(ann, status=Status.QUEUED),
        make_photo(ann, status=Status.CANCELLED),
        make_photo(ann, faces=[{}, {"x": 60.0, "width": 30.0}]),
    ]
    first = photos[-1].analyses.get()
    again = Analysis.objects.create(
        photo=photos[-1], owner=ann, earlier=first, status=Status.DONE, finished_at=first.finished_at
    )
    Face.objects.create(analysis=again, index=0, **face_fields(age_years=39.0, gender=""))
    photos[0].name = "a" * 80 + " with a name that does not end.jpg"
    photos[0].save()
    ApiToken.objects.create(user=ann, name="t" * 80)
    face = Face.objects.earliest("pk")
    note(None, Place.ADMIN, [seen.of_photo(photo) for photo in photos])
    pages = [reverse("analysis:photo", args=[photo.uuid]) for photo in photos]
    return [
        *pages,
        reverse("analysis:reading", args=[photos[-1].uuid, first.uuid]),
        reverse("analysis:delete", args=[photos[0].uuid]),
        reverse("analysis:correct", args=[face.uuid]),
        reverse("analysis:history") + "?gender=female&age_from=3&age_to=90&unsure=any&since=2020-01-01",
        reverse("analysis:history") + "?gender=robot",
    ]


def assert_fits(page: Page) -> None:
    """Nothing needs scrolling sideways."""
    too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert too_wide == 0, f"{page.url} is {too_wide} px too wide"


@pytest.mark.parametrize("look", [{}, PHONE, PHONE | {"color_scheme": "dark"}], ids=["desk", "phone", "dark phone"])
def test_every_page_loads_cleanly_and_fits(
    open_page: OpenPage, ann: User, album: list[str], look: dict[str, object]
) -> None:
    visitor, person = open_page("/", **look), open_page("/", ann, **look)
    for page, paths in ((visitor, map(reverse, VISITOR_PAGES)), (person, [*map(reverse, PERSON_PAGES), *album])):
        for path in paths:
            response = page.goto(path)
            assert response is not None
            assert response.status == 200, path
            assert page.locator("h1").count() == 1, path
            assert_fits(page)


def test_in_the_dark_the_page_is_dark_and_words_stand_out(open_page: OpenPage) -> None:
    page = open_page("/", color_scheme="dark")
    luminance = """name => {
      const [r, g, b] = getComputedStyle(document.body)[name].match(/\\d+/g).map(Number);
      return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
    }"""
    assert page.evaluate(luminance, "backgroundColor") < 0.15
    assert page.evaluate(luminance, "color") > 0.8


def test_the_first_tab_skips_to_the_content(open_page: OpenPage, ann: User) -> None:
    page = open_page("/photos/", ann)
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the content")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_a_box_and_its_card_light_up_together_by_keyboard(
    open_page: OpenPage, ann: User, make_photo: MakePhoto
) -> None:
    photo = make_photo(ann, faces=[{}, {"x": 70.0, "width": 20.0}])
    page = open_page(reverse("analysis:photo", args=[photo.uuid]), ann)
    page.locator("a.face-box").nth(1).focus()
    expect(page.locator("#face-2")).to_have_class("face-card lit")
    page.keyboard.press("Enter")
    expect(page.locator("#face-2")).to_be_focused()
    page.locator("#face-1").get_by_role("link", name="This is wrong").focus()
    expect(page.locator("a.face-box").first).to_have_class("face-box lit")
    expect(page.locator("a.face-box").nth(1)).to_have_class("face-box")


def test_a_box_lies_where_the_face_is(open_page: OpenPage, ann: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann, faces=[{"x": 24.0, "y": 18.0, "width": 48.0, "height": 36.0}])  # the middle of 96 x 72
    page = open_page(reverse("analysis:photo", args=[photo.uuid]), ann)
    picture, box = page.locator(".photo-frame img").bounding_box(), page.locator(".box").bounding_box()
    assert picture is not None
    assert box is not None
    assert box["x"] + box["width"] / 2 == pytest.approx(picture["x"] + picture["width"] / 2, abs=2)
    assert box["y"] + box["height"] / 2 == pytest.approx(picture["y"] + picture["height"] / 2, abs=2)
    assert box["width"] == pytest.approx(picture["width"] / 2, abs=5)


def test_a_box_in_a_tile_has_a_dark_edge_for_white_photos(
    open_page: OpenPage, ann: User, make_photo: MakePhoto
) -> None:
    make_photo(ann)
    page = open_page("/photos/", ann)
    width = "element => parseFloat(getComputedStyle(element).strokeWidth)"
    under, box = page.locator(".tile-view .box-under"), page.locator(".tile-view .box")
    attributes = "element => ['x', 'y', 'width', 'height'].map((name) => element.getAttribute(name))"
    assert under.evaluate(attributes) == box.evaluate(attributes)
    assert under.evaluate(width) > box.evaluate(width)
    assert under.evaluate("element => getComputedStyle(element).stroke").startswith("rgba(0, 0, 0")


@pytest.fixture
def files(tmp_path: Path, jpeg_bytes: bytes) -> list[Path]:
    """Two good photos and one file that is none."""
    contents = {"one.jpg": jpeg_bytes, "two.jpg": jpeg_bytes + b"2", "notes.jpg": b"not a photo"}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return [tmp_path / name for name in contents]


def test_files_are_sent_one_by_one_and_the_bad_one_is_named(open_page: OpenPage, ann: User, files: list[Path]) -> None:
    page = open_page("/", ann)
    page.set_input_files("#id_photos", files)
    expect(page.locator(".chosen-row")).to_have_count(3)
    expect(page.locator("#upload-status")).to_have_text("3 photos ready")
    page.get_by_role("button", name="Remove two.jpg").click()
    page.get_by_role("button", name="Predict and suggest").click()
    expect(page.get_by_role("heading", name="1 photo received")).to_be_visible()
    expect(page.locator(".rejected")).to_contain_text("notes.jpg This is not a JPEG, PNG, WebP")
    assert [photo.name for photo in Photo.objects.all()] == ["one.jpg"]


def test_a_file_too_large_to_send_is_named_on_the_page_that_follows(
    open_page: OpenPage, ann: User, files: list[Path], tmp_path: Path
) -> None:
    with (tmp_path / "huge.jpg").open("wb") as huge:
        huge.truncate(25 * 1024 * 1024 + 1)
    page = open_page("/", ann)
    page.set_input_files("#id_photos", [files[0], tmp_path / "huge.jpg"])
    expect(page.locator("#upload-status")).to_have_text("1 photo ready")
    page.get_by_role("button", name="Predict and suggest").click()
    expect(page.get_by_role("heading", name="1 photo received")).to_be_visible()
    expect(page.locator(".rejected li")).to_have_count(1)
    expect(page.locator(".rejected")).to_contain_text("huge.jpg The file is over 25 MB.")


def test_a_single_photo_leads_to_its_page_by_keyboard_alone(open_page: OpenPage, ann: User, files: list[Path]) -> None:
    page = open_page("/", ann)
    page.evaluate("""document.getElementById("id_photos").addEventListener("click", (event) => {
      event.preventDefault();  // the chooser itself is the browser's and not in the page
      event.target.dataset.asked = "yes";
    })""")
    page.get_by_role("button", name="Choose photos").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#id_photos")).to_have_attribute("data-asked", "yes")
    page.set_input_files("#id_photos", files[:1])
    page.get_by_role("button", name="Predict and suggest").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="one.jpg")).to_be_visible()


def test_photos_can_be_dropped_anywhere(open_page: OpenPage, ann: User) -> None:
    page = open_page("/", ann)
    transfer = page.evaluate_handle("""() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(["x"], "dropped.png", { type: "image/png" }));
      return transfer;
    }""")
    page.dispatch_event("#drop", "dragover", {"dataTransfer": transfer})
    expect(page.locator("#drop")).to_have_class("drop over")
    page.dispatch_event("#drop", "drop", {"dataTransfer": transfer})
    expect(page.locator(".chosen-name")).to_have_text("dropped.png")


def test_a_photo_from_the_camera(open_page: OpenPage, ann: User) -> None:
    page = open_page("/", ann, permissions=["camera"])
    page.get_by_role("button", name="Use the camera").click()
    page.get_by_role("button", name="Take the photo").click()
    expect(page.locator(".chosen-name")).to_contain_text("camera")
    page.get_by_role("button", name="Predict and suggest").click()
    page.wait_for_url("**/photos/*-*/")
    assert Photo.objects.get().width > 100


def test_without_a_camera_the_next_step_is_said(open_page: OpenPage, ann: User) -> None:
    page = open_page("/", ann)
    refuse = "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotFoundError'))"
    page.evaluate(f"void ({refuse})")
    page.get_by_role("button", name="Use the camera").click()
    expect(page.locator("#camera-message")).to_contain_text("No camera was found.")
    page.keyboard.press("Escape")
    expect(page.locator("#camera")).to_be_hidden()


def test_sending_nothing_says_what_to_do(open_page: OpenPage, ann: User) -> None:
    page = open_page("/", ann)
    page.evaluate("document.getElementById('id_photos').required = false")
    page.get_by_role("button", name="Predict and suggest").click()
    expect(page.locator("#upload-status")).to_have_text("Choose at least one photo first.")


def test_without_javascript_photos_can_be_sent_corrected_and_deleted(
    open_page: OpenPage, ann: User, files: list[Path], make_photo: MakePhoto
) -> None:
    page = open_page("/", ann, java_script_enabled=False)
    page.set_input_files("#id_photos", files)
    page.get_by_role("button", name="Predict and suggest").click()
    expect(page.get_by_role("heading", name="2 photos received")).to_be_visible()
    photo = make_photo(ann)
    page.goto(reverse("analysis:photo", args=[photo.uuid]))
    page.get_by_role("link", name="This is wrong").click()
    page.get_by_label("Age in years").fill("40")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("You said: age 40")).to_be_visible()
    page.get_by_role("link", name="Change what you said").click()
    page.get_by_role("button", name="Take back what I said").click()
    expect(page.get_by_text("You said: age 40")).to_be_hidden()
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("is deleted, with everything")).to_be_visible()
    assert not Photo.objects.filter(pk=photo.pk).exists()


def test_a_new_token_can_be_copied(open_page: OpenPage, ann: User) -> None:
    page = open_page("/account/tokens/", ann, permissions=["clipboard-read", "clipboard-write"])
    page.get_by_label("What is it for?").fill("Laptop")
    page.get_by_role("button", name="Make a token").click()
    expect(page).to_have_url(re.compile("/account/tokens/$"))
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#fresh-token").inner_text()
    page.reload()
    expect(page.locator("#fresh-token")).to_have_count(0)
    expect(page.locator(".tokens li")).to_have_count(1)


def test_a_new_person_answers_the_notice_by_keyboard_alone(open_page: OpenPage, db: None) -> None:
    new = User.objects.create_user("new@example.org", "correct horse battery")
    page = open_page("/", new)
    expect(page.get_by_role("heading", name="Before your first photo")).to_be_visible()
    page.get_by_label("Estimate the age").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.get_by_role("button", name="Save what is ticked").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Predict and suggest")).to_be_visible()
    assert attributes_allowed(new.pk) == {"age", "gender"}
