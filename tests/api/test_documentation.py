"""The API describes itself, offline."""

import re
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.test import Client

from analysis.engine import QUALITY_CODES

PROMISED = {
    ("/api/v1/me/", "get"): "getMe",
    ("/api/v1/photos/", "get"): "listPhotos",
    ("/api/v1/photos/", "post"): "uploadPhotos",
    ("/api/v1/photos/{uuid}/", "get"): "getPhoto",
    ("/api/v1/photos/{uuid}/", "delete"): "deletePhoto",
}


@pytest.fixture
def schema(client: Client, db: None) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(client.get("/api/schema/").content)
    return document


def test_the_schema_is_valid_and_without_warnings(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, file="/dev/null")
    assert "Warning" not in capsys.readouterr().err


def test_the_schema_holds_what_was_promised(schema: dict[str, Any]) -> None:
    for (path, method), operation in PROMISED.items():
        assert schema["paths"][path][method]["operationId"] == operation


def test_every_operation_needs_a_token_or_a_session(schema: dict[str, Any]) -> None:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            assert operation["security"], f"{method} {path}"
            assert {} not in operation["security"], f"{method} {path}"


def test_the_reasons_of_a_face_are_described(schema: dict[str, Any]) -> None:
    parts = schema["components"]["schemas"]
    code = parts["ReasonOutput"]["properties"]["code"]
    named = code.get("$ref") or code["allOf"][0]["$ref"]
    assert parts[named.split("/")[-1]]["enum"] == list(QUALITY_CODES)
    reasons = parts["QualityOutput"]["properties"]["reasons"]
    assert reasons["items"]["$ref"].endswith("/ReasonOutput")
    assert parts["QualityOutput"]["properties"]["turn"]["nullable"] is True


def test_the_documentation_page_loads_nothing_from_elsewhere(client: Client, db: None) -> None:
    page = client.get("/api/docs/").content.decode()
    assert "swagger-ui" in page
    assert re.findall(r'(?:src|href)="(?:https?:)?//', page) == []


def test_the_list_describes_its_filters_its_pages_and_its_failures(schema: dict[str, Any]) -> None:
    operation = schema["paths"]["/api/v1/photos/"]["get"]
    names = {parameter["name"] for parameter in operation["parameters"]}
    assert {"cursor", "page_size", "status", "emotion", "gender", "age_from", "since"} <= names
    answer = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].split("/")[-1]
    assert {"next", "previous", "results"} <= set(schema["components"]["schemas"][answer]["properties"])
    for methods in schema["paths"].values():
        for one in methods.values():
            problem = one["responses"]["401"]["content"]["application/problem+json"]["schema"]["$ref"]
            assert problem.endswith("ProblemDetailsOutput")
