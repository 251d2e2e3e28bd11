"""Which photos were in a list that somebody of the staff saw: one line of the access log for all of them."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_webhooks'),
    ]

    operations = [
        migrations.AddField(
            model_name='accessentry',
            name='photos',
            field=models.JSONField(db_default=[], default=list, help_text='Those of a list, as uuids.'),
        ),
        migrations.AlterModelOptions(
            name='user',
            options={'verbose_name': 'person', 'verbose_name_plural': 'people'},
        ),
    ]
