"""Who of the staff looked at what is whose."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_consent'),
    ]

    operations = [
        migrations.CreateModel(
            name='AccessEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(help_text='Of who looked, at that time: a word of `accounts.roles.Role`.', max_length=13)),
                ('kind', models.CharField(choices=[('listed', 'saw it in a list'), ('picture', 'looked at the picture'), ('face', 'looked at a face cut out of it'), ('result', 'looked at the results'), ('correction', 'read a correction'), ('review', 'judged a face'), ('account', 'looked into the account'), ('rescued', 'ended password, second factors and sessions, for a new password'), ('work', 'had it read again or stopped'), ('deleted', 'deleted something'), ('export', 'fetched an archive')], max_length=10)),
                ('place', models.CharField(choices=[('admin', 'in the admin'), ('api', 'with a program'), ('command', 'on the server')], max_length=7)),
                ('thing', models.UUIDField()),
                ('photo', models.UUIDField(null=True)),
                ('at', models.DateTimeField(default=django.utils.timezone.now, help_text='The first time within the hour.', verbose_name='when')),
                ('hour', models.DateTimeField(help_text='The beginning of the hour, by which looks are taken together.')),
                ('actor', models.ForeignKey(db_index=False, help_text='Who looked.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='accesses', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(db_index=False, help_text='Whose it was.', on_delete=django.db.models.deletion.CASCADE, related_name='looks', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': "look at another's data",
                'verbose_name_plural': "looks at others' data",
                'ordering': ('-at', '-id'),
                'default_permissions': ('view',),
                'indexes': [models.Index(fields=['person', '-at', '-id'], name='access_of_person'), models.Index(fields=['at', 'id'], name='access_age')],
                'constraints': [models.UniqueConstraint(fields=('actor', 'thing', 'kind', 'place', 'hour'), name='access_once_an_hour')],
            },
        ),
    ]
