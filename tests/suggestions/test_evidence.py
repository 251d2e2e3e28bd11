"""What a photo gives to go by: estimates, the owner's word, the reviewer's, and the youngest of all faces."""

from collections.abc import Callable
from typing import Any

from accounts.models import User
from analysis import statements as analysis
from analysis.models import Face, Photo, Verdict
from suggestions.evidence import Look, look_at
from suggestions.ranking import Age, Expression

CHILD = {"age_years": 9.0, "age_low": 6.0, "age_high": 12.0}
YOUNG = {"age_years": 19.0, "age_low": 15.0, "age_high": 24.0}

MakePhoto = Callable[..., Photo]


def look(photo: Photo) -> Look:
    """The evidence in a photo's only analysis."""
    assert photo.latest is not None
    return look_at(photo.latest)


def face_of(photo: Photo, index: int = 0) -> Face:
    """One face of a photo."""
    assert photo.latest is not None
    return photo.latest.faces.get(index=index)


def say(photo: Photo, person: User, index: int = 0, **words: Any) -> None:
    """The owner corrects a face."""
    analysis.correct_face(face=face_of(photo, index), author=person, **words)


def decide(photo: Photo, reviewer: User, verdict: Verdict, index: int = 0, **words: Any) -> None:
    """A reviewer decides about a face."""
    analysis.review_face(face=face_of(photo, index), reviewer=reviewer, verdict=verdict, **words)


def test_one_face_gives_its_expression_its_age_and_its_lower_bound(ann: User, make_photo: MakePhoto) -> None:
    found = look(make_photo(ann))
    assert found.evidence.age == Age(34.0, 27.0, 41.0)
    assert found.evidence.youngest == 27.0
    assert found.evidence.expression is not None
    assert found.evidence.expression.said_by == "estimate"


def test_the_largest_face_leads_and_the_youngest_sets_the_floor(ann: User, make_photo: MakePhoto) -> None:
    found = look(make_photo(ann, faces=[{}, CHILD]))
    assert found.evidence.age == Age(34.0, 27.0, 41.0)
    assert found.evidence.youngest == 6.0
    assert found.evidence.child_safe
    assert found.faces == 2


def test_a_photo_without_a_face_gives_nothing_and_is_safe_for_children(ann: User, make_photo: MakePhoto) -> None:
    found = look(make_photo(ann, faces=[]))
    assert (found.evidence.expression, found.evidence.age, found.faces) == (None, None, 0)
    assert found.evidence.child_safe


def test_an_expression_that_is_not_sure_counts_as_none(ann: User, make_photo: MakePhoto) -> None:
    found = look(make_photo(ann, faces=[{"emotion": ""}]))
    assert found.evidence.expression is None
    assert found.evidence.age is not None


def test_the_owners_word_replaces_the_estimate(ann: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann)
    say(photo, ann, age_years=52, emotion="sadness")
    found = look(photo)
    assert found.evidence.age == Age(52, 52, 52)
    assert found.evidence.expression == Expression({"sadness": 1.0}, said_by="owner")


def test_the_latest_correction_counts(ann: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann)
    say(photo, ann, emotion="sadness")
    say(photo, ann, emotion="anger")
    assert look(photo).evidence.expression == Expression({"anger": 1.0}, said_by="owner")


def test_a_reviewers_correction_replaces_the_estimate(ann: User, ada: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann)
    decide(photo, ada, Verdict.CORRECTED, age_years=60, emotion="neutral")
    found = look(photo)
    assert found.evidence.age == Age(60, 60, 60)
    assert found.evidence.expression == Expression({"neutral": 1.0}, said_by="reviewer")


def test_the_owner_beats_the_reviewer_about_themselves(ann: User, ada: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann)
    decide(photo, ada, Verdict.CORRECTED, emotion="neutral")
    say(photo, ann, emotion="fear")
    assert look(photo).evidence.expression == Expression({"fear": 1.0}, said_by="owner")


def test_a_face_that_is_accepted_keeps_its_estimate(ann: User, ada: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann)
    decide(photo, ada, Verdict.ACCEPTED)
    assert look(photo).evidence.age == Age(34.0, 27.0, 41.0)


def test_what_is_no_face_leaves_the_lead_to_the_next(ann: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann, faces=[{}, YOUNG])
    say(photo, ann, not_a_face=True)
    found = look(photo)
    assert found.evidence.age == Age(19.0, 15.0, 24.0)
    assert found.evidence.youngest == 15.0
    assert found.faces == 1


def test_a_face_too_unclear_to_judge_leaves_the_age_unclear(ann: User, ada: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann)
    decide(photo, ada, Verdict.UNUSABLE)
    found = look(photo)
    assert found.evidence.age is None
    assert found.evidence.child_safe


def test_an_adult_taken_for_younger_can_raise_the_floor(ann: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann, faces=[YOUNG])
    assert look(photo).evidence.child_safe
    say(photo, ann, age_years=23)
    assert not look(photo).evidence.child_safe


def test_a_child_cannot_type_its_way_out(ann: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann, faces=[CHILD])
    say(photo, ann, age_years=30)
    found = look(photo)
    assert found.evidence.age == Age(30, 30, 30)
    assert found.evidence.youngest == 6.0
    assert found.evidence.child_safe


def test_a_child_cannot_be_declared_no_face(ann: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann, faces=[{}, CHILD])
    say(photo, ann, 1, not_a_face=True)
    assert look(photo).evidence.youngest == 6.0


def test_the_owner_can_always_lower_the_floor(ann: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann)
    say(photo, ann, age_years=12)
    assert look(photo).evidence.child_safe


def test_a_reviewer_can_raise_the_floor(ann: User, ada: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann, faces=[CHILD])
    decide(photo, ada, Verdict.CORRECTED, age_years=25)
    assert look(photo).evidence.youngest == 25.0


def test_of_owner_and_reviewer_the_lower_age_sets_the_floor(ann: User, ada: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann)
    say(photo, ann, age_years=25)
    decide(photo, ada, Verdict.CORRECTED, age_years=16)
    assert look(photo).evidence.youngest == 16.0
