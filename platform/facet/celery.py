"""The Celery application: the same code over the embedded file-system broker, Redis or RabbitMQ."""

import logging
import os
from typing import Any

from celery import Celery
from celery.signals import worker_process_init
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "facet.settings")

log = logging.getLogger(__name__)
app = Celery("facet")


def _transport_options() -> dict[str, Any]:
    if settings.BROKER_URL.startswith("filesystem:"):
        for name in ("messages", "control"):
            (settings.BROKER_DIR / name).mkdir(parents=True, exist_ok=True)
        messages = str(settings.BROKER_DIR / "messages")
        return {
            "data_folder_in": messages,
            "data_folder_out": messages,
            "control_folder": str(settings.BROKER_DIR / "control"),
            "polling_interval": 0.1,
        }
    if settings.BROKER_URL.startswith(("redis:", "rediss:")):
        # without timeouts a broker that accepts and never answers would block an upload for ever
        return {
            "visibility_timeout": 3 * settings.ANALYSIS_HARD_LIMIT_S,
            "unacked_restore_interval": 5,
            "unacked_restore_throttle": 1,
            "socket_timeout": 5,
            "socket_connect_timeout": 2,
            "socket_keepalive": True,
            "health_check_interval": 15,
        }
    return {"confirm_publish": True} if settings.BROKER_URL.startswith("amqp") else {}


app.conf.update(
    # the host means nothing to the file-system transport; without one kombu warns at every start
    broker_url="filesystem://localhost" if settings.BROKER_URL == "filesystem://" else settings.BROKER_URL,
    broker_transport_options=_transport_options(),
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    worker_enable_remote_control=not settings.BROKER_URL.startswith("filesystem:"),
    task_ignore_result=True,  # the analysis row is the result
    task_acks_late=True,
    task_retry_on_worker_lost=True,
    task_serializer="json",
    accept_content=["json"],
    task_soft_time_limit=settings.ANALYSIS_SOFT_LIMIT_S,
    task_time_limit=settings.ANALYSIS_HARD_LIMIT_S,
    worker_prefetch_multiplier=1,
    worker_proc_alive_timeout=120,
    worker_max_tasks_per_child=2000,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    worker_lost_wait=2,
    worker_hijack_root_logger=False,
    beat_schedule={"sweep": {"task": "analysis.sweep", "schedule": 15.0}},
    beat_schedule_filename=str(settings.VAR_DIR / "celerybeat-schedule"),
    timezone=settings.TIME_ZONE,
)
app.autodiscover_tasks()


@worker_process_init.connect
def _warm_up(**_: object) -> None:
    """Load the models in the child: TensorFlow, where it is the runtime, hangs if the parent ran it before the fork."""
    from analysis import workers
    from analysis.engine import EngineError

    try:
        workers.warm_up()
    except EngineError as error:
        log.critical("This worker cannot read photos, which wait meanwhile: %s", error)
    else:
        workers.start_heartbeat()
