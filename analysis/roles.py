"""The role of reviewers as a group, there after every migration: an administrator only has to tick it."""

from typing import Any, Final

from django.contrib.auth.models import Group, Permission
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from accounts.roles import REVIEWERS

PERMISSIONS: Final = (
    "view_photo",
    "view_analysis",
    "change_analysis",
    "view_face",
    "view_correction",
    "view_review",
    "add_review",
    "change_review",
)


@receiver(post_migrate, dispatch_uid="analysis.reviewers")
def make_reviewers(**_: Any) -> None:
    """Make the group once all permissions exist; what administrators changed in it later stays."""
    granted = Permission.objects.filter(content_type__app_label="analysis", codename__in=PERMISSIONS)
    if granted.count() < len(PERMISSIONS) or Group.objects.filter(name=REVIEWERS).exists():
        return
    Group.objects.create(name=REVIEWERS).permissions.set(granted)
