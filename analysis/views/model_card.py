"""How good the estimates are: the page of the models, for everybody."""

import logging
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from analysis import engine
from analysis.model_card.conditioning import Conditioning, conditioning_of
from analysis.model_card.detected import Detected
from analysis.model_card.finding import Finding, finding_of
from analysis.model_card.page import Card, card_of
from analysis.model_card.papers import Papers, papers_of
from analysis.model_card.record import current_detected, current_detectors, current_record, current_ways
from analysis.model_card.types import RecordError

log = logging.getLogger(__name__)


@require_safe
def models(request: HttpRequest) -> HttpResponse:
    """The figures, when there are any, and what holds without them."""
    papers, card = _papers(), _card()
    context: dict[str, Any] = {
        "papers": papers,
        "card": card,
        "finding": _finding(),
        "detected": _detected(),
        "conditioning": _conditioning(),
        "is_other_model": bool(card and papers and card.model != papers.in_use.model),
        "small_px": _small_px(),
    }
    return render(request, "analysis/model_card.html", context)


def _small_px() -> int | None:
    """Pixels of a face below which errors grow measurably, or None where that was not found out."""
    try:
        rule = engine.quality_rules().get("too_small")
    except engine.EngineError:
        return None  # `_papers` says so in the log
    return round(rule.limit) if rule else None


def _card() -> Card | None:
    try:
        return card_of(current_record())
    except RecordError as error:
        log.warning("the page of the models shows no figures: the record cannot be used, %s", error)
        return None


def _finding() -> Finding | None:
    try:
        detectors = current_detectors()
        return finding_of(detectors) if detectors else None
    except RecordError as error:
        log.warning("the page of the models leaves out how well faces are found: %s", error)
        return None


def _detected() -> Detected | None:
    try:
        return current_detected()
    except RecordError as error:
        log.warning("the page of the models leaves out the figures on faces found in photos: %s", error)
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
