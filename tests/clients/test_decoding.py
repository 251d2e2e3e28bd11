"""From JSON to answers: newer and older servers are understood, and what is no answer is said to be none."""

import dataclasses
from datetime import UTC, datetime
from typing import Any

import pytest

from facet_client.answers import Analysis, Face, Person, Photo
from facet_client.decoding import DecodeError, decode
from tests.clients.conftest import photo_json

BOX = {"x": 1, "y": -2.5, "width": 3, "height": 4}


def test_what_is_not_known_is_passed_over_but_kept_as_it_came() -> None:
    told = photo_json("1", "sleeping", mood="new") | {"colour": "blue"}
    photo = decode(Photo, told)
    assert (photo.analysis.status, photo.analysis.lane) == ("sleeping", "interactive")
    assert photo.raw["colour"] == "blue"


def test_a_face_without_estimates_is_a_face() -> None:
    face = decode(Face, {"id": "1", "box": BOX, "age": None, "gender": {"label": None}})
    assert (face.box.y, face.age, face.emotion) == (-2.5, None, None)
    assert face.gender is not None
    assert face.gender.label is None


@pytest.mark.parametrize("written", ["2026-01-31T10:20:30Z", "2026-01-31T12:20:30.000000+02:00"])
def test_times_know_their_zone(written: str) -> None:
    person = decode(Person, {"id": "1", "email": "a@b.c", "date_joined": written})
    assert person.date_joined.astimezone(UTC) == datetime(2026, 1, 31, 10, 20, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ([], "the answer is not an object"),
        ({"id": "1", "name": "a"}, "analysis is missing"),
        ({"id": 1, "name": "a", "analysis": {}}, "id is not a text"),
        (photo_json("1", faces=[{"id": "1", "box": BOX | {"x": "left"}}]), "analysis.faces[0].box.x is not a number"),
        (photo_json("1", attempts=1.5), "analysis.attempts is not a whole number"),
        (photo_json("1", faces={}), "analysis.faces is not a list"),
        (photo_json("1", queued_at="today"), "analysis.queued_at is not a time"),
        (photo_json("1", timings_ms={"decode": True}), "analysis.timings_ms.decode is not a number"),
    ],
)
def test_what_is_no_photo_says_where(told: Any, words: str) -> None:
    with pytest.raises(DecodeError) as raised:
        decode(Photo, told)
    assert str(raised.value) == words


def test_answers_cannot_be_changed() -> None:
    analysis = decode(Analysis, {"id": "1", "status": "done"})
    with pytest.raises(dataclasses.FrozenInstanceError):
        analysis.status = "failed"  # type: ignore[misc]
