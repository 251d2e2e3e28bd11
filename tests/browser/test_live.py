"""Pages that follow a photo on its way, in a real browser: polls, a lost connection, stop, read again."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from accounts.models import User
from analysis import batches
from analysis.models import UNFINISHED, Analysis, Batch, Face, Photo, Status

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenPage = Callable[..., Page]
MakePhoto = Callable[..., Photo]
LOST = "Connection lost. Trying again …"


def address(photo: Photo) -> str:
    return reverse("analysis:photo", args=[photo.uuid])


def statuses_of(page: Page, path: str) -> list[int]:
    """Of the answers to come from `path`."""
    found: list[int] = []
    page.on("response", lambda response: found.append(response.status) if response.url.endswith(path) else None)
    return found


def wait_for(page: Page, is_so: Callable[[], bool]) -> None:
    """Until `is_so`, which the page's events decide."""
    for _ in range(200):
        if is_so():
            return
        page.wait_for_timeout(100)
    raise AssertionError("still waiting after 20 s")


@pytest.mark.usefixtures("worker")
def test_a_photo_page_shows_the_answer_as_soon_as_it_is_there(
    open_page: OpenPage, ann: User, make_photo: MakePhoto
) -> None:
    photo, done = make_photo(ann, status=Status.QUEUED), make_photo(ann)
    page = open_page(reverse("analysis:photo", args=[photo.uuid]), ann)
    expect(page.get_by_text("Next in the queue")).to_be_visible()
    Analysis.objects.filter(photo=photo).update(status=Status.RUNNING)
    expect(page.get_by_text("Being read", exact=True)).to_be_visible()
    finish(photo, done)
    expect(page.get_by_role("heading", name="about 34")).to_be_visible()
    expect(page.locator("#live-status")).to_have_text("1 face.")
    expect(page.locator("[hx-trigger*=every]")).to_have_count(0)


def test_a_list_is_live_with_one_poll_for_all(open_page: OpenPage, ann: User, make_photo: MakePhoto) -> None:
    waiting, done = [make_photo(ann, status=Status.QUEUED) for _ in range(3)], make_photo(ann)
    page = open_page("/photos/", ann)
    polls: list[str] = []
    page.on("request", lambda request: polls.append(request.url) if "/status/" in request.url else None)
    finish(waiting[0], done)
    expect(page.locator(f"#result-{waiting[0].uuid}")).to_contain_text("About 34")
    expect(page.locator(f"#view-{waiting[0].uuid} .box")).to_have_count(1)
    expect(page.locator("#live-status")).to_have_text("1 of 3 read.")
    for photo in waiting[1:]:
        finish(photo, done)
    expect(page.locator("#live-status")).to_have_text("Nothing is waiting any more.")
    seen = len(polls)
    page.wait_for_timeout(1500)
    assert len(polls) == seen


def finish(photo: Photo, like: Photo) -> None:
    """As a worker would: the faces of `like`, then done."""
    analysis = photo.analyses.get(status__in=UNFINISHED)
    face = Face.objects.get(analysis__photo=like)
    face.pk, face.uuid, face.analysis = None, Photo().uuid, analysis
    face.save()
    Analysis.objects.filter(pk=analysis.pk).update(status=Status.DONE, finished_at=analysis.queued_at)


@pytest.mark.usefixtures("worker")
def test_unchanged_polls_are_304_and_the_page_is_left_alone(
    open_page: OpenPage, ann: User, make_photo: MakePhoto
) -> None:
    photo = make_photo(ann, status=Status.QUEUED)
    page = open_page(address(photo), ann)
    page.locator("#reading .state").evaluate("element => element.dataset.mine = 'yes'")
    polls = statuses_of(page, address(photo))
    wait_for(page, lambda: len(polls) >= 3)
    assert set(polls) == {304}
    expect(page.locator("#reading .state")).to_have_attribute("data-mine", "yes")
    Analysis.objects.update(status=Status.RUNNING)
    expect(page.locator("#reading .state")).to_have_text("Being read")
    assert set(polls) >= {200, 304}


def hide(page: Page, *, hidden: bool) -> None:
    page.evaluate(
        """hidden => {
          const value = hidden ? "hidden" : "visible";
          Object.defineProperty(document, "visibilityState", { value, configurable: true });
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


def test_a_hidden_page_asks_nothing_and_asks_at_once_when_it_is_seen_again(
    open_page: OpenPage, ann: User, make_photo: MakePhoto
) -> None:
    photo, done = make_photo(ann, status=Status.RUNNING), make_photo(ann)
    page = open_page(address(photo), ann)
    hide(page, hidden=True)
    polls: list[str] = []
    page.on("request", lambda request: polls.append(request.url))
    page.wait_for_timeout(1500)
    assert polls == []
    finish(photo, done)
    hide(page, hidden=False)
    expect(page.get_by_role("heading", name="about 34")).to_be_visible()


@pytest.mark.parametrize("trouble", ["offline", "503"])
def test_a_lost_connection_is_said_and_unsaid_and_polls_go_on(
    open_page: OpenPage, ann: User, make_photo: MakePhoto, trouble: str
) -> None:
    photo, done = make_photo(ann, status=Status.RUNNING), make_photo(ann)
    page = open_page(address(photo), ann, expects_errors=True)
    polls: list[str] = []
    page.on("request", lambda request: polls.append(request.url))
    if trouble == "offline":
        page.context.set_offline(True)
    else:
        page.route("**/photos/*/", lambda route: route.fulfill(status=503, body="down"))
    expect(page.locator("#connection")).to_have_text(LOST)
    expect(page.locator("#connection")).to_have_attribute("role", "status")
    seen = len(polls)
    page.wait_for_timeout(4000)
    assert seen < len(polls) <= seen + 6  # less and less often: at the page's own pace they were 16
    finish(photo, done)
    page.context.set_offline(False)
    page.unroute_all()
    expect(page.get_by_role("heading", name="about 34")).to_be_visible(timeout=15_000)
    expect(page.locator("#connection")).to_have_text("")


def test_a_photo_that_was_deleted_elsewhere_ends_the_polls(
    open_page: OpenPage, ann: User, make_photo: MakePhoto
) -> None:
    photo = make_photo(ann, status=Status.RUNNING)
    page = open_page(address(photo), ann, expects_errors=True)
    polls = statuses_of(page, address(photo))
    photo.delete()
    expect(page.locator("#connection")).to_have_text("This page is out of date. Load it again")
    seen = len(polls)
    page.wait_for_timeout(1000)
    assert len(polls) == seen


@pytest.mark.parametrize("options", [{}, {"java_script_enabled": False}], ids=["script", "no script"])
def test_reading_can_be_stopped_and_taken_up_again(
    open_page: OpenPage, ann: User, make_photo: MakePhoto, options: dict[str, Any]
) -> None:
    photo = make_photo(ann, status=Status.QUEUED)
    page = open_page(address(photo), ann, **options)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped by you")).to_be_visible()
    page.get_by_role("button", name="Read it after all").click()
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    page.goto("/photos/")
    page.get_by_role("button", name=f"Stop reading {photo.name}").click()
    expect(page).to_have_url(re.compile("/photos/$"))
    expect(page.locator(".tile")).to_contain_text("Stopped by you")


@pytest.mark.usefixtures("worker")
def test_a_photo_read_again_shows_what_changed(open_page: OpenPage, ann: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann, engine_version="e-0", model_version="m-0")
    older = make_photo(ann, faces=[{"age_years": 58.0, "age_low": 50.0, "age_high": 66.0}])
    page = open_page(address(photo), ann)
    page.get_by_role("button", name="Read again with the newer models").click()
    expect(page.get_by_text("Next in the queue")).to_be_visible()
    expect(page.get_by_role("heading", name="about 34")).to_be_visible()
    finish(photo, older)
    expect(page.get_by_role("heading", name="about 58")).to_be_visible()
    expect(page.get_by_role("row", name="Age about 34")).to_contain_text("changed")
    page.get_by_text("Earlier readings").click()
    page.locator("details").get_by_role("link").click()
    expect(page.get_by_role("heading", name="about 34")).to_be_visible()


@pytest.mark.usefixtures("worker")
def test_a_full_line_keeps_the_rest_chosen_and_the_same_button_sends_it(
    open_page: OpenPage, ann: User, jpeg_bytes: bytes, tmp_path: Path, settings: Any
) -> None:
    files = [tmp_path / f"{name}.jpg" for name in ("one", "two", "three")]
    for at, path in enumerate(files):
        path.write_bytes(jpeg_bytes + bytes([at]))
    settings.QUEUE_MAX = 1
    page = open_page("/", ann, expects_errors=True)
    page.set_input_files("#id_photos", files)
    page.get_by_role("button", name="Predict and suggest").click()
    expect(page.locator("#upload-status")).to_contain_text("Too many photos are waiting to be read. Try again in")
    expect(page.locator("#upload-status")).to_contain_text("1 sent, 2 still here.")
    expect(page.locator(".chosen-state")).to_have_text(["Received", "Not sent", re.compile("kB")])
    settings.QUEUE_MAX = 10
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="3 photos received")).to_be_visible()
    assert Photo.objects.count() == 3


def test_what_was_chosen_before_the_script_came_is_sent(
    open_page: OpenPage, ann: User, jpeg_bytes: bytes, tmp_path: Path
) -> None:
    (tmp_path / "early.jpg").write_bytes(jpeg_bytes)
    page = open_page("/", ann)
    held_back: list[Route] = []

    def hold(route: Route) -> None:
        held_back.append(route)

    page.route("**/upload*.js", hold)
    page.goto("/", wait_until="commit")
    page.set_input_files("#id_photos", tmp_path / "early.jpg")
    wait_for(page, lambda: bool(held_back))
    expect(page.locator(".chosen-name")).to_have_count(0)
    held_back[0].continue_()
    expect(page.locator(".chosen-name")).to_have_text("early.jpg")
    page.get_by_role("button", name="Predict and suggest").click()
    expect(page.get_by_role("heading", name="early.jpg")).to_be_visible()


def test_a_file_sent_twice_leads_to_the_photo_of_the_first_time(
    open_page: OpenPage, ann: User, jpeg_bytes: bytes, tmp_path: Path
) -> None:
    (tmp_path / "one.jpg").write_bytes(jpeg_bytes)
    page = open_page("/", ann)
    for _ in range(2):
        page.goto("/")
        page.set_input_files("#id_photos", tmp_path / "one.jpg")
        page.get_by_role("button", name="Predict and suggest").click()
        expect(page.get_by_role("heading", name="one.jpg")).to_be_visible()
    expect(page.get_by_text("You sent this file before")).to_be_visible()
    assert Photo.objects.count() == 1


@pytest.mark.parametrize("look", [{}, {"viewport": {"width": 360, "height": 800}}], ids=["wide", "narrow"])
def test_the_button_for_all_that_failed_counts_on_and_keeps_the_keyboard(
    open_page: OpenPage, ann: User, make_photo: MakePhoto, look: dict[str, Any]
) -> None:
    batch = Batch.objects.create(owner=ann)
    for status in (Status.FAILED, Status.CANCELLED, Status.RUNNING):
        batches.link(batch, make_photo(ann, status=status), is_new=True)
    page = open_page(reverse("analysis:uploaded", args=[batch.uuid]), ann, **look)
    page.get_by_role("button", name="Try all 2 again").focus()
    Analysis.objects.filter(status=Status.RUNNING).update(status=Status.FAILED)
    expect(page.get_by_role("button", name="Try all 3 again")).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.press("Enter")
    expect(page.get_by_text("3 photos are tried again.")).to_be_visible()
    expect(page.get_by_role("button", name="Try all")).to_have_count(0)
