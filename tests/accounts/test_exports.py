"""Download my data."""

import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import upkeep
from accounts.exports import making, services
from accounts.exports.models import DataExport, State
from accounts.models import ApiToken, User
from analysis import statements as photos
from analysis.models import Face, Photo, Verdict

URL = "/account/export/"
API = "/api/v1/exports/"
Api = Callable[[User | None], APIClient]
pytestmark = pytest.mark.django_db(transaction=True)


def made(person: User) -> DataExport:
    export, _ = services.ask_for(person)
    upkeep.make_exports()
    export.refresh_from_db()
    return export


def contents(export: DataExport) -> tuple[dict[str, Any], list[str]]:
    with export.file.open("rb") as stored, zipfile.ZipFile(stored) as archive:
        assert archive.testzip() is None
        return json.loads(archive.read("data.json")), archive.namelist()


def test_it_holds_everything_and_no_secrets(ann: User, ada: User, ben: User, make_photo: Any) -> None:
    photo = make_photo(ann)
    make_photo(ben)
    face = Face.objects.get(analysis__photo=photo)
    photos.correct_face(face=face, author=ann, age_years=40, note="mine")
    photos.review_face(face=face, reviewer=ada, verdict=Verdict.ACCEPTED)
    token, secret = ApiToken.objects.create(user=ann, name="Laptop")
    data, names = contents(made(ann))
    assert data["schema"] == 1
    assert data["account"]["email"] == ann.email
    (one,) = data["photos"]
    assert (one["id"], one["name"], one["file"]) == (str(photo.uuid), "holiday.jpg", f"photos/{photo.uuid}.jpg")
    told = one["analyses"][0]["faces"][0]
    assert (told["age_years"], told["corrections"][0]["note"]) == (34.0, "mine")
    assert [review["verdict"] for review in data["reviews of my faces"]] == ["accepted"]
    assert data["tokens"][0]["name"] == "Laptop"
    assert names == ["README.txt", "data.json", f"photos/{photo.uuid}.jpg"]
    text = json.dumps(data)
    for hidden in (secret, token.digest, ann.password, ada.email, ben.email):
        assert hidden not in text


def test_somebody_without_anything_gets_an_archive_too(ben: User) -> None:
    data, names = contents(made(ben))
    assert data["photos"] == []
    assert names == ["README.txt", "data.json"]


def test_the_page_asks_waits_and_offers_it(ann_client: Client, ann: User, make_photo: Any) -> None:
    make_photo(ann)
    assert f'href="{URL}"' in ann_client.get("/account/").content.decode()
    waiting = ann_client.post(URL, follow=True).content.decode()
    assert "Waiting." in waiting
    assert 'hx-trigger="every 2s"' in waiting
    assert "being made already" in ann_client.post(URL, follow=True).content.decode()
    upkeep.make_exports()
    fragment = ann_client.get(URL, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert "hx-trigger" not in fragment
    export = DataExport.objects.get()
    response = ann_client.get(f"{URL}{export.uuid}/download/")
    assert response["Content-Type"] == "application/zip"
    assert "attachment" in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]
    response.close()


def test_only_the_owner_gets_it(ann: User, ben_client: Client, rob_client: Client, client: Client, api: Api) -> None:
    export = made(ann)
    address = f"{URL}{export.uuid}/download/"
    assert [each.get(address).status_code for each in (ben_client, rob_client, client)] == [404, 404, 302]
    assert ben_client.post(f"{URL}{export.uuid}/delete/").status_code == 404
    ben = User.objects.get(email="ben@example.org")
    assert api(ben).get(f"{API}{export.uuid}/").status_code == 404
    assert api(ben).get(f"{API}{export.uuid}/download/").status_code == 404
    assert api(None).post(API).status_code == 401


def test_the_api_asks_waits_and_fetches(api: Api, ann: User) -> None:
    asked = api(ann).post(API)
    assert asked.status_code == 202
    assert api(ann).post(API).json()["id"] == asked.json()["id"]
    assert api(ann).get(f"{asked['Location']}download/").json()["code"] == "not_ready"
    upkeep.make_exports()
    told = api(ann).get(asked["Location"]).json()
    assert told["state"] == "ready"
    response = api(ann).get(told["download_url"])
    assert response["Content-Type"] == "application/zip"
    response.close()
    assert [one["id"] for one in api(ann).get(API).json()["results"]] == [told["id"]]
    DataExport.objects.update(state=State.EXPIRED)
    gone = api(ann).get(f"{asked['Location']}download/")
    assert (gone.status_code, gone.json()["code"]) == (410, "expired")


def test_it_ends_after_its_days(ann: User, settings: Any) -> None:
    export = made(ann)
    DataExport.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    upkeep.make_exports()
    export.refresh_from_db()
    assert (export.state, export.file.name) == (State.EXPIRED, "")
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_it_can_be_deleted_before(ann_client: Client, ann: User, settings: Any) -> None:
    export = made(ann)
    ann_client.post(f"{URL}{export.uuid}/delete/")
    assert not DataExport.objects.exists()
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_one_that_lost_its_worker_is_made_anew_and_given_up_in_the_end(ann: User) -> None:
    export, _ = services.ask_for(ann)
    for _ in range(making.MOST_ATTEMPTS):
        assert making.claim() is not None
        assert making.claim() is None
        DataExport.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        making.give_up_lost()
    export.refresh_from_db()
    assert export.state == State.FAILED


def test_a_result_after_the_lease_was_lost_is_dropped_with_its_file(ann: User, settings: Any) -> None:
    services.ask_for(ann)
    claimed = making.claim()
    assert claimed is not None
    DataExport.objects.update(lease_token=None)
    assert not making.make(claimed)
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_an_error_hands_it_back(ann: User, monkeypatch: pytest.MonkeyPatch) -> None:
    export, _ = services.ask_for(ann)
    monkeypatch.setattr("accounts.exports.archive.write", lambda *_, **__: 1 / 0)
    upkeep.make_exports()
    export.refresh_from_db()
    assert (export.state, export.attempts) == (State.QUEUED, 1)


def test_a_picture_that_was_deleted_meanwhile_is_passed_over(ann: User, make_photo: Any) -> None:
    photo: Photo = make_photo(ann)
    photo.image.storage.delete(photo.image.name or "")
    _, names = contents(made(ann))
    assert names == ["README.txt", "data.json"]
