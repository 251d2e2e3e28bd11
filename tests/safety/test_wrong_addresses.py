"""What schemathesis found: a wrong address of the API is a problem too, whatever it holds and however asked for."""

import pytest
from django.test import Client


@pytest.mark.parametrize("path", ["/api/v1/photos/null/retry/", "/api/v1/photos/a%0Ab/retry/", "/api/%0A", "/api/"])
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_it_is_not_found_and_no_page(path: str, method: str) -> None:
    answer = getattr(Client(enforce_csrf_checks=True), method)(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
