"""Chores of this app."""

from accounts import chores
from analysis import batches, idempotency, keeping
from analysis.renewal import portions


@chores.register("keeping", every_s=600)
def keep_no_more_than_chosen() -> None:
    """Pictures that should be gone, since a worker was cut off, and photos whose time is over."""
    keeping.thin_all()
    keeping.erase_old()


@chores.register("upload keys", every_s=3600)
def forget_upload_keys() -> None:
    """By then nobody sends the same upload again."""
    idempotency.forget_old()


@chores.register("empty batches", every_s=86_400)
def forget_empty_batches() -> None:
    """Their photos are gone, and who sent them has seen what became of the rest."""
    batches.forget_empty()


@chores.register(portions.CHORE, every_s=60)
def queue_what_is_to_be_read_again() -> None:
    """Of people with many photos, portion by portion as the line has room."""
    if portions.go_on():
        chores.ring(portions.CHORE)
