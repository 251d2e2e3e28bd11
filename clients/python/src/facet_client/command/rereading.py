"""`facet reread`: named photos, or all that lack something by now."""

import argparse

from facet_client.answers import Rereading
from facet_client.client import Facet
from facet_client.command.exits import DONE, SOME_FAILED
from facet_client.command.session import connect
from facet_client.command.words import complain, count
from facet_client.errors import FacetError, NotAuthenticated


def reread(options: argparse.Namespace) -> int:
    """Those that are named, or all; or stop that."""
    with connect() as facet:
        if options.stop:
            facet.photos.stop_rereading()
            print("Stopped. What waited to be read again keeps the results it has.")
        elif options.all:
            print(_told(facet.photos.reread_all()))
        else:
            return _named(facet, options.ids)
    return DONE


def _told(state: Rereading) -> str:
    left_out = f" {count(state.not_kept)} left out: the pictures were not kept." if state.not_kept else ""
    if not state.is_under_way and not state.queued:
        return f"There is nothing to read again.{left_out}"
    return f"{count(state.queued)} queued to be read again so far, {state.waiting} still waiting.{left_out}"


def _named(facet: Facet, ids: list[str]) -> int:
    """One that cannot be read again stops none of the others."""
    queued = sum(_queued(facet, one) for one in ids)
    if queued:
        print(f"{count(queued)} queued to be read again.")
    return DONE if queued == len(ids) else SOME_FAILED


def _queued(facet: Facet, one: str) -> bool:
    try:
        facet.photos.reread(one)
    except NotAuthenticated:
        raise
    except (FacetError, ValueError) as error:
        complain(f"{one}: {error}")
        return False
    return True
