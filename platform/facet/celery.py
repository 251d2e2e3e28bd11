"""The Celery application: the same code over the embedded file-system broker, Redis or RabbitMQ."""

import logging
import os
import sys
from typing import Any

from celery import Celery
from celery.signals import task_prerun, worker_process_init, worker_ready, worker_shutting_down
from django.conf import settings
from django.db import close_old_connections

from facet import broker, signed

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "facet.settings")
# Celery would run Django's checks and look at no result, but keep in every worker what they import: 600 modules of
# pages, API and admin, 20 MB. `manage.py check` runs them for people.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

log = logging.getLogger(__name__)
app = Celery("facet")

app.conf.update(
    # the host means nothing to the file-system transport; without one kombu warns at every start
    broker_url="filesystem://localhost" if settings.BROKER_URL == "filesystem://" else settings.BROKER_URL,
    broker_transport_options=broker.options(
        settings.BROKER_URL, folder=settings.BROKER_DIR, hard_limit_s=settings.ANALYSIS_HARD_LIMIT_S
    ),
    broker_use_ssl=broker.tls(settings.BROKER_URL) or False,
    broker_connection_timeout=broker.CONNECT_WITHIN_S,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_channel_error_retry=True,  # what a broker says that is just starting
    broker_heartbeat=broker.HEARTBEAT_S,
    # declared by every worker of a RabbitMQ with quorum queues; nothing here is sent for later, so the cheap kind does
    broker_native_delayed_delivery_queue_type="classic",
    task_queues=broker.queues(settings.BROKER_URL),
    task_default_queue=broker.DOORBELL,
    task_routes={broker.SWEEP_TASK: {"queue": broker.SWEEP}, broker.CHORES_TASK: {"queue": broker.CHORES}},
    worker_enable_remote_control=not settings.BROKER_URL.startswith("filesystem:"),
    task_ignore_result=True,  # the analysis row is the result
    task_acks_late=True,
    # signed under the secret key; `facet.signed` refuses what is not, and what else a stranger could tell a worker
    task_serializer=signed.SERIALIZER,
    result_serializer=signed.SERIALIZER,
    event_serializer=signed.SERIALIZER,
    accept_content=[signed.SERIALIZER],
    worker_consumer="facet.signed:Consumer",
    task_soft_time_limit=settings.ANALYSIS_SOFT_LIMIT_S,
    task_time_limit=settings.ANALYSIS_HARD_LIMIT_S,
    worker_prefetch_multiplier=1,
    worker_proc_alive_timeout=120,
    worker_max_tasks_per_child=2000,
    # the lease is in the database: a broker that goes away is no reason to drop a photo that is being read
    worker_cancel_long_running_tasks_on_connection_loss=False,
    worker_soft_shutdown_timeout=10,  # of SIGQUIT; SIGTERM lets the work finish, however long it takes
    worker_lost_wait=2,
    worker_hijack_root_logger=False,
    beat_schedule=broker.schedule(settings.SWEEP_EVERY_S),
    beat_schedule_filename=str(settings.VAR_DIR / "celerybeat-schedule"),
    timezone=settings.TIME_ZONE,
    # otherwise Celery connects to the database anew for each task, which costs as much as all that a photo asks of it
    CELERY_DB_REUSE_MAX=sys.maxsize,
)
app.control.mailbox.node_cls = signed.Node  # type: ignore[attr-defined]
app.autodiscover_tasks()


@task_prerun.connect
def _as_before_a_request(**_: object) -> None:
    """Connections are kept as the web server keeps them: for CONN_MAX_AGE, and those that broke are made anew."""
    close_old_connections()


@worker_process_init.connect
def _warm_up(**_: object) -> None:
    """Load the models in the child: TensorFlow, where it is the runtime, hangs if the parent ran it before the fork."""
    from analysis import disk, workers
    from analysis.engine import EngineError
    from facet import pulse

    disk.do_not_wait()
    try:
        workers.warm_up()
    except EngineError as error:
        log.critical("This worker cannot read photos, which wait meanwhile: %s", error)
    else:
        workers.start_heartbeat()
        pulse.start()


@worker_ready.connect
def _wind_the_clock(sender: Any, **_: object) -> None:
    """A process for chores alone: it wakes itself for those that are due, so nothing piles up where there is none."""
    if set(sender.app.amqp.queues.consume_from) == {broker.CHORES}:
        from accounts import tasks

        tasks.ring_for_ever(settings.SWEEP_EVERY_S)


@worker_shutting_down.connect
def _stop_after_this_photo(**_: object) -> None:
    """SIGTERM in the parent: its processes finish what is in their hands and leave the line to others."""
    from analysis import workers

    workers.ask_to_stop()
