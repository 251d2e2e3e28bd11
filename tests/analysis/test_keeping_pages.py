"""The page where people choose what is kept."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from analysis.models import Keep, Keeping, Photo

URL = "/account/keeping/"
EARLIER = "/account/keeping/earlier/"


def test_the_account_leads_there_and_it_shows_what_holds(ann_client: Client) -> None:
    assert f'href="{URL}"' in ann_client.get("/account/").content.decode()
    page = ann_client.get(URL).content.decode()
    assert page.count('type="radio"') == 3
    assert EARLIER not in page


def test_a_choice_is_kept_and_shown(ann_client: Client, ann: User) -> None:
    page = ann_client.post(URL, {"keep": "faces", "days": "30"}, follow=True).content.decode()
    assert "Saved." in page
    chosen = Keeping.objects.get(person=ann)
    assert (chosen.keep, chosen.days) == (Keep.FACES, 30)
    assert 'value="30"' in page


@pytest.mark.parametrize("sent", [{"keep": "all"}, {"keep": "photo", "days": "0"}, {"keep": "photo", "days": "x"}, {}])
def test_what_makes_no_sense_is_said_and_not_kept(ann_client: Client, sent: dict[str, str]) -> None:
    assert 'class="errors"' in ann_client.post(URL, sent).content.decode()
    assert not Keeping.objects.exists()


def test_the_installation_bounds_the_choice(ann_client: Client, settings: Any) -> None:
    settings.KEEP, settings.KEEP_DAYS = "faces", 30
    assert ann_client.get(URL).content.decode().count('type="radio"') == 2
    for sent in ({"keep": "photo", "days": "1"}, {"keep": "faces", "days": "31"}, {"keep": "faces", "days": ""}):
        assert 'class="errors"' in ann_client.post(URL, sent).content.decode()
    assert not Keeping.objects.exists()


def test_what_was_sent_already_is_asked_about_with_numbers(
    ann_client: Client, ann: User, make_photo: Callable[..., Photo]
) -> None:
    photo = make_photo(ann)
    Keeping.objects.create(person=ann, keep=Keep.RESULTS, days=30)
    assert EARLIER in ann_client.get(URL).content.decode()
    page = ann_client.get(EARLIER).content.decode()
    assert "1 picture will be removed" in page
    assert "cannot be undone" in page
    photo.refresh_from_db()
    assert photo.keep == Keep.PHOTO
    assert "Done." in ann_client.post(EARLIER, follow=True).content.decode()
    photo.refresh_from_db()
    assert photo.keep == Keep.RESULTS
    assert photo.erase_at is not None


@pytest.mark.parametrize("url", [URL, EARLIER])
def test_visitors_are_asked_to_sign_in_and_other_methods_refused(client: Client, ann_client: Client, url: str) -> None:
    assert client.get(url).status_code == 302
    assert ann_client.delete(url).status_code == 405
