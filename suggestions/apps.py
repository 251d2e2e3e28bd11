"""The suggestions app."""

from django.apps import AppConfig


class SuggestionsConfig(AppConfig):
    """Catalogue, ranking and feedback."""

    name = "suggestions"
