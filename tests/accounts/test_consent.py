"""The notice, what people say to it, the ledger, and switching something off for everybody."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts import upkeep
from accounts.consent import clearing, services
from accounts.consent.models import Consent, ConsentEntry, Via
from accounts.consent.purposes import EXPLANATIONS, NOTICE_VERSION, Purpose, offered
from accounts.models import User
from analysis.models import Photo
from tests.conftest import PASSWORD, agree, jpeg

PAGE = "/account/consent/"
API = "/api/v1/consent/"
Api = Callable[[User | None], APIClient]


@pytest.fixture
def new(db: None) -> User:
    """Somebody who was not asked yet."""
    return User.objects.create_user("new@example.org", PASSWORD)


@pytest.fixture
def new_client(new: User) -> Client:
    client = Client()
    client.force_login(new, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_nothing_is_agreed_to_before_somebody_says_so(new: User) -> None:
    assert services.standing(new) == dict.fromkeys(Purpose, False)
    assert services.attributes_allowed(new.pk) == frozenset()
    assert not services.has_answered(new)


def test_the_first_page_asks_a_new_person_and_ticks_nothing(new_client: Client) -> None:
    response = new_client.get("/", follow=True)
    page = response.content.decode()
    assert response.redirect_chain == [(f"{PAGE}?next=%2F", 302)]
    assert "Before your first photo" in page
    assert page.count('type="checkbox"') == len(Purpose)
    assert "checked" not in page


def test_an_answer_goes_back_to_where_the_person_came_from(new: User, new_client: Client) -> None:
    response = new_client.post(PAGE, {"age": "on", "next": "/photos/"})
    assert response.url == "/photos/"  # type: ignore[attr-defined]
    assert services.attributes_allowed(new.pk) == {"age"}
    assert new_client.get("/").status_code == 200


def test_a_foreign_address_is_no_place_to_go_back_to(new_client: Client) -> None:
    assert new_client.post(PAGE, {"next": "https://example.com/"}).url == PAGE  # type: ignore[attr-defined]


@pytest.mark.parametrize(("button", "yes"), [("all", True), ("none", False)])
def test_everything_and_nothing_are_one_click(new: User, new_client: Client, button: str, yes: bool) -> None:
    new_client.post(PAGE, {"answer": button, "age": "on"})
    assert services.standing(new) == dict.fromkeys(Purpose, yes)
    assert services.has_answered(new)


def test_the_page_shows_what_was_said_and_when(ann_client: Client, ann: User) -> None:
    agree(ann, Purpose.AGE)
    page = ann_client.get(PAGE).content.decode()
    assert page.count("checked") == 1
    assert "What you said so far" in page
    assert page.count("<time") == 2 * len(Purpose)


def test_every_purpose_says_what_is_done() -> None:
    assert set(EXPLANATIONS) == set(Purpose)


@pytest.mark.parametrize("kind", ["page", "script"])
def test_who_has_not_answered_can_upload_nothing_by_page(new: User, new_client: Client, kind: str) -> None:
    accept = "text/html" if kind == "page" else "application/json"
    photo = {"photos": SimpleUploadedFile("a.jpg", jpeg())}
    response = new_client.post(reverse("analysis:upload"), photo, headers={"Accept": accept})
    if kind == "page":
        assert response.url.startswith(PAGE)  # type: ignore[attr-defined]
    else:
        assert response.status_code == 403
        assert "What I agree to" in response.json()["error"]
    assert not Photo.objects.exists()


@pytest.mark.parametrize("path", ["/api/v1/photos/", "/api/v1/try/"])
def test_nor_by_the_api(new: User, api: Api, path: str) -> None:
    field = "photos" if "photos" in path else "photo"
    response = api(new).post(path, {field: SimpleUploadedFile("a.jpg", jpeg())})
    assert (response.status_code, response.json()["code"]) == (403, "consent_missing")
    assert not Photo.objects.exists()


def test_the_notice_that_changed_is_asked_again(ann: User, ann_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "NOTICE_VERSION", NOTICE_VERSION + 1)
    assert ann_client.get("/").status_code == 302
    assert services.attributes_allowed(ann.pk) == {"age", "gender", "emotion"}  # what is there is not held up


def test_the_ledger_is_only_added_to(ann: User) -> None:
    entry = ConsentEntry.objects.filter(person=ann).first()
    assert entry is not None
    entry.granted = not entry.granted
    with pytest.raises(TypeError):
        entry.save()
    before = ConsentEntry.objects.filter(person=ann).count()
    services.decide(ann, {Purpose.AGE: False}, via=Via.API)
    services.decide(ann, {Purpose.AGE: True}, via=Via.PAGE)
    said = list(ConsentEntry.objects.filter(person=ann).values_list("purpose", "granted", "via", "notice_version"))
    assert len(said) == before + 2
    assert said[:2] == [("age", True, "page", NOTICE_VERSION), ("age", False, "api", NOTICE_VERSION)]


def test_the_api_tells_and_takes_answers(ann: User, api: Api) -> None:
    told = api(ann).get(API).json()
    assert told["answered"]
    assert {each["purpose"]: each["granted"] for each in told["purposes"]} == dict.fromkeys(map(str, Purpose), True)
    changed = {"notice_version": told["notice_version"], "grants": {"emotion": False}}
    told = api(ann).put(API, changed, format="json").json()
    assert {each["purpose"] for each in told["purposes"] if not each["granted"]} == {"emotion"}
    assert services.attributes_allowed(ann.pk) == {"age", "gender"}


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({"notice_version": NOTICE_VERSION + 1, "grants": {"age": True}}, 409, "notice_changed"),
        ({"grants": {"age": True}}, 400, "invalid"),
        ({"notice_version": NOTICE_VERSION, "grants": {"race": True}}, 400, "invalid"),
        ({"notice_version": NOTICE_VERSION, "grants": {"age": "perhaps"}}, 400, "invalid"),
        ({"notice_version": NOTICE_VERSION, "grants": ["age"]}, 400, "invalid"),
    ],
)
def test_an_odd_answer_changes_nothing(new: User, api: Api, sent: dict[str, Any], status: int, code: str) -> None:
    response = api(new).put(API, sent, format="json")
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert not Consent.objects.filter(person=new).exists()


@pytest.fixture
def slow_removal(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Removing what hangs on suggestions takes two steps, and the person waits for none of them."""
    done: list[str] = []

    def clear(person: User) -> Iterator[None]:
        for step in ("first", "second"):
            done.append(step)
            yield

    monkeypatch.setitem(clearing._clears, Purpose.SUGGESTIONS, [clear])
    monkeypatch.setattr(services, "WHILE_ASKED_S", -1.0)
    return done


@pytest.mark.django_db(transaction=True)
def test_what_takes_long_is_brought_to_its_end_by_the_chore(
    ann: User, ann_client: Client, slow_removal: list[str], chores_rung: list[str | None]
) -> None:
    page = ann_client.post(PAGE, {"answer": "none", "sure": "yes"}, follow=True).content.decode()
    assert "takes some minutes" in page
    assert "is still being removed" in page
    assert chores_rung[-1:] == ["consent"]
    upkeep.remove_what_is_not_agreed_to()
    assert slow_removal[-2:] == ["first", "second"]
    assert not Consent.objects.filter(to_clear=True).exists()
    assert "is still being removed" not in ann_client.get(PAGE).content.decode()


def test_a_new_yes_waits_for_what_an_old_no_removes(ann: User, slow_removal: list[str]) -> None:
    assert not services.decide(ann, {Purpose.SUGGESTIONS: False}, via=Via.PAGE)
    assert slow_removal == ["first"]
    assert services.decide(ann, {Purpose.SUGGESTIONS: True}, via=Via.PAGE)
    assert slow_removal == ["first", "first", "second"]


class TestAtWork:
    """FACET_WORKPLACE."""

    @pytest.fixture(autouse=True)
    def at_work(self, request: pytest.FixtureRequest, settings: Any) -> None:
        for name in ("ann", "new"):  # they come before the switch
            request.getfixturevalue(name)
        settings.WORKPLACE = True

    def test_expressions_are_not_offered_and_cannot_be_agreed_to(self, ann: User, ann_client: Client, api: Api) -> None:
        assert Purpose.EMOTION not in offered()
        page = ann_client.get(PAGE).content.decode()
        assert 'name="emotion"' not in page
        assert "Expressions are never read here" in page
        sent = {"notice_version": NOTICE_VERSION, "grants": {"emotion": True}}
        assert api(ann).put(API, sent, format="json").status_code == 400
        with pytest.raises(ValueError, match="emotion"):
            services.decide(ann, {Purpose.EMOTION: True}, via=Via.PAGE)

    def test_who_agreed_before_counts_for_nothing(self, ann: User) -> None:
        assert services.attributes_allowed(ann.pk) == {"age", "gender"}
        assert not services.allows(ann, Purpose.EMOTION)

    def test_it_is_for_good(self, ann: User, new: User, settings: Any) -> None:
        upkeep.remove_what_is_not_agreed_to()
        settings.WORKPLACE = False
        assert services.attributes_allowed(ann.pk) == {"age", "gender"}
        last = ConsentEntry.objects.filter(person=ann).first()
        assert last is not None
        assert (last.purpose, last.granted, last.via) == ("emotion", False, "installation")
        assert not services.has_answered(new)
        before = ConsentEntry.objects.count()
        settings.WORKPLACE = True
        upkeep.remove_what_is_not_agreed_to()
        assert ConsentEntry.objects.count() == before, "it is written down once"


def test_what_is_taken_back_is_asked_twice(ann: User, ann_client: Client) -> None:
    page = ann_client.post(PAGE, {"age": "on", "improvement": "on", "suggestions": "on", "next": "/photos/"})
    asked = page.content.decode()
    assert "Take it back?" in asked
    assert "every estimate of gender" in asked
    assert "every expression" in asked
    assert "every estimate of age" not in asked
    assert services.attributes_allowed(ann.pk) == {"age", "gender", "emotion"}
    sent = {"age": "on", "improvement": "on", "suggestions": "on", "next": "/photos/", "sure": "yes"}
    assert all(f'name="{name}" value="on"' in asked for name in ("age", "improvement", "suggestions"))
    assert ann_client.post(PAGE, sent).url == "/photos/"  # type: ignore[attr-defined]
    assert services.attributes_allowed(ann.pk) == {"age"}


def test_what_was_never_agreed_to_is_asked_once(new: User, new_client: Client) -> None:
    assert new_client.post(PAGE, {"answer": "none"}).status_code == 302
    assert new_client.post(PAGE, {"answer": "all"}).status_code == 302
