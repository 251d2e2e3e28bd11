from django.db import migrations, models


class Migration(migrations.Migration):
    """Tokens that are there keep what they could do with their owners' own things, also those that old code makes
    while an upgrade runs: by the database's default."""

    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="apitoken",
            name="last_used_at",
            field=models.DateTimeField(blank=True, help_text="To within ten minutes.", null=True),
        ),
        migrations.AddField(
            model_name="apitoken",
            name="scopes",
            field=models.JSONField(
                db_default=["read", "upload", "suggestions"],
                help_text="A list of `Scope`; what is not in it is refused.",
            ),
        ),
    ]
