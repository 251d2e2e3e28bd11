"""Whatever people do in whatever order: of an attribute that is not agreed to, nothing is anywhere.

The engine tells numbers that occur nowhere else; every table, file, log line and API answer is searched for them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given
from hypothesis import settings as bounds
from hypothesis import strategies as st
from rest_framework.test import APIClient

from accounts import upkeep
from accounts.consent.purposes import ATTRIBUTES, Purpose
from accounts.exports import services as exports
from accounts.models import User
from analysis import services, statements, tasks
from analysis.engine import EMOTIONS, Reading
from analysis.models import Face, Photo, Verdict, Worker
from analysis.renewal import portions
from analysis.renewal import services as renewal
from tests.analysis.test_runs import found
from tests.analysis.test_tasks import FakeEngine
from tests.conftest import PASSWORD, agree, jpeg
from tests.safety.test_nothing_left import everywhere, log
from vision.types import Age, Emotion, Gender

__all__ = ["log"]  # a fixture
pytestmark = pytest.mark.django_db(transaction=True)

TELLS: Final = {
    Purpose.AGE: ("41.73913", "38.73913", "44.73913"),
    Purpose.GENDER: ("0.9373913",),
    Purpose.EMOTION: ("0.3739131",),
}
SAID: Final[dict[str, Any]] = {
    "age": {"age_years": 113},
    "gender": {"gender": "male", "note": "q7x gender note"},
    "emotion": {"emotion": "contempt", "note": "q7x emotion note"},
}
_numbers = count()


class Telling(FakeEngine):
    """Finds one face in every photo, and tells all of it: whoever asked for less must not keep it."""

    def read(self, photos: Sequence[bytes], **_: Any) -> list[Reading]:
        probabilities = dict.fromkeys(EMOTIONS, 0.0894)
        probabilities["happiness"] = 0.3739131
        face = replace(
            found(),
            age=Age(41.73913, 38.73913, 44.73913),
            gender=Gender("female", 0.9373913),
            emotion=Emotion("happiness", probabilities),
        )
        return [Reading(96, 72, (face,)) for _ in photos]


class Life:
    """One person and what they do."""

    def __init__(self, reviewer: User) -> None:
        """Agrees to nothing at first."""
        self.person = agree(
            User.objects.create_user(f"life{next(_numbers)}@example.org", PASSWORD), Purpose.SUGGESTIONS
        )
        self.reviewer = reviewer
        self.granted: set[Purpose] = set()

    def agree(self, granted: set[Purpose]) -> None:
        self.granted = granted
        agree(self.person, *(granted or {Purpose.SUGGESTIONS}))

    def upload(self) -> None:
        file = SimpleUploadedFile("a.jpg", jpeg(colour=(next(_numbers) % 256, 7, 7)))
        services.upload_photos(owner=self.person, uploads=[file])

    def read(self) -> None:
        tasks.read()

    def read_again(self) -> None:
        for photo in Photo.objects.owned_by(self.person):
            services.reread_photo(photo)
        tasks.read()

    def read_all_again(self) -> None:
        """Also what an earlier step stopped or cut off."""
        renewal.start(self.person)
        portions.go_on()
        tasks.read()

    def stop(self) -> None:
        renewal.start(self.person)
        renewal.stop(self.person)

    def say(self, attribute: str) -> None:
        """As the owner and as the reviewer, who are refused what is not agreed to."""
        for face in Face.objects.owned_by(self.person):
            for statement in (
                lambda face=face: statements.correct_face(face=face, author=self.person, **SAID[attribute]),
                lambda face=face: statements.review_face(
                    face=face, reviewer=self.reviewer, verdict=Verdict.CORRECTED, **SAID[attribute]
                ),
            ):
                try:
                    statement()
                except statements.NotAgreedError:
                    assert Purpose(attribute) not in self.granted

    def export(self) -> None:
        exports.ask_for(self.person)
        upkeep.make_exports()


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("agree"), st.sets(st.sampled_from(list(ATTRIBUTES)))),
        st.tuples(st.sampled_from(["upload", "read", "read_again", "read_all_again", "stop", "export"])),
        st.tuples(st.just("say"), st.sampled_from(list(SAID))),
    ),
    min_size=4,
    max_size=12,
)


def answers(person: User) -> Iterator[tuple[str, str]]:
    """What the API tells their program."""
    client = APIClient()
    client.force_authenticate(person)
    yield "photos", client.get("/api/v1/photos/").content.decode()
    for photo in Photo.objects.owned_by(person):
        for path in ("", "analyses/", "suggestions/"):
            yield path or "photo", client.get(f"/api/v1/photos/{photo.uuid}/{path}").content.decode()


@pytest.fixture
def telling(monkeypatch: pytest.MonkeyPatch, ada: User) -> User:
    """Workers have the telling engine, of newer and newer models; the reviewer."""
    monkeypatch.setattr(tasks, "reader", Telling)
    Worker.objects.create(host="w", pid=1, engine_version="newer/9", model_version="newer-9")
    return ada


@given(steps=STEPS, last=st.sets(st.sampled_from(list(ATTRIBUTES)), max_size=2))
@bounds(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_nothing_holds_what_is_not_agreed_to(
    telling: User, log: Callable[[], str], steps: list[tuple[Any, ...]], last: set[Purpose]
) -> None:
    life = Life(telling)
    for step, *about in [("agree", set(ATTRIBUTES)), ("upload",), ("read",), *steps, ("agree", last)]:
        getattr(life, step)(*about)
    withheld = set(ATTRIBUTES) - last
    words = {word: purpose for purpose in withheld for word in TELLS[purpose]}
    words |= {SAID[each]["note"]: each for each in withheld if "note" in SAID[each]}
    for place, text in (*everywhere(Path(settings.MEDIA_ROOT)), *answers(life.person), ("log", log())):
        for word, purpose in words.items():
            assert word not in text, f"{place} holds {purpose}"
    for face in Face.objects.owned_by(life.person):
        assert face.attributes <= last
        for said in face.corrections.all():
            assert said.age_years is None or Purpose.AGE in last
    life.person.delete()


def test_the_search_finds_what_is_agreed_to(telling: User, log: Callable[[], str]) -> None:
    life = Life(telling)
    for step, *about in (("agree", set(ATTRIBUTES)), ("upload",), ("read",), ("say", "gender")):
        getattr(life, step)(*about)
    texts = [text for _, text in (*everywhere(Path(settings.MEDIA_ROOT)), *answers(life.person))]
    for word in (*(word for tells in TELLS.values() for word in tells), "q7x gender note"):
        assert any(word in text for text in texts), word
