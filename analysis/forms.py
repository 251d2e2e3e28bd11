"""What pages accept."""

from collections.abc import Set as AbstractSet
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxValueValidator

from analysis import keeping
from analysis.intake import Rejected, safe_name
from analysis.models import Correction, Keep
from analysis.models.face import EMOTION_CHOICES, GENDERS
from analysis.models.keeping import LONGEST_DAYS

MOST_IDS = 100
"""Photos that one poll may ask for; a page shows fewer."""


class FilesInput(forms.ClearableFileInput):
    """A file input that takes several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, unread: what is wrong with one of them is said about that one, by the intake."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:  # noqa: ARG002
        """The files as they came. Raises ValidationError when there is none."""
        files = [file for file in data or () if file]
        if not files:
            raise forms.ValidationError("Choose at least one photo.", code="required")
        return files


class RefusedField(forms.Field):
    """Files that the browser did not send, each as "code:name"; the sentence is the server's own."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[Rejected]:
        """What could not be taken. Raises ValidationError for an unknown code, or for more than can be chosen."""
        words: list[str] = value or []
        if len(words) > settings.UPLOAD_MAX_FILES:
            raise forms.ValidationError("too many")
        return [self._rejected(word) for word in words]

    def _rejected(self, word: str) -> Rejected:
        code, _, name = word.partition(":")
        if code != "too_large":
            raise forms.ValidationError("unknown code")
        megabytes = settings.PHOTO_MAX_MEGABYTES
        sentence = f"The file is over {megabytes} MB. Send a smaller version of the photo."
        return Rejected(safe_name(name), code, sentence)


class UploadForm(forms.Form):
    """Photos, and the batch they belong to when the browser sends them one by one."""

    photos = FilesField()
    batch = forms.UUIDField(required=False)
    refused = RefusedField(required=False)


class StatusesForm(forms.Form):
    """Which photos a page asks about, and how many it began with or which batch they are of."""

    ids = forms.CharField(required=False)
    batch = forms.UUIDField(required=False)
    of = forms.IntegerField(required=False, min_value=0, max_value=MOST_IDS)

    def clean_ids(self) -> list[UUID]:
        """The uuids. Raises ValidationError for anything else, or for too many."""
        words = [word for word in self.cleaned_data["ids"].split(",") if word]
        if len(words) > MOST_IDS:
            raise forms.ValidationError("too many")
        try:
            return [UUID(word) for word in words]
        except ValueError:
            raise forms.ValidationError("not a uuid") from None


class KeepingForm(forms.Form):
    """What stays, of what the installation allows."""

    keep = forms.ChoiceField(label="Once a photo was read, this stays", widget=forms.RadioSelect)
    days = forms.IntegerField(
        label="Days until everything goes",
        required=False,
        min_value=1,
        max_value=LONGEST_DAYS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The bounds as they are now."""
        super().__init__(*args, **kwargs)
        keep, days, most = self.fields["keep"], self.fields["days"], keeping.most().days
        assert isinstance(keep, forms.ChoiceField)  # noqa: S101
        assert isinstance(days, forms.IntegerField)  # noqa: S101
        keep.choices = [(one.value, one.label) for one in keeping.allowed()]
        days.help_text = "Counted from the upload: the results too. Leave it empty to keep them until you delete them."
        if most is not None:
            days.required, days.max_value = True, most
            days.validators.append(MaxValueValidator(most, f"Here everything goes after {most} days at the latest."))
            days.widget.attrs["max"] = most
            days.help_text = f"Counted from the upload: the results too. {most} at the most."

    @property
    def decision(self) -> keeping.Decision:
        """What was chosen; only after `is_valid`."""
        return keeping.Decision(Keep(self.cleaned_data["keep"]), self.cleaned_data["days"])


class CorrectionForm(forms.ModelForm):
    """What the owner says a face shows; one statement is enough."""

    class Meta:
        model = Correction
        fields = ("age_years", "gender", "emotion", "not_a_face", "note")
        labels = {"age_years": "Age in years", "note": "Anything else"}
        widgets = {
            "age_years": forms.NumberInput(attrs={"inputmode": "numeric"}),
            "gender": forms.RadioSelect,
            "note": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, attributes: AbstractSet[str], **kwargs: Any) -> None:
        """An empty choice means that nothing is said about it; `attributes` are those that may be spoken of."""
        super().__init__(*args, **kwargs)
        for name, field_name in (("age", "age_years"), ("gender", "gender"), ("emotion", "emotion")):
            if name not in attributes:
                del self.fields[field_name]
        for name, choices in (("gender", GENDERS), ("emotion", EMOTION_CHOICES)):
            if name not in self.fields:
                continue
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101
            field.choices = [("", "nothing to say"), *choices]

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError when nothing is said."""
        said = super().clean() or self.cleaned_data
        says_something = any(value not in ("", None) and value is not False for value in said.values())  # 0 is an age
        if not self.errors and not says_something:
            raise forms.ValidationError("Say at least one thing that is wrong, or go back to the photo.")
        return said
