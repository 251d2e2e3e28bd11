"""Chores of this app: archives, erasures that were cut off, storage against rows, the access log, webhooks."""

from datetime import timedelta
from typing import Final

from django.utils import timezone

from accounts import chores
from accounts.accesslog import keeping
from accounts.consent import clearing
from accounts.erasure import journal
from accounts.erasure.files import remove_noted
from accounts.erasure.models import ErasureReceipt
from accounts.exports import making
from accounts.orphans.looking import look
from accounts.webhooks import outbox

DAY_S: Final = 86_400
CUT_OFF: Final = timedelta(days=1)


@chores.register("exports", every_s=300)
def make_exports() -> None:
    """One archive a time, so that other chores have their turn between two."""
    making.end_old()
    if making.make_next():
        chores.ring("exports")


@chores.register("erasures", every_s=600)
def finish_erasures() -> None:
    """Files that the storage did not remove at once, what SQLite's journal holds, receipts of what was cut off."""
    remove_noted()
    journal.empty()
    ErasureReceipt.objects.filter(erased_at=None, begun_at__lt=timezone.now() - CUT_OFF).delete()


@chores.register("consent", every_s=600)
def remove_what_is_not_agreed_to() -> None:
    """What a withdrawal did not remove at once, and what the installation has switched off."""
    clearing.withdraw_what_is_not_offered()
    clearing.clear_all()


@chores.register("orphans", every_s=DAY_S)
def find_orphans() -> None:
    """Looks only; what to do is a person's decision: the admin's glance shows the result."""
    look()


@chores.register("access log", every_s=DAY_S)
def forget_looks() -> None:
    """Who looked is told for as long as the installation says."""
    keeping.forget_old()


@chores.register(outbox.CHORE, every_s=30, sets_alarms=True)
def deliver_webhooks() -> None:
    """Rung for by whatever is announced, woken for what waits for its time; its own times are for what was missed."""
    from accounts.webhooks import delivery  # TLS and HTTP, which no process loads that only knows of this chore

    if delivery.deliver_due():
        chores.ring(outbox.CHORE)
    else:
        chores.wake_at(outbox.CHORE, delivery.next_at())


@chores.register("webhook deliveries", every_s=DAY_S)
def forget_webhook_deliveries() -> None:
    """Nobody looks at them after so long."""
    from accounts.webhooks import delivery

    delivery.forget_old()
