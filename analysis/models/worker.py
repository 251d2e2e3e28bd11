"""Which workers are ready, so that readiness means warm models and not merely a running process."""

from django.db import models
from django.utils import timezone


class Worker(models.Model):
    """A worker process with loaded models; it updates its row while it works. No personal data."""

    host = models.CharField(max_length=120)
    pid = models.PositiveIntegerField()
    engine_version = models.CharField(max_length=60)
    model_version = models.CharField(max_length=60)
    warm_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("host", "pid"), name="worker_once"),)

    def __str__(self) -> str:
        return f"{self.host}:{self.pid}"


class Refusal(models.Model):
    """How many messages workers refused for a reason, since the installation was made. No personal data."""

    reason = models.CharField(max_length=20, unique=True)
    count = models.PositiveBigIntegerField(default=0)
    last_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.reason}: {self.count}"
