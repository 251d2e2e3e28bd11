"""Query parameters of the queue: the filters of the admin's."""

from typing import Any

import django_filters

from analysis import queue
from analysis.models.face import EMOTION_CHOICES, GENDERS


def _rule(choices: Any, narrow: Any, label: str) -> Any:
    """A parameter whose words `narrow` knows."""
    return django_filters.ChoiceFilter(
        choices=choices, label=label, method=lambda faces, _name, value: narrow(faces, value)
    )


class QueueFilter(django_filters.FilterSet):  # type: ignore[misc]  # has no types
    """Where a second look is worth most; several narrow together."""

    reviewed = _rule(queue.REVIEWED, queue.by_review, "What was decided; open: nothing yet; contested: by its owner")
    confidence = _rule(queue.CONFIDENCE, queue.by_confidence, "What the engine is not sure of")
    reason = _rule(queue.REASONS, queue.by_reason, "What makes it hard to read; any: something")
    gender = django_filters.ChoiceFilter(choices=GENDERS, label="Estimated so")
    emotion = django_filters.ChoiceFilter(choices=EMOTION_CHOICES, label="Estimated so")
    model = django_filters.CharFilter(field_name="analysis__model_version", label="Version of the weights that said so")
