"""The list for one analysis."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from analysis import statements as analysis
from analysis.models import Analysis, Photo, Status
from suggestions import services
from suggestions.models import CatalogueItem, Feedback, FeedbackKind
from suggestions.services import NotFinishedError, Shortlist

CHILD = {"age_years": 9.0, "age_low": 6.0, "age_high": 12.0}

MakePhoto = Callable[..., Photo]


def latest(photo: Photo) -> Analysis:
    """A photo's only analysis."""
    assert photo.latest is not None
    return photo.latest


def listed(photo: Photo, person: User, limit: int = services.LIMIT) -> Shortlist:
    """The list for a photo's only analysis."""
    return services.suggest_for(latest(photo), person, limit)


def slugs(shortlist: Shortlist) -> list[str]:
    """What is in a list, in order."""
    return [one.item.slug for one in shortlist.shown]


def test_eight_items_of_several_kinds_each_with_a_reason(ann: User, make_photo: MakePhoto) -> None:
    found = listed(make_photo(ann), ann)
    assert len(found.shown) == 8
    assert len({one.item.kind for one in found.shown}) >= 3
    assert all(one.why.startswith("Because ") and one.why.endswith(".") for one in found.shown)
    assert any("the expression shown looks like happiness" in one.why for one in found.shown)


def test_the_same_analysis_gives_the_same_list(ann: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann)
    assert slugs(listed(photo, ann)) == slugs(listed(photo, ann))


def test_another_expression_gives_another_list(ann: User, make_photo: MakePhoto) -> None:
    sad = {"emotion": "sadness", "probabilities": {"sadness": 0.9, "neutral": 0.1}}
    assert set(slugs(listed(make_photo(ann), ann))) != set(slugs(listed(make_photo(ann, faces=[sad]), ann)))


def test_a_correction_changes_the_list_at_once_and_says_so(ann: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann)
    before = slugs(listed(photo, ann))
    analysis.correct_face(face=latest(photo).faces.get(), author=ann, emotion="anger")
    after = listed(photo, ann)
    assert slugs(after) != before
    assert any("you said that the expression shown is anger" in one.why for one in after.shown)


@pytest.mark.parametrize("faces", [[CHILD], [{}, CHILD], []], ids=["a child", "a child beside an adult", "no face"])
def test_with_a_child_or_no_face_only_what_is_fit_for_every_child(
    ann: User, make_photo: MakePhoto, faces: list[dict[str, Any]]
) -> None:
    found = listed(make_photo(ann, faces=faces), ann, limit=200)
    assert found.child_safe
    assert {one.item.minimum_age for one in found.shown} == {0}


def test_an_adult_may_get_what_is_for_adults(ann: User, make_photo: MakePhoto) -> None:
    found = listed(make_photo(ann), ann, limit=200)
    assert not found.child_safe
    assert max(one.item.minimum_age for one in found.shown) == 18


def test_without_a_face_there_is_a_list_by_the_editors(ann: User, make_photo: MakePhoto) -> None:
    found = listed(make_photo(ann, faces=[]), ann)
    assert len(found.shown) == 8
    assert all("editors" in one.why for one in found.shown)


def test_with_photos_switched_off_no_table_of_faces_is_read(ann: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann)
    services.set_preference(person=ann, kinds=[], use_photos=False)
    job = latest(photo)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = services.suggest_for(job, ann)
    assert not [one["sql"] for one in queries if "face" in one["sql"].lower()]
    assert not found.uses_photo
    assert found.child_safe
    assert {term.name for one in found.shown for term in one.terms} <= {"standing"}


def test_switched_off_two_different_faces_give_the_same_scores(ann: User, make_photo: MakePhoto) -> None:
    services.set_preference(person=ann, kinds=["book"], use_photos=False)
    one, other = listed(make_photo(ann), ann, 200), listed(make_photo(ann, faces=[CHILD]), ann, 200)
    assert {shown.item.slug: shown.score for shown in one.shown} == {s.item.slug: s.score for s in other.shown}


def test_wanted_kinds_come_first_and_give_the_reason(ann: User, make_photo: MakePhoto) -> None:
    services.set_preference(person=ann, kinds=["book"], use_photos=True)
    found = listed(make_photo(ann), ann)
    assert {one.item.kind for one in found.shown} == {"book"}
    assert all(one.why.startswith("Because you asked for books") for one in found.shown)


def test_a_dismissed_item_is_gone_at_every_photo_and_another_takes_its_place(ann: User, make_photo: MakePhoto) -> None:
    photo, other = make_photo(ann), make_photo(ann)
    first = listed(photo, ann).shown[0].item
    services.dismiss(person=ann, item=first, analysis=latest(photo))
    for one in (photo, other):
        assert first.slug not in slugs(listed(one, ann, 200))
    assert len(listed(photo, ann).shown) == 8


def test_dismissing_is_for_one_person_only(ann: User, ben: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann)
    first = listed(photo, ann).shown[0].item
    services.dismiss(person=ben, item=first)
    assert first.slug in slugs(listed(photo, ann))


def test_undo_brings_it_back_to_its_place(ann: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann)
    before = slugs(listed(photo, ann))
    item = listed(photo, ann).shown[2].item
    services.dismiss(person=ann, item=item)
    assert services.undo(person=ann, item=item)
    assert slugs(listed(photo, ann)) == before
    assert not services.undo(person=ann, item=item)


def test_reset_forgets_everything_of_that_person(ann: User, ben: User, make_photo: MakePhoto) -> None:
    for item in CatalogueItem.objects.all()[:3]:
        services.dismiss(person=ann, item=item)
        services.like(person=ben, item=item)
    assert services.reset_feedback(ann) == 3
    assert Feedback.objects.filter(person=ben).count() == 3


def test_saying_something_else_replaces_what_was_said(ann: User) -> None:
    item = CatalogueItem.objects.all()[0]
    services.dismiss(person=ann, item=item)
    services.like(person=ann, item=item)
    assert Feedback.objects.get().kind == FeedbackKind.LIKED


def test_liking_lifts_what_is_alike_and_marks_the_liked(ann: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann)
    item = listed(photo, ann).shown[0].item
    services.like(person=ann, item=item)
    found = listed(photo, ann, 200)
    assert [one.liked for one in found.shown if one.item == item] == [True]
    assert any(f"you wanted more like “{item.title}”" in one.why for one in found.shown)


def test_inactive_items_are_not_suggested(ann: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann)
    first = listed(photo, ann).shown[0].item
    CatalogueItem.objects.filter(pk=first.pk).update(active=False)
    assert first.slug not in slugs(listed(photo, ann, 200))


@pytest.mark.parametrize("status", [Status.QUEUED, Status.RUNNING, Status.FAILED, Status.CANCELLED])
def test_an_unfinished_or_failed_analysis_has_no_list(ann: User, make_photo: MakePhoto, status: Status) -> None:
    photo = make_photo(ann, status=status)
    with pytest.raises(NotFinishedError):
        listed(photo, ann)


def test_the_number_of_queries_does_not_grow_with_the_faces(
    ann: User, make_photo: MakePhoto, django_assert_num_queries: Any
) -> None:
    job = latest(make_photo(ann, faces=[{}, CHILD, {}]))
    with django_assert_num_queries(7):
        services.suggest_for(job, ann)


def test_a_kind_that_does_not_exist_cannot_be_wanted(ann: User) -> None:
    with pytest.raises(ValueError, match="podcast"):
        services.set_preference(person=ann, kinds=["podcast"], use_photos=True)
