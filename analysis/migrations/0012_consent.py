"""What an owner does not agree to is not estimated: NULL then, which on PostgreSQL changes no row that is there."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('analysis', '0011_batches'),
    ]

    operations = [
        migrations.AlterField(
            model_name='face',
            name='age_bucket',
            field=models.CharField(blank=True, help_text="Nearest of the original system's eight groups, as 21-28.", max_length=8),
        ),
        migrations.AlterField(
            model_name='face',
            name='age_high',
            field=models.FloatField(null=True),
        ),
        migrations.AlterField(
            model_name='face',
            name='age_low',
            field=models.FloatField(null=True),
        ),
        migrations.AlterField(
            model_name='face',
            name='age_years',
            field=models.FloatField(null=True),
        ),
        migrations.AlterField(
            model_name='face',
            name='emotion_confidence',
            field=models.FloatField(null=True),
        ),
        migrations.AlterField(
            model_name='face',
            name='gender_confidence',
            field=models.FloatField(null=True),
        ),
        migrations.AlterField(
            model_name='face',
            name='probabilities',
            field=models.JSONField(help_text='Of all eight expressions; they sum to 1.', null=True),
        ),
    ]
