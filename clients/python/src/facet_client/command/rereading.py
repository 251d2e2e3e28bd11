"""`facet reread`: named photos, or all that lack something by now."""

import argparse

from facet_client.answers import Rereading
from facet_client.command.each import each
from facet_client.command.exits import DONE
from facet_client.command.session import connect
from facet_client.command.words import count


def reread(options: argparse.Namespace) -> int:
    """Those that are named, or all; or stop that."""
    with connect() as facet:
        if options.stop:
            facet.photos.stop_rereading()
            print("Stopped. What waited to be read again keeps the results it has.")
        elif options.all:
            print(_told(facet.photos.reread_all()))
        else:
            return each(options.ids, facet.photos.reread, "{} queued to be read again.")
    return DONE


def _told(state: Rereading) -> str:
    left_out = f" {count(state.not_kept)} left out: the pictures were not kept." if state.not_kept else ""
    if not state.is_under_way and not state.queued:
        return f"There is nothing to read again.{left_out}"
    return f"{count(state.queued)} queued to be read again so far, {state.waiting} still waiting.{left_out}"
