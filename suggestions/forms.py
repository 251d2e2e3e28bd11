"""What pages accept."""

from typing import Any

from django import forms

from suggestions.models import FeedbackKind, Kind


class PhotoForm(forms.Form):
    """Which photo's list to go back to, if any."""

    photo = forms.UUIDField(required=False)


class FeedbackForm(PhotoForm):
    """A person's word on one item."""

    kind = forms.ChoiceField(choices=FeedbackKind.choices)


class PreferenceForm(forms.Form):
    """What a person wants to see."""

    kinds = forms.MultipleChoiceField(
        label="What would you like to see?",
        choices=[(Kind.MUSIC, "music"), (Kind.FILM, "films"), (Kind.BOOK, "books"), (Kind.ACTIVITY, "things to do")],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="What you choose comes first, whatever a photo shows. Choose nothing to see everything.",
    )
    use_photos = forms.BooleanField(
        label="Use what my photos show",
        required=False,
        help_text="When off, the expression shown and the age in a photo count for nothing. You still get a list: "
        "our editors' order, your own choices, and only what is fit for every child.",
    )

    def __init__(self, *args: Any, agreed: bool, **kwargs: Any) -> None:
        """`agreed`: whether photos may count at all; the consent page asks that."""
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        if not agreed:
            del self.fields["use_photos"]
