"""Which photos a person wants to see in their history."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any, Final

import django_filters
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Exists, FloatField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Coalesce, NullIf
from django.utils import timezone

from analysis.models import UNFINISHED, Analysis, Correction, Face, Status
from analysis.models.analysis import AnalysisQuerySet
from analysis.models.face import EMOTION_CHOICES, GENDERS, OLDEST, FaceQuerySet
from analysis.models.photo import PhotoQuerySet

SEARCHED: Final = 20_000
"""Photos that the history looks through for faces at once; older ones are another search."""

NO_FACE: Final = "no-face"
STATES: Final = (
    ("read", "read"),
    (NO_FACE, "no face found"),
    ("unfinished", "waiting or being read"),
    ("failed", "could not be read"),
    ("stopped", "stopped"),
)
_STATUSES: Final = {"unfinished": UNFINISHED, "failed": (Status.FAILED,), "stopped": (Status.CANCELLED,)}
UNSURE: Final = (
    ("any", "gender or expression"),
    ("gender", "gender"),
    ("emotion", "expression shown"),
)


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

    def searched(self) -> PhotoQuerySet:
        """The photos that match, of those that are looked through."""
        moment = self.first_not_searched()
        found: PhotoQuerySet = self.qs
        return found if moment is None else found.filter(created_at__gt=moment)

    def first_not_searched(self) -> datetime | None:
        """When the newest photo that is not looked through was uploaded; None when all are.

        Faces have to be looked at photo by photo, and a page must not take longer the more photos somebody has.
        """
        asked = self._asked()
        if _face(asked, "") == Q():
            return None
        moments = self.queryset.filter(_uploaded(asked)).values_list("created_at", flat=True)
        return moments[SEARCHED : SEARCHED + 1].first()  # type: ignore[no-any-return]

    def _asked(self) -> dict[str, Any]:
        return {name: value for name, value in self.form.cleaned_data.items() if value not in ("", None)}

    def filter_queryset(self, queryset: PhotoQuerySet) -> PhotoQuerySet:
        """Narrow `queryset` by what the form says."""
        asked = self._asked()
        queryset = queryset.filter(_uploaded(asked))
        if state := asked.get("state"):
            queryset = queryset.filter(_in_state(state))
        if (wanted := _face(asked, "shown_")) != Q():
            faces = _as_shown(_faces(_face(asked, ""))).filter(wanted)
            # not `Exists`: the database cannot know how many faces are shown as what and would go through those of
            # everybody; so it looks photo by photo, newest first, and stops when a page is full
            queryset = queryset.alias(meant=Subquery(faces.order_by().values("pk")[:1])).filter(meant__isnull=False)
        return queryset


def shown_with(*statuses: Status) -> AnalysisQuerySet:
    """For `Exists` in a query of photos: what is shown of the photo, if that has one of `statuses`.

    In the terms of `best_first`, but by what must not be there: the database can start from a few failed analyses as
    well as from a million photos, where a subquery with an order has to be asked once for each photo.
    """
    better = Q(pk__gt=OuterRef("pk"), status=Status.DONE)
    if Status.DONE not in statuses:
        better = Q(status=Status.DONE) | Q(pk__gt=OuterRef("pk"))
    others = Analysis.objects.filter(better, photo=OuterRef("photo"))
    mine = Analysis.objects.filter(photo=OuterRef("pk"), owner=OuterRef("owner"))
    return mine.filter(~Exists(others), status__in=statuses)


def _in_state(state: str) -> Exists:
    if state == "read":  # a result is shown whenever there is one
        return Exists(Analysis.objects.filter(photo=OuterRef("pk"), status=Status.DONE))
    if state == NO_FACE:
        return Exists(shown_with(Status.DONE).filter(~Exists(Face.objects.filter(analysis=OuterRef("pk")))))
    return Exists(shown_with(*_STATUSES[state]))


def _uploaded(asked: dict[str, Any]) -> Q:
    wanted = Q()
    if since := asked.get("since"):
        wanted &= Q(created_at__gte=_midnight(since))
    if until := asked.get("until"):
        wanted &= Q(created_at__lt=_midnight(until + timedelta(days=1)))
    return wanted


def _midnight(day: date) -> datetime:
    """Its beginning where the pages' clock is; compared as a time, so that the index on the photos' times serves."""
    return timezone.make_aware(datetime.combine(day, time.min))


def _faces(estimate: Q) -> FaceQuerySet:
    """For a subquery in a query of photos: faces of what is shown of it, estimated so or corrected in some way.

    That is less than `_as_shown` asks, but spares most faces the search for their corrections.
    """
    newer = Analysis.objects.filter(photo=OuterRef("analysis__photo"), status=Status.DONE, pk__gt=OuterRef("analysis"))
    corrected = Exists(Correction.objects.filter(face=OuterRef("pk")))
    return Face.objects.filter(estimate | Q(corrected), ~Exists(newer), analysis__photo=OuterRef("pk"))


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
        .alias(shown_emotion=said("emotion"), shown_gender=said("gender"), shown_age_years=Coalesce(age, "age_years"))
    )


def _face(asked: dict[str, Any], prefix: str) -> Q:
    """What is asked of a face's values, which are called `prefix` and emotion, gender or age_years.

    Ages are compared as they are shown: rounded to whole years.
    """
    wanted = Q(**{f"{prefix}{name}": asked[name] for name in ("emotion", "gender") if name in asked})
    age = f"{prefix}age_years"
    if "age_from" in asked:
        wanted &= Q(**{f"{age}__gte": float(asked["age_from"]) - 0.5})
    if "age_to" in asked:
        wanted &= Q(**{f"{age}__lt": float(asked["age_to"]) + 0.5})
    if "unsure" in asked:
        wanted &= _unsure(asked["unsure"], prefix)
    return wanted


def _unsure(about: str, prefix: str) -> Q:
    """Of what was estimated: what the owner did not agree to is neither sure nor unsure."""
    names = ("gender", "emotion") if about == "any" else (about,)
    asked = [Q(**{f"{prefix}{name}": "", f"{name}_confidence__isnull": False}) for name in names]
    return reduce(or_, asked)


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
