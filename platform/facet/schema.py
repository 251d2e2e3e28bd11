"""How the API describes itself: every operation says how it fails, in the one shape that errors have."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers


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
    "404": "There is nothing here, or it is not yours.",
    "429": "Too many requests; Retry-After says how long to wait.",
}
PROBLEM = "application/problem+json"


class FacetSchema(AutoSchema):
    """spectacular's, with the failures that views need not repeat."""

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        codes = ["401", "429"]
        if self.method in {"POST", "PUT", "PATCH"} or self._is_list_view():
            codes.append("400")
        if "{" in self.path:
            codes.append("404")
        for code in codes:
            if code not in bodies:
                describe: Any = self._get_response_for_code
                bodies[code] = describe(ProblemDetailsOutput, code, media_types=[PROBLEM])
                bodies[code]["description"] = SENTENCES[code]
        return bodies
