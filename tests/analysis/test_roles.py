"""A reviewer is made by ticking two boxes."""

from typing import Any

from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from accounts.models import User
from analysis.models import Face
from analysis.roles import REVIEWERS, make_reviewers


def test_staff_in_the_group_can_review_and_nothing_else(
    ann: User, ben: User, ben_client: Client, make_photo: Any
) -> None:
    face = Face.objects.get(analysis__photo=make_photo(ann))
    ben.is_staff = True
    ben.save()
    ben.groups.add(Group.objects.get(name=REVIEWERS))
    assert ben_client.get(reverse("admin:analysis_face_change", args=[face.pk])).status_code == 200
    assert ben_client.get(reverse("analysis:image", args=[face.analysis.photo.uuid])).status_code == 200
    assert ben_client.get(reverse("admin:accounts_user_changelist")).status_code == 403


def test_what_an_administrator_changed_in_the_group_stays(db: None) -> None:
    group = Group.objects.get(name=REVIEWERS)
    group.permissions.clear()
    make_reviewers()
    assert group.permissions.count() == 0
