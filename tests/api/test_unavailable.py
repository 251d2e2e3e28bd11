"""The API while the database is away."""

from collections.abc import Callable

import pytest
from django.db import OperationalError
from rest_framework.test import APIClient

from accounts.models import User


def test_a_database_that_is_away_is_a_problem_that_says_when_to_try_again(
    ann: User, api: Callable[[User | None], APIClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: object) -> None:
        raise OperationalError("connection refused by postgres://facet:secret@db")

    monkeypatch.setattr("analysis.api.photos.PhotoListView.get_queryset", away)
    answer = api(ann).get("/api/v1/photos/")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer["Retry-After"] == "30"
    assert "secret" not in answer.content.decode()
