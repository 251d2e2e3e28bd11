from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('analysis', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='face',
            name='age_widening',
            field=models.FloatField(default=1.0, help_text='How many times wider the interval is for the quality.'),
        ),
        migrations.AlterField(
            model_name='face',
            name='quality',
            field=models.JSONField(default=dict, help_text='What was measured, and the codes of why it is hard to read.'),
        ),
    ]
