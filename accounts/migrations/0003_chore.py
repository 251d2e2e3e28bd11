"""When each chore of the installation ran last."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_token_scopes")]

    operations = [
        migrations.CreateModel(
            name="Chore",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, unique=True)),
                ("asked", models.BooleanField(default=False)),
                ("started_at", models.DateTimeField(null=True)),
                ("lease_token", models.UUIDField(null=True)),
                ("lease_until", models.DateTimeField(null=True)),
                (
                    "succeeded_at",
                    models.DateTimeField(help_text="The end of the last run that raised no error.", null=True),
                ),
                ("seconds", models.FloatField(help_text="Of the last run that came to an end.", null=True)),
                (
                    "error",
                    models.CharField(
                        blank=True, help_text="Kind of the error that ended it; empty: none.", max_length=200
                    ),
                ),
            ],
            options={"ordering": ("name",)},
        ),
    ]
