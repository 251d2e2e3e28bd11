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


class DeleteAccountForm(forms.Form):
    """The password once more: a screen that was left open is not enough to lose everything."""

    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: User, may_try: bool, **kwargs: Any) -> None:
        """Whose account it is; `may_try` is False after too many attempts, and then no password is looked at."""
        super().__init__(*args, **kwargs)
        self._user, self._may_try = user, may_try

    def clean_password(self) -> str:
        """The password. Raises ValidationError when it is not the person's, or was tried too often."""
        password: str = self.cleaned_data["password"]
        if not self._may_try:
            raise forms.ValidationError("There were too many attempts. Wait a minute, then try again.")
        if not self._user.check_password(password):
            raise forms.ValidationError("This is not your password. Nothing was deleted.")
        return password
