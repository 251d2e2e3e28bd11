"""How the API describes itself: every operation says how it fails, in the one shape that errors have."""

import copy
from collections.abc import Iterator
from typing import Any, Final

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_bearer_security_scheme_object
from rest_framework import serializers

from accounts.api.permissions import wanted_by
from facet.answer_headers import HEADERS


class FieldProblemOutput(serializers.Serializer[Any]):
    """What is wrong about one field."""

    field = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()


class ProblemDetailsOutput(serializers.Serializer[Any]):
    """RFC 9457 problem details."""

    type = serializers.CharField(help_text="urn:facet:problem: and the code.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="Stable; for programs.")
    detail = serializers.CharField(help_text="A sentence for people.")
    errors = FieldProblemOutput(many=True, help_text="One entry for each wrong field; often empty.")  # type: ignore[assignment]


SENTENCES = {
    "400": "Some values are missing or wrong.",
    "401": "The token is missing, wrong or expired.",
    "403": "The token lacks the scope (code `scope_missing`); WWW-Authenticate names it. Or you may not do this.",
    "404": "There is nothing here, or it is not yours.",
    "429": "Too many requests; Retry-After says how long to wait.",
}
PROBLEM = "application/problem+json"
RATE_LIMITS = {name: {"$ref": f"#/components/headers/{name}"} for name in HEADERS}
RETRY_AFTER = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds until asking again is worth it."}}


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself
    """The header with a token."""

    target_class = "accounts.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:  # noqa: ARG002
        """Scopes are with each operation: OpenAPI 3.0 knows none of this kind of token."""
        scheme: dict[str, Any] = build_bearer_security_scheme_object("Authorization", "Token")
        return scheme


class FacetSchema(AutoSchema):
    """spectacular's, with the scopes of operations and the failures that views need not repeat."""

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """With the scope in words and, for programs, as `x-scopes`: one of these is enough."""
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        wanted = wanted_by(getattr(self.view, "scopes", {}), self.method)
        if operation is not None and wanted:
            told = " or ".join(f"`{name}`" for name in wanted)
            sentence = f"A token needs the scope {told}."
            operation["description"] = "\n\n".join(filter(None, (operation.get("description"), sentence)))
            operation["x-scopes"] = [str(name) for name in wanted]
        return operation

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        codes = ["401", "403", "429"]
        asks = any(one["in"] == "query" for one in self._get_parameters())
        if self.method in {"POST", "PUT", "PATCH"} or self._is_list_view() or asks:
            codes.append("400")
        if "{" in self.path:
            codes.append("404")
        for code in codes:
            bodies.setdefault(code, {"description": SENTENCES[code]})
        for code, body in bodies.items():
            body["headers"] = body.get("headers", {}) | RATE_LIMITS
            if code >= "400":  # beside what a view says of its own: an upload of which nothing could be kept
                body["content"] = body.get("content", {}) | self._problem(code)
            if code == "429":
                body["headers"] = RETRY_AFTER | body["headers"]
        return bodies

    def _problem(self, code: str) -> Any:
        describe: Any = self._get_response_for_code
        return describe(ProblemDetailsOutput, code, media_types=[PROBLEM])["content"]


PART: Final = "Part"
"""How the component of a chosen part of another ends."""

LINKS: Final = {
    "uploadPhotos": {
        "batch": ("getBatch", "$response.body#/batch/id"),
        "photo": ("getPhoto", "$response.body#/accepted/0/id"),
        "deleteBatch": ("deleteBatch", "$response.body#/batch/id"),
    },
    "createWebhook": {
        "webhook": ("getWebhook", "$response.body#/id"),
        "ping": ("pingWebhook", "$response.body#/id"),
        "deliveries": ("listWebhookDeliveries", "$response.body#/id"),
        "rotate": ("rotateWebhookSecret", "$response.body#/id"),
        "change": ("changeWebhook", "$response.body#/id"),
        "delete": ("deleteWebhook", "$response.body#/id"),
    },
    "listBatches": {"batch": ("getBatch", "$response.body#/results/0/id")},
    "getBatch": {"delete": ("deleteBatch", "$response.body#/id")},
}
"""Operation: what can be asked for next with its answer, and where in that the uuid is."""


def describe_parts(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """For spectacular: where `fields` can be asked for, an answer may also be a part of the whole.

    Of a part no property is required. Lists keep what surrounds their results.
    """
    schemas = result["components"]["schemas"]
    for operation in _operations(result):
        if not any(one["name"] == "fields" and one["in"] == "query" for one in operation.get("parameters", ())):
            continue
        answer = operation["responses"]["200"]["content"]["application/json"]
        answer["schema"] = {"anyOf": [answer["schema"], _part(answer["schema"], schemas)]}
    result["components"]["schemas"] = dict(sorted(schemas.items()))
    return result


def _part(schema: Any, schemas: dict[str, Any]) -> Any:
    """`schema` with a part in place of each component that it refers to; parts are added to `schemas`."""
    if isinstance(schema, list):
        return [_part(one, schemas) for one in schema]
    if not isinstance(schema, dict):
        return schema
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    if not name or schemas[name].get("type") != "object":
        return {key: _part(value, schemas) for key, value in schema.items()}
    part = f"{name}{PART}"
    if part not in schemas:
        schemas[part] = {}  # so that one which refers to itself ends
        whole = copy.deepcopy(schemas[name])
        if "results" not in whole.get("properties", {}):
            whole.pop("required", None)
        schemas[part] = _part(whole, schemas)
    return {"$ref": f"#/components/schemas/{part}"}


def link_operations(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """For spectacular: OpenAPI links, by which programs, and the tests, find their way from one answer to the next."""
    for operation in _operations(result):
        for name, (target, where) in LINKS.get(operation["operationId"], {}).items():
            link = {"operationId": target, "parameters": {"uuid": where}}
            for code in {"200", "201", "202"} & set(operation["responses"]):
                operation["responses"][code].setdefault("links", {})[name] = link
    return result


def _operations(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in result["paths"].values():
        yield from methods.values()
