"""The API describes itself, offline."""

import re
from pathlib import Path
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
    ("/api/v1/photos/{uuid}/analyses/", "get"): "listAnalyses",
    ("/api/v1/photos/{uuid}/retry/", "post"): "retryPhoto",
    ("/api/v1/photos/{uuid}/cancel/", "post"): "cancelPhoto",
    ("/api/v1/photos/{uuid}/reread/", "post"): "rereadPhoto",
    ("/api/v1/photos/reread/", "get"): "getRereading",
    ("/api/v1/photos/reread/", "post"): "rereadPhotos",
    ("/api/v1/photos/reread/", "delete"): "stopRereading",
    ("/api/v1/batches/", "get"): "listBatches",
    ("/api/v1/batches/{uuid}/", "get"): "getBatch",
    ("/api/v1/batches/{uuid}/", "delete"): "deleteBatch",
    ("/api/v1/try/", "post"): "tryPhoto",
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
    answers = operation["responses"]["200"]["content"]["application/json"]["schema"]["anyOf"]
    for answer in (answer["$ref"].split("/")[-1] for answer in answers):
        assert {"next", "previous", "results"} <= set(schema["components"]["schemas"][answer]["properties"])
    for methods in schema["paths"].values():
        for one in methods.values():
            problem = one["responses"]["401"]["content"]["application/problem+json"]["schema"]["$ref"]
            assert problem.endswith("ProblemDetailsOutput")


def test_who_is_turned_away_is_told_when_to_come_back_and_the_schema_says_so(schema: dict[str, Any]) -> None:
    responses = schema["paths"]["/api/v1/photos/"]["post"]["responses"]
    for code in ("429", "503", "507"):
        assert responses[code]["headers"]["Retry-After"]["schema"]["type"] == "integer"
    assert "queue_full" in responses["503"]["description"]
    assert "quota_reached" in responses["429"]["description"]


def test_every_failure_has_the_shape_of_a_problem(schema: dict[str, Any]) -> None:
    for path, methods in schema["paths"].items():
        for operation in methods.values():
            for code, response in operation["responses"].items():
                if code >= "400":
                    assert response.get("content"), f"{path} {code}"


def test_the_states_and_the_lane_of_an_analysis_are_described(schema: dict[str, Any]) -> None:
    parts = schema["components"]["schemas"]
    assert "cancelled" in parts["StatusEnum"]["enum"]
    fields = parts["AnalysisOutput"]["properties"]
    assert all(fields[name]["nullable"] for name in ("ahead", "seconds_left"))
    assert {"batch", "accepted", "linked", "rejected"} == set(parts["UploadOutput"]["properties"])
    assert parts["PhotoOutput"]["properties"]["pending"]["nullable"] is True


def test_what_fields_may_leave_out_is_described_as_a_part_of_the_whole(schema: dict[str, Any]) -> None:
    parts = schema["components"]["schemas"]
    answer = schema["paths"]["/api/v1/photos/{uuid}/"]["get"]["responses"]["200"]["content"]["application/json"]
    assert [one["$ref"].split("/")[-1] for one in answer["schema"]["anyOf"]] == ["PhotoOutput", "PhotoOutputPart"]
    assert "required" in parts["PhotoOutput"]
    assert "required" not in parts["PhotoOutputPart"]
    assert set(parts["PhotoOutputPart"]["properties"]) == set(parts["PhotoOutput"]["properties"])
    assert "FaceOutputPart" in str(parts["AnalysisOutputPart"])
    assert parts["PaginatedPhotoOutputListPart"]["required"] == ["results"]


def test_one_answer_leads_to_the_next(schema: dict[str, Any]) -> None:
    links = schema["paths"]["/api/v1/photos/"]["post"]["responses"]["202"]["links"]
    assert links["batch"] == {"operationId": "getBatch", "parameters": {"uuid": "$response.body#/batch/id"}}


def test_the_file_in_the_repository_is_the_schema_that_is_served(tmp_path: Path) -> None:
    made = tmp_path / "openapi.yaml"
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(made))
    kept = (Path(__file__).parents[2] / "docs" / "openapi.yaml").read_text("utf-8")
    assert made.read_text("utf-8") == kept, "the API has changed: look at what `make openapi` changes, and commit it"
