"""What somebody says about a face: where nothing is said it is null, as everywhere in the API; the tables hold ""."""

from collections.abc import Mapping
from typing import Any, Final, TypeVar

from django.db.models import Model
from rest_framework import serializers

WORDS: Final = ("gender", "emotion", "note")

TOLD: Final = {name: {"allow_null": True, "allow_blank": False} for name in WORDS}
ENTERED: Final = {name: {"allow_null": True} for name in WORDS}
"""For `extra_kwargs`; the empty string is taken as well."""

S = TypeVar("S", bound=Model)


class SaidOutput(serializers.ModelSerializer[S]):
    """The base of what is told."""

    def to_representation(self, said: S) -> dict[str, Any]:
        """Null for what is not said."""
        told: Mapping[str, Any] = super().to_representation(said)
        return {name: None if name in WORDS and value == "" else value for name, value in told.items()}


class SaidInput(serializers.ModelSerializer[S]):
    """The base of what is entered."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """The empty string for what is not said. Raises ValidationError."""
        entered: Mapping[str, Any] = super().to_internal_value(data)
        return {name: "" if name in WORDS and value is None else value for name, value in entered.items()}
