"""Batches, and the keys by which an upload that comes again is known."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('analysis', '0010_keeping_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('label', models.CharField(blank=True, max_length=80)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='batches', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'batches',
                'ordering': ('-created_at', '-id'),
            },
        ),
        migrations.CreateModel(
            name='BatchPhoto',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_new', models.BooleanField(help_text='Came with this batch; otherwise its owner had sent it before.')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='analysis.batch')),
                ('photo', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='batch_links', to='analysis.photo')),
            ],
        ),
        migrations.AddField(
            model_name='batch',
            name='photos',
            field=models.ManyToManyField(related_name='batches', through='analysis.BatchPhoto', to='analysis.photo'),
        ),
        migrations.CreateModel(
            name='BatchRejection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('code', models.CharField(max_length=40)),
                ('sentence', models.CharField(max_length=300)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rejections', to='analysis.batch')),
            ],
            options={
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='UploadKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=255)),
                ('fingerprint', models.CharField(help_text='Sha256 of what was sent, in hexadecimal.', max_length=64)),
                ('batch', models.UUIDField(help_text='Of the batch that the photos join; it need not be there yet.')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('lease_token', models.UUIDField(editable=False, null=True)),
                ('lease_until', models.DateTimeField(editable=False, null=True)),
                ('status_code', models.PositiveSmallIntegerField(help_text='Of the first answer.', null=True)),
                ('outcome', models.JSONField(help_text='Ids of photos and rejected files.', null=True)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='upload_keys', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddConstraint(
            model_name='batchphoto',
            constraint=models.UniqueConstraint(fields=('batch', 'photo'), name='batch_photo_once'),
        ),
        migrations.AddIndex(
            model_name='batch',
            index=models.Index(fields=['owner', '-created_at', '-id'], name='batch_list'),
        ),
        migrations.AddIndex(
            model_name='uploadkey',
            index=models.Index(fields=['created_at'], name='upload_key_age'),
        ),
        migrations.AddConstraint(
            model_name='uploadkey',
            constraint=models.UniqueConstraint(fields=('owner', 'key'), name='upload_key_once'),
        ),
    ]
