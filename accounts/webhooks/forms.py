"""What the pages accept."""

from typing import Any

from django import forms

from accounts.forms import Sentences
from accounts.webhooks.addresses import LONGEST, AddressError, target_of
from accounts.webhooks.events import CHOOSABLE, Event


class WebhookForm(forms.Form):
    """Where to, and what of."""

    url = forms.CharField(
        label="Address of your program",
        max_length=LONGEST,
        widget=forms.URLInput(attrs={"autocomplete": "off", "placeholder": "https://example.org/facet"}),
        help_text="Messages are sent there by POST.",
    )
    name = forms.CharField(
        label="What is it for?",
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "Photo archive"}),
    )
    events = forms.MultipleChoiceField(
        label="What should it be told?",
        choices=CHOOSABLE,
        initial=[Event.PHOTO_DONE, Event.PHOTO_FAILED],
        widget=Sentences,
        error_messages={"required": "Choose at least one, or it would never be told anything."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Labels are questions."""
        super().__init__(*args, **kwargs)
        self.label_suffix = ""

    def clean_url(self) -> str:
        """Raises ValidationError for what is never written to; where its name leads is looked at when it is sent."""
        url: str = self.cleaned_data["url"]
        try:
            target_of(url)
        except AddressError as error:
            raise forms.ValidationError(str(error)) from None
        return url
