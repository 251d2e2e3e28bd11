"""What pages of the account accept."""

from typing import Any

from django import forms
from knox.settings import knox_settings

from accounts.models import ApiToken, User


class TokenForm(forms.Form):
    """A name that tells the person later what the token is for."""

    name = forms.CharField(
        label="What is it for?",
        max_length=80,
        strip=True,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "Script on my laptop"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Whose token it will be."""
        super().__init__(*args, **kwargs)
        self._user = user

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError when the person has as many tokens as are allowed."""
        limit = knox_settings.TOKEN_LIMIT_PER_USER
        if limit is not None and ApiToken.objects.filter(user=self._user).count() >= limit:
            raise forms.ValidationError(f"You have {limit} tokens, which is the most. Remove one you no longer use.")
        return self.cleaned_data
