"""Indexes for the review queue: faces by the models that read them, and the least sure first."""

from django.db import migrations, models

from analysis.migrations._beside import AddIndexBesideWork


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("analysis", "0007_deadletter")]

    operations = [
        AddIndexBesideWork(
            model_name="analysis", index=models.Index(fields=["model_version", "id"], name="analysis_models")
        ),
        AddIndexBesideWork(
            model_name="face", index=models.Index(fields=["emotion_confidence"], name="face_least_sure")
        ),
    ]
