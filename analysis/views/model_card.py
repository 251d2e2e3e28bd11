"""How good the estimates are: the page of the models, for everybody."""

import logging
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from analysis import engine
from analysis.model_card.conditioning import Conditioning, conditioning_of
from analysis.model_card.page import Card, card_of
from analysis.model_card.papers import Papers, papers_of
from analysis.model_card.record import current_record, current_ways
from analysis.model_card.types import RecordError
from analysis.views.cards import SMALL_PX

log = logging.getLogger(__name__)


@require_safe
def models(request: HttpRequest) -> HttpResponse:
    """The figures, when there are any, and what holds without them."""
    papers, card = _papers(), _card()
    context: dict[str, Any] = {
        "papers": papers,
        "card": card,
        "conditioning": _conditioning(),
        "is_other_model": bool(card and papers and card.model != papers.in_use.model),
        "small_px": SMALL_PX,
    }
    return render(request, "analysis/model_card.html", context)


def _card() -> Card | None:
    try:
        return card_of(current_record())
    except RecordError as error:
        log.warning("the page of the models shows no figures: the record cannot be used, %s", error)
        return None


def _conditioning() -> Conditioning | None:
    try:
        ways = current_ways()
        return conditioning_of(ways) if ways else None
    except RecordError as error:
        log.warning("the page of the models leaves out what knowing age and gender changes: %s", error)
        return None


def _papers() -> Papers | None:
    try:
        return papers_of(engine.manifest_document())
    except engine.EngineError as error:
        log.warning("the page of the models shows no versions: %s", error)
        return None
