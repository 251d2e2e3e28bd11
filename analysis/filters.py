"""Which photos a person wants to see in their history."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

import django_filters
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Exists, FloatField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Coalesce, NullIf

from analysis.models import Analysis, Correction, Face, Status
from analysis.models.face import EMOTION_CHOICES, GENDERS, OLDEST, FaceQuerySet
from analysis.models.photo import PhotoQuerySet

NO_FACE: Final = "no-face"
STATES: Final = (
    ("read", "read"),
    (NO_FACE, "no face found"),
    ("unfinished", "waiting or being read"),
    ("failed", "could not be read"),
)
_STATUSES: Final = {
    "read": (Status.DONE,),
    NO_FACE: (Status.DONE,),
    "unfinished": (Status.QUEUED, Status.RUNNING),
    "failed": (Status.FAILED,),
}
UNSURE: Final = (
    ("any", "gender or expression"),
    ("gender", "gender"),
    ("emotion", "expression shown"),
)
_UNSURE: Final = {
    "any": Q(shown_gender="") | Q(shown_emotion=""),
    "gender": Q(shown_gender=""),
    "emotion": Q(shown_emotion=""),
}


def _choice(label: str, choices: tuple[tuple[str, str], ...]) -> Any:
    return django_filters.ChoiceFilter(label=label, choices=choices, empty_label="all")


def _age(label: str) -> Any:
    return django_filters.NumberFilter(
        label=label,
        decimal_places=0,
        validators=[MinValueValidator(0), MaxValueValidator(OLDEST)],
        widget=forms.NumberInput(attrs={"min": 0, "max": OLDEST, "step": 1, "inputmode": "numeric"}),
    )


def _day(label: str) -> Any:
    return django_filters.DateFilter(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), input_formats=["%Y-%m-%d"]
    )


class PhotoFilter(django_filters.FilterSet):  # type: ignore[misc]
    """By the latest analysis of each photo. What is asked about a face must hold for one and the same face."""

    emotion = _choice("Expression shown", EMOTION_CHOICES)
    gender = _choice("Gender", GENDERS)
    age_from = _age("Age from")
    age_to = _age("Age to")
    unsure = _choice("Not sure about", UNSURE)
    state = _choice("State", STATES)
    since = _day("Uploaded from")
    until = _day("Uploaded to")

    def filter_queryset(self, queryset: PhotoQuerySet) -> PhotoQuerySet:
        """Narrow `queryset` by what the form says."""
        given = self.form.cleaned_data.items()
        asked: dict[str, Any] = {name: value for name, value in given if value not in ("", None)}
        latest = Analysis.objects.filter(photo=OuterRef("pk")).order_by("-pk")
        queryset = queryset.filter(_uploaded(asked)).alias(latest_id=Subquery(latest.values("pk")[:1]))
        if state := asked.get("state"):
            in_state = Analysis.objects.filter(pk=OuterRef("latest_id"), status__in=_STATUSES[state])
            queryset = queryset.filter(Exists(in_state))
        faces = Face.objects.filter(analysis=OuterRef("latest_id"))
        if asked.get("state") == NO_FACE:
            queryset = queryset.exclude(Exists(faces))
        if (wanted := _face(asked)) != Q():
            queryset = queryset.filter(Exists(_as_shown(faces).filter(wanted)))
        return queryset


def _uploaded(asked: dict[str, Any]) -> Q:
    wanted = Q()
    if since := asked.get("since"):
        wanted &= Q(created_at__date__gte=since)
    if until := asked.get("until"):
        wanted &= Q(created_at__date__lte=until)
    return wanted


def _as_shown(faces: FaceQuerySet) -> FaceQuerySet:
    """Faces with what the owner's newest correction says in place of the estimate; what is no face is left out."""
    newest = Correction.objects.filter(face=OuterRef("pk")).order_by("-created_at")

    def said(field: str) -> Coalesce:
        return Coalesce(NullIf(Subquery(newest.values(field)[:1]), Value("")), field)

    age = Cast(Subquery(newest.values("age_years")[:1]), FloatField())
    denied = Coalesce(Subquery(newest.values("not_a_face")[:1]), Value(False))
    return (
        faces.alias(denied=denied)
        .filter(denied=False)
        .alias(shown_emotion=said("emotion"), shown_gender=said("gender"), shown_age=Coalesce(age, "age_years"))
    )


def _face(asked: dict[str, Any]) -> Q:
    """Ages are compared as they are shown: rounded to whole years."""
    wanted = Q(**{f"shown_{name}": asked[name] for name in ("emotion", "gender") if name in asked})
    if "age_from" in asked:
        wanted &= Q(shown_age__gte=float(asked["age_from"]) - 0.5)
    if "age_to" in asked:
        wanted &= Q(shown_age__lt=float(asked["age_to"]) + 0.5)
    if "unsure" in asked:
        wanted &= _UNSURE[asked["unsure"]]
    return wanted


def _day_words(value: date) -> str:
    return f"{value.day} {value:%B %Y}"


WORDS: Final[dict[str, Callable[[Any], str]]] = {
    "emotion": lambda value: f"{value} shown",
    "gender": str,
    "age_from": lambda value: f"from {value:.0f} years",
    "age_to": lambda value: f"to {value:.0f} years",
    "unsure": lambda value: f"not sure about {dict(UNSURE)[value]}",
    "state": lambda value: dict(STATES)[value],
    "since": lambda value: f"since {_day_words(value)}",
    "until": lambda value: f"until {_day_words(value)}",
}
"""How each filter reads on its chip."""
