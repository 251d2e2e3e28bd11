"""The receipt of an erasure."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import upkeep
from accounts.erasure.files import remove_noted
from accounts.erasure.models import Kind
from accounts.erasure.people import erase_person
from accounts.models import ErasureReceipt, FileToRemove, User
from analysis.models import Photo

MakePhoto = Callable[..., Photo]


@pytest.mark.django_db(transaction=True)
def test_it_counts_what_went_and_names_nobody(ann: User, client: Client, make_photo: MakePhoto) -> None:
    for _ in range(3):
        make_photo(ann)
    receipt = erase_person(ann)
    page = client.get(reverse("receipt", args=[receipt.uuid])).content.decode()
    told = client.get(reverse("receipt-json", args=[receipt.uuid])).json()
    assert told["counts"]["rows"]["photos"] == 3
    assert told["counts"]["files"] == 6
    assert (told["kind"], told["files_left"], told["backups_until"]) == ("account", 0, None)
    assert "An account was erased" in page
    assert "ann@example.org" not in page + str(told)


def test_it_says_until_when_backups_hold_it(ann: User, client: Client, settings: Any) -> None:
    settings.BACKUP_DAYS = 30
    receipt = erase_person(ann)
    assert receipt.erased_at is not None
    assert receipt.backups_until == receipt.erased_at + timedelta(days=30)
    assert "Backups may hold it until" in client.get(reverse("receipt", args=[receipt.uuid])).content.decode()


def test_files_that_the_storage_still_has_are_told(ann: User, client: Client) -> None:
    receipt = erase_person(ann)
    FileToRemove.objects.create(name="photos/ab/x.jpg", receipt=receipt)
    address = reverse("receipt", args=[receipt.uuid])
    assert "has not removed 1 of the files yet" in client.get(address).content.decode()
    assert client.get(reverse("receipt-json", args=[receipt.uuid])).json()["files_left"] == 1


def failing(_: object) -> bool:
    raise OperationalError("the database is restarted")


@pytest.mark.django_db(transaction=True)
def test_a_database_that_fails_after_the_deletion_does_not_undo_it_and_the_files_go_later(
    ann: User, ann_client: Client, make_photo: MakePhoto, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = make_photo(ann)
    with monkeypatch.context() as patch:
        patch.setattr("accounts.erasure.files._is_removed", failing)
        deleted = ann_client.post(reverse("analysis:delete", args=[photo.uuid]))
    assert (deleted.status_code, Photo.objects.count(), FileToRemove.objects.count()) == (302, 0, 2)
    assert remove_noted() == 2


def test_deleting_a_photo_links_to_one(ann_client: Client, ann: User, make_photo: MakePhoto) -> None:
    page = ann_client.post(reverse("analysis:delete", args=[make_photo(ann).uuid]), follow=True).content.decode()
    assert f'href="{reverse("receipt", args=[ErasureReceipt.objects.get().uuid])}"' in page


def test_the_admin_erases_the_same_way_and_its_log_names_nobody(rob_client: Client, ann: User, ben: User) -> None:
    LogEntry.objects.create(user_id=User.objects.get(email="rob@example.org").pk, action_flag=2, object_repr=ann.email)
    rob_client.post(reverse("admin:accounts_user_change", args=[ben.pk]), {"email": "benedict@example.org"})
    page = rob_client.post(reverse("admin:accounts_user_delete", args=[ann.pk]), {"post": "yes"}, follow=True)
    assert "The receipt of the erasure" in page.content.decode()
    assert ErasureReceipt.objects.get().kind == Kind.ACCOUNT
    said = " ".join(f"{entry.object_repr} {entry.change_message}" for entry in LogEntry.objects.all())
    assert "@" not in said
    assert f"person {ann.pk}" in said


def test_one_that_was_cut_off_is_shown_to_nobody_and_forgotten(client: Client, db: None) -> None:
    receipt = ErasureReceipt.objects.create(kind=Kind.PHOTO, begun_at=timezone.now() - timedelta(days=2))
    assert client.get(reverse("receipt", args=[receipt.uuid])).status_code == 404
    upkeep.finish_erasures()
    assert not ErasureReceipt.objects.exists()


@pytest.mark.parametrize("name", ["receipt", "receipt-json"])
def test_an_unknown_address_is_404_and_other_methods_are_refused(client: Client, db: None, name: str) -> None:
    assert client.get(reverse(name, args=[uuid4()])).status_code == 404
    assert client.post(reverse(name, args=[uuid4()])).status_code == 405
