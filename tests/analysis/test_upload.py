"""Photos come in."""

import errno
import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from analysis.models import Photo, Status

URL = "/photos/upload/"


def varied(data: bytes, tail: int) -> bytes:
    """Another file with the same picture: the same bytes would be the same photo."""
    return data + bytes([tail])


def jpeg(data: bytes, name: str = "holiday.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "image/jpeg")


def test_one_photo_leads_to_its_own_page(ann_client: Client, ann: User, jpeg_bytes: bytes, bell: list[int]) -> None:
    response = ann_client.post(URL, {"photos": [jpeg(jpeg_bytes)]})
    photo = Photo.objects.get()
    assert photo.owner == ann
    assert photo.name == "holiday.jpg"
    assert response.headers["Location"] == f"/photos/{photo.uuid}/"


def test_several_photos_lead_to_a_page_that_shows_them_all(ann_client: Client, jpeg_bytes: bytes) -> None:
    response = ann_client.post(
        URL, {"photos": [jpeg(jpeg_bytes, "a.jpg"), jpeg(varied(jpeg_bytes, 1), "b.jpg")]}, follow=True
    )
    page = response.content.decode()
    assert "2 photos received" in page
    assert all(str(photo.uuid) in page for photo in Photo.objects.all())


def test_a_bad_file_gets_its_own_sentence_and_the_good_ones_go_on(ann_client: Client, jpeg_bytes: bytes) -> None:
    files = [jpeg(jpeg_bytes, "good.jpg"), jpeg(b"not a photo", "notes.txt"), jpeg(jpeg_bytes[:400], "half.jpg")]
    page = ann_client.post(URL, {"photos": files}, follow=True).content.decode()
    assert "1 photo received" in page
    assert "notes.txt</strong> This is not a JPEG, PNG, WebP" in page
    assert "half.jpg</strong> The file is damaged or incomplete." in page
    assert Photo.objects.count() == 1


def test_only_bad_files_end_on_a_page_with_a_next_step(ann_client: Client) -> None:
    page = ann_client.post(URL, {"photos": [jpeg(b"x", "x.jpg")]}, follow=True).content.decode()
    assert "None of these could be taken" in page
    assert "Upload more" in page


def test_an_empty_file_is_rejected_by_name(ann_client: Client) -> None:
    page = ann_client.post(URL, {"photos": [jpeg(b"", "empty.jpg")]}, follow=True).content.decode()
    assert "empty.jpg</strong> The file is empty." in page


def test_no_file_at_all_is_said_on_the_form(ann_client: Client) -> None:
    response = ann_client.post(URL, {})
    assert response.status_code == 400
    assert "Choose at least one photo." in response.content.decode()


def test_too_many_files_are_said_on_the_form_and_nothing_is_kept(
    ann_client: Client, jpeg_bytes: bytes, settings: Any
) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = settings.UPLOAD_MAX_FILES = 2
    response = ann_client.post(URL, {"photos": [jpeg(jpeg_bytes) for _ in range(3)]})
    assert response.status_code == 400
    assert "Send at most 2 photos at once" in response.content.decode()
    assert not Photo.objects.exists()


def test_too_many_files_are_said_even_to_a_client_that_sends_no_csrf_token(
    ann: User, jpeg_bytes: bytes, settings: Any
) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = settings.UPLOAD_MAX_FILES = 1
    client = Client(enforce_csrf_checks=True)
    client.force_login(ann, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(URL, {"photos": [jpeg(jpeg_bytes), jpeg(jpeg_bytes)]}).status_code == 400


def test_an_upload_without_a_csrf_token_is_refused(ann: User, jpeg_bytes: bytes) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ann, backend="django.contrib.auth.backends.ModelBackend")
    response = client.post(URL, {"photos": [jpeg(jpeg_bytes)]})
    assert response.status_code == 403
    assert not Photo.objects.exists()


def test_a_script_sends_files_one_by_one_and_learns_where_the_outcome_is(ann_client: Client, jpeg_bytes: bytes) -> None:
    batch = str(uuid4())

    def send(file: SimpleUploadedFile) -> Any:
        response = ann_client.post(URL, {"photos": [file], "batch": batch}, headers={"Accept": "application/json"})
        return json.loads(response.content)

    first = send(jpeg(jpeg_bytes, "a.jpg"))
    assert first["accepted"] == 1
    assert first["location"] == f"/photos/{Photo.objects.get().uuid}/"
    second = send(jpeg(b"x", "b.jpg"))
    assert second["rejected"][0]["name"] == "b.jpg"
    assert second["location"] == f"/photos/uploaded/{batch}/"
    page = ann_client.get(second["location"]).content.decode()
    assert "1 photo received" in page
    assert "b.jpg" in page


def test_a_script_gets_its_errors_as_json(ann_client: Client) -> None:
    response = ann_client.post(URL, {}, headers={"Accept": "application/json"})
    assert response.status_code == 400
    assert json.loads(response.content) == {"error": "Choose at least one photo."}


def test_files_that_the_browser_did_not_send_are_named_with_our_sentence(ann_client: Client, jpeg_bytes: bytes) -> None:
    refused = ["too_large:film.mov", "too_large:C:\\album\\<b>.jpg"]
    response = ann_client.post(URL, {"photos": [jpeg(jpeg_bytes)], "batch": str(uuid4()), "refused": refused})
    page = ann_client.get(response.headers["Location"]).content.decode()
    assert "1 photo received" in page
    assert "2 files could not be taken" in page
    assert "film.mov</strong> The file is over 25 MB. Send a smaller version of the photo." in page
    assert "<strong>&lt;b&gt;.jpg</strong>" in page


@pytest.mark.parametrize("refused", [["ugly:face.jpg"], ["film.mov"], ["too_large:a.jpg"] * 51])
def test_refusals_that_no_page_of_ours_sends_are_bad_input(
    ann_client: Client, jpeg_bytes: bytes, refused: list[str]
) -> None:
    response = ann_client.post(URL, {"photos": [jpeg(jpeg_bytes)], "refused": refused})
    assert response.status_code == 400
    assert "The page sent something odd." in response.content.decode()
    assert not Photo.objects.exists()


@pytest.mark.parametrize("batch", ["", "not-a-uuid"])
def test_a_batch_that_is_no_uuid_is_bad_input_only_when_given(
    ann_client: Client, jpeg_bytes: bytes, batch: str
) -> None:
    response = ann_client.post(URL, {"photos": [jpeg(jpeg_bytes)], "batch": batch})
    assert response.status_code == (400 if batch else 302)


def test_a_file_that_was_sent_before_leads_to_its_photo_which_says_so(ann_client: Client, jpeg_bytes: bytes) -> None:
    first = ann_client.post(URL, {"photos": [jpeg(jpeg_bytes)]}).headers["Location"]
    assert "You sent this file before" not in ann_client.get(first).content.decode()
    again = ann_client.post(URL, {"photos": [jpeg(jpeg_bytes, "copy.jpg")]}, follow=True)
    assert again.redirect_chain == [(f"{first}?before", 302)]
    assert "You sent this file before" in again.content.decode()
    assert Photo.objects.count() == 1


def test_files_that_were_sent_before_are_counted_apart(ann_client: Client, jpeg_bytes: bytes) -> None:
    ann_client.post(URL, {"photos": [jpeg(jpeg_bytes)]})
    known = Photo.objects.get()
    response = ann_client.post(URL, {"photos": [jpeg(jpeg_bytes), jpeg(varied(jpeg_bytes, 1), "b.jpg")]}, follow=True)
    page = response.content.decode()
    assert "1 photo received" in page
    assert "You sent this file before" in page
    assert page.count(f'href="/photos/{known.uuid}/"') == 1
    files = {"photos": [jpeg(jpeg_bytes), jpeg(varied(jpeg_bytes, 1))]}
    assert "You sent these 2 files before" in ann_client.post(URL, files, follow=True).content.decode()
    assert Photo.objects.count() == 2


def test_a_script_learns_that_a_file_was_sent_before(ann_client: Client, jpeg_bytes: bytes) -> None:
    for accepted, linked in ((1, 0), (0, 1)):
        response = ann_client.post(URL, {"photos": [jpeg(jpeg_bytes)]}, headers={"Accept": "application/json"})
        answer = json.loads(response.content)
        assert (answer["accepted"], answer["linked"]) == (accepted, linked)


@pytest.fixture
def full_line(settings: Any, ben: User, make_photo: Callable[..., Photo]) -> None:
    settings.QUEUE_MAX = 1
    make_photo(ben, status=Status.QUEUED)


@pytest.fixture
def used_up_quota(settings: Any, ann: User, make_photo: Callable[..., Photo]) -> None:
    settings.PHOTOS_PER_DAY = 1
    make_photo(ann)


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def write(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("django.core.files.storage.FileSystemStorage._save", write)


@pytest.mark.parametrize(
    ("trouble", "status", "words"),
    [
        ("full_line", 503, "Too many photos are waiting to be read. Try again in about 1 minute."),
        ("used_up_quota", 429, "You can send 1 photos a day"),
        ("full_disk", 507, "There is no room for photos right now."),
    ],
)
def test_who_is_turned_away_is_told_when_to_come_back(
    ann_client: Client, jpeg_bytes: bytes, request: pytest.FixtureRequest, trouble: str, status: int, words: str
) -> None:
    request.getfixturevalue(trouble)
    before = Photo.objects.count()
    page = ann_client.post(URL, {"photos": [jpeg(jpeg_bytes)]})
    script = ann_client.post(URL, {"photos": [jpeg(jpeg_bytes)]}, headers={"Accept": "application/json"})
    assert page.status_code == script.status_code == status
    assert words in page.content.decode()
    assert "Nothing was sent, so choose the photos again then." in page.content.decode()
    assert words in json.loads(script.content)["error"]
    assert int(page.headers["Retry-After"]) == json.loads(script.content)["retry_after_s"] > 0
    assert Photo.objects.count() == before


def test_a_temporary_folder_that_is_full_is_no_bare_error(
    ann_client: Client, jpeg_bytes: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def begin(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("facet.uploads.BoundedUploadHandler.receive_data_chunk", begin)
    response = ann_client.post(URL, {"photos": [jpeg(jpeg_bytes)]})
    assert response.status_code == 507
    assert "There is no room for photos right now." in response.content.decode()


def test_looking_at_the_address_leads_to_the_form(ann_client: Client) -> None:
    assert ann_client.get(URL).headers["Location"] == "/"


def test_visitors_are_asked_to_sign_in(client: Client, db: None, jpeg_bytes: bytes) -> None:
    response = client.post(URL, {"photos": [jpeg(jpeg_bytes)]})
    assert response.headers["Location"].startswith(reverse("account_login"))
    assert not Photo.objects.exists()


def test_other_methods_are_refused(ann_client: Client) -> None:
    assert ann_client.put(URL).status_code == 405


def test_the_outcome_of_a_batch_is_its_senders_only(
    ann_client: Client, ben_client: Client, client: Client, jpeg_bytes: bytes
) -> None:
    url = ann_client.post(URL, {"photos": [jpeg(jpeg_bytes), jpeg(varied(jpeg_bytes, 1))]}).headers["Location"]
    assert ann_client.get(url).status_code == 200
    assert ben_client.get(url).headers["Location"] == reverse("analysis:history")
    assert client.get(url).headers["Location"].startswith(reverse("account_login"))
    assert ann_client.post(url).status_code == 405


def test_deleted_photos_leave_their_batch(
    ann_client: Client, ann: User, jpeg_bytes: bytes, make_photo: Callable[..., Photo]
) -> None:
    url = ann_client.post(URL, {"photos": [jpeg(jpeg_bytes), jpeg(varied(jpeg_bytes, 1))]}).headers["Location"]
    Photo.objects.all().delete()
    assert "These photos are deleted" in ann_client.get(url).content.decode()
