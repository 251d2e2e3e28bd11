"""Gender is no input: it changes nothing, and it is not even read."""

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from analysis import statements as analysis
from analysis.models import Photo, Verdict
from suggestions import services

MakePhoto = Callable[..., Photo]


def everything(photo: Photo, person: User) -> list[tuple[str, float, str]]:
    """The whole ranked catalogue with scores and sentences."""
    assert photo.latest is not None
    return [(one.item.slug, one.score, one.why) for one in services.suggest_for(photo.latest, person, 200).shown]


def test_flipping_the_gender_of_every_face_changes_nothing(ann: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann, faces=[{"gender": "female"}, {"gender": "male"}, {"gender": ""}])
    assert photo.latest is not None
    before = everything(photo, ann)
    for flipped in ("male", "female", ""):
        photo.latest.faces.update(gender=flipped, gender_confidence=0.5)
        assert everything(photo, ann) == before


def test_a_word_about_gender_by_owner_or_reviewer_changes_nothing(ann: User, ada: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann)
    assert photo.latest is not None
    face = photo.latest.faces.get()
    before = everything(photo, ann)
    analysis.correct_face(face=face, author=ann, gender="male")
    analysis.review_face(face=face, reviewer=ada, verdict=Verdict.CORRECTED, gender="male")
    assert everything(photo, ann) == before


def test_no_statement_for_a_list_reads_a_gender_column(ann: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann)
    job = photo.latest
    assert job is not None
    with CaptureQueriesContext(connection) as queries:
        services.suggest_for(job, ann)
    assert [one for one in queries if "analysis_face" in one["sql"]]
    assert not [one for one in queries if "gender" in one["sql"]]
