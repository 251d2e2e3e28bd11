"""The line in the database: whose an analysis is, its lane and its turn."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("analysis", "0003_analysis_finished"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(model_name="analysis", name="analysis_due"),
        migrations.AddField(
            model_name="analysis",
            name="owner",
            field=models.ForeignKey(
                help_text="The photo's, for the line.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="analyses",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="analysis",
            name="earlier",
            field=models.ForeignKey(
                help_text="The result that this is to replace.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="analysis.analysis",
            ),
        ),
        migrations.AddField(
            model_name="analysis",
            name="request_id",
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AlterField(
            model_name="analysis",
            name="status",
            field=models.CharField(
                choices=[
                    ("queued", "waiting"),
                    ("running", "being read"),
                    ("done", "done"),
                    ("failed", "failed"),
                    ("cancelled", "stopped"),
                ],
                default="queued",
                max_length=9,
            ),
        ),
        migrations.AddField(
            model_name="analysis",
            name="lane",
            field=models.PositiveSmallIntegerField(
                choices=[(0, "somebody waits for it"), (1, "many at once"), (2, "read again by newer models")], default=0
            ),
        ),
        migrations.AddField(
            model_name="analysis",
            name="turn",
            field=models.PositiveBigIntegerField(default=0, help_text="Place within the lane; see analysis.line."),
        ),
        migrations.AddField(
            model_name="analysis",
            name="last_error",
            field=models.CharField(blank=True, help_text="Of the last attempt, for operators.", max_length=200),
        ),
        migrations.AddIndex(
            model_name="analysis",
            index=models.Index(
                condition=models.Q(("status", "queued")), fields=["lane", "turn", "id"], name="analysis_line"
            ),
        ),
        migrations.AddIndex(
            model_name="analysis",
            index=models.Index(
                condition=models.Q(("status", "queued")), fields=["owner", "lane", "turn"], name="analysis_waiting_of"
            ),
        ),
        migrations.AddIndex(
            model_name="analysis",
            index=models.Index(condition=models.Q(("status", "queued")), fields=["queued_at"], name="analysis_oldest"),
        ),
        migrations.AddIndex(
            model_name="analysis",
            index=models.Index(
                condition=models.Q(("status", "running")), fields=["lease_until"], name="analysis_leases"
            ),
        ),
        migrations.AddIndex(
            model_name="analysis",
            index=models.Index(
                condition=models.Q(("status", "failed")), fields=["failure_code", "-id"], name="analysis_failures"
            ),
        ),
    ]
