"""What the API accepts and gives."""

from typing import Any

from rest_framework import serializers

from suggestions.models import FeedbackKind, Kind
from suggestions.services import LIMIT

MOST = 20


class SuggestionsInput(serializers.Serializer[dict[str, Any]]):
    """Query of a list."""

    limit = serializers.IntegerField(
        min_value=1, max_value=MOST, default=LIMIT, help_text=f"How many suggestions at most; 1 to {MOST}."
    )


class TermOutput(serializers.Serializer[Any]):
    """One summand of a score."""

    name = serializers.ChoiceField(choices=["wished", "expression", "age", "alike", "standing"])
    points = serializers.FloatField()


class SuggestionOutput(serializers.Serializer[Any]):
    """One suggested item, with its reasons."""

    slug = serializers.CharField(source="item.slug")
    kind = serializers.ChoiceField(choices=Kind.choices, source="item.kind")
    title = serializers.CharField(source="item.title")
    by = serializers.CharField(source="item.by", help_text="Who made it; empty for what has no maker.")
    description = serializers.CharField(source="item.description")
    minutes = serializers.IntegerField(source="item.minutes", allow_null=True)
    minimum_age = serializers.IntegerField(source="item.minimum_age", help_text="0: fit for every child.")
    liked = serializers.BooleanField(help_text="Whether you asked for more like it.")
    why = serializers.CharField(help_text="A sentence made of the terms that scored.")
    reasons = serializers.ListField(child=serializers.CharField(), help_text="The same, clause by clause.")
    score = serializers.FloatField(help_text="The sum of the terms' points.")
    terms = TermOutput(many=True)


class SuggestionsOutput(serializers.Serializer[Any]):
    """A list and what it rests on."""

    uses_photo = serializers.BooleanField(help_text="False when you switched off “use what my photos show”.")
    faces = serializers.IntegerField(help_text="Faces that counted; the largest one leads.")
    child_safe = serializers.BooleanField(
        help_text="Whether only items fit for every child were eligible: a face may be under 18, or no age is clear."
    )
    suggestions = SuggestionOutput(many=True, source="shown")


class FeedbackInput(serializers.Serializer[dict[str, Any]]):
    """What you say about an item."""

    kind = serializers.ChoiceField(choices=FeedbackKind.choices)
    photo = serializers.UUIDField(required=False, help_text="The photo whose list showed the item, if any.")
