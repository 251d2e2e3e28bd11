"""Every error a person can meet has a next step."""

from typing import Any

import pytest
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.views import defaults


def test_an_unknown_address(client: Client, ann_client: Client) -> None:
    for person in (client, ann_client):
        response = person.get("/nowhere/")
        assert response.status_code == 404
        assert "There is nothing here" in response.content.decode()
        assert 'href="/"' in response.content.decode()


@pytest.mark.parametrize("name", ["400.html", "500.html", "403.html", "404.html", "403_csrf.html"])
def test_each_stands_without_a_request_and_offers_a_way_on(name: str) -> None:
    page = render_to_string(name)
    assert "<h1>" in page
    assert 'class="button"' in page
    assert " style=" not in page


@pytest.mark.parametrize("view", [defaults.server_error, defaults.bad_request])
def test_django_uses_them(view: Any) -> None:
    request: HttpRequest = RequestFactory().get("/")
    response = view(request, exception=None) if view is defaults.bad_request else view(request)
    assert "Facet" in response.content.decode()


def test_a_form_that_was_open_for_too_long(db: None) -> None:
    response = Client(enforce_csrf_checks=True).post("/account/login/", {})
    assert response.status_code == 403
    assert "reload the page and send it again" in response.content.decode()


def test_a_refused_request_names_what_it_may_have_been_and_what_to_do(client: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["facet.example.org"]
    response = client.get("/", headers={"Host": "elsewhere.example.org"})
    assert response.status_code == 400
    page = response.content.decode()
    assert "FACET_ALLOWED_HOSTS" in page
    assert "send less at a time" in page
