"""Forms of decisions about faces: they notice that somebody else has decided since they were opened."""

from datetime import UTC, datetime
from typing import Any, Final, cast

from django import forms
from django.contrib.admin.helpers import ActionForm
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format

from accounts.models import User
from analysis import statements
from analysis.judging import says
from analysis.models import Review

SAID: Final = ("verdict", "age_years", "gender", "emotion", "note")


class DecisionForm(forms.ModelForm):
    """A decision, and which one its writer saw when the form was opened.

    Where there is another by now nothing is kept; the form comes back as it was typed, says what was decided, and
    replaces that when it is sent once more. `reviewer` is who asks: set on the class, which is made for each request.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput, help_text="When the decision was made, or empty.")
    reviewer: User

    class Meta:
        model = Review
        fields = SAID

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["seen"].initial = _mark(self._found())

    def clean(self) -> dict[str, Any] | None:
        """Holds the face until the transaction of the admin ends, so that it is asked and saved in one."""
        entered: dict[str, Any] = super().clean() or self.cleaned_data
        statements.hold_face(self.instance.face)
        found = self._found()
        if found is None or entered.get("seen") == _mark(found):
            return entered
        if found.reviewer_id == self.reviewer.pk and says(found, {name: entered.get(name) for name in SAID}):
            return entered  # sent twice
        self.add_error(None, self._told(found))
        typed = cast("QueryDict", self.data).copy()
        typed[self.add_prefix("seen")] = _mark(found)
        self.data = typed
        return entered

    def validate_unique(self) -> None:
        """A face may have a decision by now: whether it is replaced is asked above."""

    def _found(self) -> Review | None:
        """As it is now: the form may be of an older one, from the history."""
        face = self.instance.face_id
        return Review.objects.select_related("reviewer").filter(face=face).first() if face else None

    def _told(self, found: Review) -> str:
        who = "You have" if found.reviewer_id == self.reviewer.pk else f"{found.reviewer or 'Somebody'} has"
        age = f"age {found.age_years}" if found.age_years is not None else ""
        note = f"\N{LEFT DOUBLE QUOTATION MARK}{found.note}\N{RIGHT DOUBLE QUOTATION MARK}" if found.note else ""
        said = ", ".join(filter(None, [found.get_verdict_display(), age, found.gender, found.emotion, note]))
        when = date_format(timezone.localtime(found.reviewed_at), "j F Y, H:i")
        return (
            f"{who} decided about this face meanwhile, on {when}: {said}. "
            "Nothing of yours is saved yet. To put it in place of that, save again; to keep that, leave this page."
        )


BEFORE_ALL: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""No list is older, and what is near the ends of the calendar cannot be reckoned with."""


class MarkingForm(ActionForm):
    """What is done with chosen faces of a list, and when the list was made: a decision since then was not seen."""

    listed_at = forms.CharField(required=False, label="", widget=forms.HiddenInput)

    def made_for(self, when: datetime) -> None:
        """A list that was asked for then."""
        self.fields["listed_at"].initial = when.isoformat()


def listed_at(form: QueryDict) -> datetime | None:
    """As the `MarkingForm` that was sent says; None: it does not say."""
    try:
        found = parse_datetime(form.get("listed_at", ""))
        if found is None or timezone.is_naive(found) or found < BEFORE_ALL:
            return None
        return found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def reviewing(form: type[forms.ModelForm], person: User) -> None:
    """Tell a `DecisionForm`, as the admin made it for one request, who asks."""
    form.reviewer = person  # type: ignore[attr-defined]


def _mark(review: Review | None) -> str:
    """To the microsecond: no other decision about the face has it."""
    return review.reviewed_at.isoformat() if review else ""
