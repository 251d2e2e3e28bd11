"""How many messages workers did not act on, by reason."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('analysis', '0012_consent'),
    ]

    operations = [
        migrations.CreateModel(
            name='Refusal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=20, unique=True)),
                ('count', models.PositiveBigIntegerField(default=0)),
                ('last_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
    ]
