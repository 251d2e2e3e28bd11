"""Where programs are told what became of photos, and every message to them."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_access_log'),
    ]

    operations = [
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(blank=True, max_length=80)),
                ('url', models.CharField(max_length=500)),
                ('site', models.CharField(help_text='Of this installation, as its owner calls it: for links.', max_length=300)),
                ('events', models.JSONField(default=list, help_text='A list of `Event`.')),
                ('secret', models.TextField(editable=False, help_text='Encrypted; see accounts.webhooks.vault.')),
                ('earlier_secret', models.TextField(blank=True, editable=False, help_text='Signs too until `earlier_until`.')),
                ('earlier_until', models.DateTimeField(null=True)),
                ('disabled', models.CharField(blank=True, choices=[('owner', 'You switched it off.'), ('gone', 'The receiver answered 410 Gone, so it wants no more. Switch it on again if that was a mistake.'), ('failing', 'For days nothing arrived. Look below at what the receiver answered, mend it, switch it on.'), ('secret', 'The installation has another key now and cannot read its secret. Make a new one, switch it on.')], help_text='Empty: it is on.', max_length=7)),
                ('disabled_at', models.DateTimeField(null=True)),
                ('failures', models.PositiveIntegerField(default=0, help_text='One after the other, until now.')),
                ('failing_since', models.DateTimeField(null=True)),
                ('paused_until', models.DateTimeField(help_text='After a failure nothing is tried for a while.', null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='webhooks', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-id',),
            },
        ),
        migrations.CreateModel(
            name='WebhookDelivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('event', models.CharField(choices=[('photo.done', 'a photo was read (photo.done)'), ('photo.failed', 'a photo could not be read (photo.failed)'), ('photo.erased', 'a photo was deleted, by you or because its time was over (photo.erased)'), ('batch.done', 'nothing of a batch waits any more (batch.done)'), ('ping', 'somebody tried whether messages arrive (ping)')], max_length=20)),
                ('about', models.UUIDField(db_index=True, help_text='Of the photo or batch.', null=True)),
                ('body', models.TextField(help_text='As it is sent, each time the same bytes.')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('delivered', 'delivered'), ('failed', 'given up')], default='waiting', max_length=9)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('lease_token', models.UUIDField(editable=False, null=True)),
                ('lease_until', models.DateTimeField(editable=False, null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('tried_at', models.DateTimeField(help_text='The last time.', null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('status_code', models.PositiveSmallIntegerField(help_text='Of the last answer.', null=True)),
                ('trouble', models.CharField(blank=True, choices=[('unresolved', 'Its name was not found.'), ('refused', 'Its name leads to an address of a private network, to which nothing is sent.'), ('address', 'Its address is none to which anything is sent.'), ('connect', 'It could not be reached.'), ('tls', 'Its certificate is not valid for its name.'), ('timeout', 'It did not answer in time.'), ('answer', 'What it answered was no HTTP.'), ('redirect', 'It sent on to another address, which is not followed. Give the webhook that one.'), ('status', 'It did not answer with success.'), ('secret', "The webhook's secret could not be read.")], help_text='Of the last attempt.', max_length=10)),
                ('answer', models.CharField(blank=True, help_text='Its beginning.', max_length=500)),
                ('took_ms', models.PositiveIntegerField(null=True)),
                ('webhook', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='accounts.webhook')),
            ],
            options={
                'verbose_name_plural': 'webhook deliveries',
                'ordering': ('-id',),
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['due_at', 'id'], name='webhook_due'), models.Index(fields=['webhook', '-id'], name='webhook_log'), models.Index(fields=['created_at'], name='webhook_old'), models.Index(fields=['ended_at'], name='webhook_ended')],
            },
        ),
    ]
