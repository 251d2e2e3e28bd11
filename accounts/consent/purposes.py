"""What can be agreed to, each by itself, and the words in which people are asked."""

from typing import Final

from django.conf import settings
from django.db import models

NOTICE_VERSION: Final = 1
"""Of the notice on the consent page. Raise it when what is done with photos changes: then everybody is asked again,
and until they answer nothing new of theirs is taken in."""


class Purpose(models.TextChoices):
    """One thing that is done with a person's photos."""

    AGE = "age", "Estimate the age"
    GENDER = "gender", "Estimate the gender"
    EMOTION = "emotion", "Estimate the expression shown"
    SUGGESTIONS = "suggestions", "Use my photos for suggestions"
    IMPROVEMENT = "improvement", "Let reviewers look, to make the models better"


ATTRIBUTES: Final = (Purpose.AGE, Purpose.GENDER, Purpose.EMOTION)
"""Those that the engine works out of a face; their values are its names for them."""

EXPLANATIONS: Final = {
    Purpose.AGE: "In years, as each face appears, with the range that the true age is likely to lie in.",
    Purpose.GENDER: (
        "Female, male or not sure, as each face appears. The very young get no answer, so the engine checks whether a "
        "face may be that of a very young child; that is not kept."
    ),
    Purpose.EMOTION: "Which of eight expressions a face shows. That is not what a person feels.",
    Purpose.SUGGESTIONS: (
        "Music, films, books and things to do that go with the expression and the age in a photo. Never with the "
        "gender. Without it you see our editors' order and what you wish for."
    ),
    Purpose.IMPROVEMENT: (
        "Reviewers of this installation may see your photos and what was read from them, and say what is right. "
        "Otherwise they see none of it."
    ),
}

REMOVES: Final = {
    Purpose.AGE: "every estimate of age, with what you and reviewers said about ages, and archives of your data",
    Purpose.GENDER: "every estimate of gender, with what you and reviewers said about it, and archives of your data",
    Purpose.EMOTION: "every expression, with what you and reviewers said about it, and archives of your data",
    Purpose.SUGGESTIONS: "at which photos you liked or dismissed something; what you said itself stays",
    Purpose.IMPROVEMENT: "what reviewers decided about your faces",
}
"""What a no to it removes, in the person's words."""


def offered() -> tuple[Purpose, ...]:
    """What this installation asks for. At work and in education expressions are not read: FACET_WORKPLACE."""
    return tuple(purpose for purpose in Purpose if not (settings.WORKPLACE and purpose == Purpose.EMOTION))
