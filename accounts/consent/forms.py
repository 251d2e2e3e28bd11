"""What the consent page accepts."""

from typing import Any

from django import forms

from accounts.consent.purposes import EXPLANATIONS, Purpose, offered


class ConsentForm(forms.Form):
    """A switch for each purpose that is offered here; those that are not ticked are a no."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Nothing is ticked that the person has not ticked before."""
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for purpose in offered():
            self.fields[purpose.value] = forms.BooleanField(
                label=purpose.label, required=False, help_text=EXPLANATIONS[purpose]
            )

    @property
    def answers(self) -> dict[Purpose, bool]:
        """What was said to each purpose; only after `is_valid`. “All” and “none” are buttons of their own."""
        at_once = self.data.get("answer")
        if at_once in {"all", "none"}:
            return dict.fromkeys(offered(), at_once == "all")
        return {purpose: bool(self.cleaned_data[purpose.value]) for purpose in offered()}
