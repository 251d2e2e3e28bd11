"""Older analyses get the owner of their photo; of several unfinished ones of a photo all but the newest are stopped."""

from typing import Any

from django.db import migrations
from django.db.models import Max, OuterRef, Subquery
from django.utils import timezone

UNFINISHED = ("queued", "running")


def fill(apps: Any, schema_editor: Any) -> None:
    """A migration of its own: PostgreSQL changes no table in which rows were changed in the same transaction."""
    analyses = apps.get_model("analysis", "Analysis").objects
    owner = apps.get_model("analysis", "Photo").objects.filter(pk=OuterRef("photo_id")).values("owner_id")
    analyses.filter(owner=None).update(owner_id=Subquery(owner))
    unfinished = analyses.filter(status__in=UNFINISHED)
    newest = unfinished.order_by().values("photo").annotate(newest=Max("pk")).values_list("newest", flat=True)
    unfinished.exclude(pk__in=list(newest)).update(status="cancelled", finished_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("analysis", "0004_line")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
