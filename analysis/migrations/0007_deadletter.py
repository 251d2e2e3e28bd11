"""A page of its own in the admin for what was given up; no table."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("analysis", "0006_line_rules")]

    operations = [
        migrations.CreateModel(
            name="DeadLetter",
            fields=[],
            options={
                "verbose_name": "given up",
                "verbose_name_plural": "given up",
                "proxy": True,
                "default_permissions": ("view",),
                "indexes": [],
                "constraints": [],
            },
            bases=("analysis.analysis",),
        ),
    ]
