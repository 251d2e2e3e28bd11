"""What a token may be good for."""

from typing import Final

from django.db import models


class Scope(models.TextChoices):
    """The parts of the API that a token opens; the label is what people read when they make one."""

    READ = "read", "Read: your photos and what was read from them"
    UPLOAD = "upload", "Upload: send photos, correct, read again and delete them"
    SUGGESTIONS = "suggestions", "Suggestions: ask for them, and say what suits you"
    ACCOUNT = "account", "Account: consent, what is kept, archives of your data, webhooks"
    REVIEW = "review", "Review: look at photos of others and judge their faces, while you are a reviewer"


BEFORE_SCOPES: Final = [Scope.READ.value, Scope.UPLOAD.value, Scope.SUGGESTIONS.value]
"""Of tokens that were made without naming any: what the API could do with one's own things before there were scopes.

Looking at photos of others is not among them: who reviews with a program makes a token for it.
"""

REVIEWERS_RIGHT: Final = "analysis.view_photo"
"""What makes somebody a reviewer: the scope alone opens nothing."""
