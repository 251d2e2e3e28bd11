"""What pages of the account accept."""

from datetime import timedelta
from typing import Any, Final

from django import forms
from knox.settings import knox_settings

from accounts.models import ApiToken, User
from accounts.scopes import REVIEWERS_RIGHT, Scope

LIFETIMES: Final = (
    ("7", "7 days"),
    ("30", "30 days"),
    ("90", "90 days"),
    ("365", "a year"),
    ("never", "until I remove it"),
)


class Sentences(forms.CheckboxSelectMultiple):
    """Check boxes whose labels are too long to stand beside each other."""

    stacked = True


class TokenForm(forms.Form):
    """A name that tells the person later what the token is for, what it may do, and for how long."""

    name = forms.CharField(
        label="What is it for?",
        max_length=80,
        strip=True,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "Script on my laptop"}),
    )
    scopes = forms.MultipleChoiceField(
        label="What may it do?",
        choices=Scope.choices,
        initial=[Scope.READ],
        widget=Sentences,
        help_text="Choose no more than the program needs. Whoever gets hold of the token can do as much.",
        error_messages={"required": "Choose at least one, or the token would open nothing."},
    )
    lifetime = forms.ChoiceField(label="For how long?", choices=LIFETIMES, initial="90")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Whose token it will be; only reviewers are offered what only they may do."""
        super().__init__(*args, **kwargs)
        self._user = user
        self.label_suffix = ""
        if not user.has_perm(REVIEWERS_RIGHT):
            offered = [choice for choice in Scope.choices if choice[0] != Scope.REVIEW]
            self.fields["scopes"].choices = offered  # type: ignore[attr-defined]

    def clean_lifetime(self) -> timedelta | None:
        """How long it is good for; None: until it is removed."""
        days = self.cleaned_data["lifetime"]
        return None if days == "never" else timedelta(days=int(days))

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
        if not user.has_usable_password():  # who signs in elsewhere has none to enter
            del self.fields["password"]

    def clean_password(self) -> str:
        """The password. Raises ValidationError when it is not the person's, or was tried too often."""
        password: str = self.cleaned_data["password"]
        if not self._may_try:
            raise forms.ValidationError("There were too many attempts. Wait a minute, then try again.")
        if not self._user.check_password(password):
            raise forms.ValidationError("This is not your password. Nothing was deleted.")
        return password
