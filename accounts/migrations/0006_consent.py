"""Nobody is taken to have agreed to anything: people are asked when they come next, and results stay until then."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_nameless_log'),
    ]

    operations = [
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('age', 'Estimate the age'), ('gender', 'Estimate the gender'), ('emotion', 'Estimate the expression shown'), ('suggestions', 'Use my photos for suggestions'), ('improvement', 'Let reviewers look, to make the models better')], max_length=11)),
                ('granted', models.BooleanField()),
                ('to_clear', models.BooleanField(default=False)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('person_id', 'purpose'),
                'indexes': [models.Index(condition=models.Q(('to_clear', True)), fields=['id'], name='consent_to_clear')],
                'constraints': [models.UniqueConstraint(fields=('person', 'purpose'), name='consent_once')],
            },
        ),
        migrations.CreateModel(
            name='ConsentEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('age', 'Estimate the age'), ('gender', 'Estimate the gender'), ('emotion', 'Estimate the expression shown'), ('suggestions', 'Use my photos for suggestions'), ('improvement', 'Let reviewers look, to make the models better')], max_length=11)),
                ('granted', models.BooleanField()),
                ('notice_version', models.PositiveSmallIntegerField(default=1, help_text='Of the notice they had read.')),
                ('via', models.CharField(choices=[('page', 'on the consent page'), ('api', 'by a program with a token'), ('installation', 'switched off for everybody here')], max_length=12)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consent_entries', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'consent entries',
                'ordering': ('-id',),
                'indexes': [models.Index(fields=['person', '-id'], name='consent_history')],
            },
        ),
    ]
