"""Indexes of what the chore "keeping" has to do."""

from django.db import migrations, models
from django.db.models import Q

from analysis.migrations._beside import AddIndexBesideWork


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("analysis", "0009_keeping")]

    operations = [
        AddIndexBesideWork(
            model_name="photo",
            index=models.Index(condition=~Q(image="") & ~Q(keep="photo"), fields=["id"], name="photo_to_thin"),
        ),
        AddIndexBesideWork(
            model_name="photo",
            index=models.Index(condition=Q(erase_at__isnull=False), fields=["erase_at"], name="photo_to_erase"),
        ),
    ]
