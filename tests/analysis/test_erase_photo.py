"""Deleting somebody's photo in their place, and what goes with a photo however it is deleted."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.exports.models import State
from accounts.models import AccessEntry, DataExport, ErasureReceipt, User
from analysis import batches, keeping, services
from analysis.models import Batch, Photo

MakePhoto = Callable[..., Photo]
Api = Callable[[User | None], APIClient]


def test_it_goes_with_a_receipt_and_its_owner_sees_that(
    ann: User, ann_client: Client, make_photo: MakePhoto, capsys: pytest.CaptureFixture[str]
) -> None:
    photo = make_photo(ann)
    call_command("erase_photo", str(photo.uuid))
    assert not Photo.objects.exists()
    assert f"/receipts/{ErasureReceipt.objects.get().uuid}/" in capsys.readouterr().out
    entry = AccessEntry.objects.get()
    assert (entry.person, entry.kind, entry.place, entry.thing) == (ann, "deleted", "command", photo.uuid)
    assert "deleted something" in ann_client.get("/account/access/").content.decode().lower()


def test_one_that_is_not_there_is_said_to_be(db: None) -> None:
    with pytest.raises(CommandError, match="There is no photo"):
        call_command("erase_photo", str(uuid4()))


@pytest.mark.parametrize("way", ["by itself", "with its batch", "as its time is over"])
def test_archives_that_may_hold_it_go_with_it(ann: User, ben: User, make_photo: MakePhoto, way: str) -> None:
    photo = make_photo(ann)
    batch = Batch.objects.create(owner=ann)
    batches.link(batch, photo, is_new=True)
    DataExport.objects.create(person=ann, state=State.READY)
    kept = {DataExport.objects.create(person=ben, state=State.READY), DataExport.objects.create(person=ann)}
    if way == "by itself":
        services.delete_photo(photo)
    elif way == "with its batch":
        batches.delete(batch, photos=True)
    else:
        Photo.objects.update(erase_at=timezone.now() - timedelta(days=1))
        keeping.erase_old()
    assert not Photo.objects.exists()
    assert set(DataExport.objects.all()) == kept, "of others, and what is yet to be made"


@pytest.mark.parametrize("address", ["exports/", "access/", "webhooks/", "batches/", "photos/"])
def test_a_mistyped_parameter_is_no_parameter(ann: User, api: Api, address: str) -> None:
    response = api(ann).get(f"/api/v1/{address}?foo=1")
    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == ["foo"]
