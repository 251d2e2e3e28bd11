"""The page on which people are told what is done with their photos and say what may be."""

from collections.abc import Iterable, Mapping
from typing import Final, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_http_methods

from accounts.consent import services, widening
from accounts.consent.forms import ConsentForm
from accounts.consent.models import Consent, ConsentEntry, Via
from accounts.consent.purposes import NOTICE_VERSION, REMOVES, Purpose
from accounts.consent.widening import Offer
from accounts.models import User

SHOWN: Final = 30
"""Entries of the ledger on the page; the archive of one's data has all."""


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def consent(request: HttpRequest) -> HttpResponse:
    """Tell and ask; a no to what was agreed to is asked twice. Then back to where the person came from."""
    person = cast("User", request.user)
    sent = request.method == "POST"
    form = ConsentForm(request.POST if sent else None, initial=services.standing(person))
    if sent and form.is_valid():
        removed = _removed(person, form.answers)
        if removed and "sure" not in request.POST:
            granted = [purpose.value for purpose, yes in form.answers.items() if yes]
            asked = {"removed": removed, "granted": granted, "next": _next(request)}
            return render(request, "accounts/consent_taken_back.html", asked)
        granted_now = _granted_now(person, form.answers)
        if not services.decide(person, form.answers, via=Via.PAGE):
            saved = "Saved. What you do not agree to is being removed, which takes some minutes."
        else:
            saved = "Saved, and removed what goes with it." if removed else "Saved."
        messages.success(request, _with_offers(saved, widening.offers(person, granted_now)))
        return redirect(_next(request) or reverse("accounts:consent"))
    context = {
        "form": form,
        "next": _next(request),
        "version": NOTICE_VERSION,
        "is_answered": services.has_answered(person),
        "is_clearing": Consent.objects.filter(person=person, to_clear=True).exists(),
        "said": ConsentEntry.objects.filter(person=person)[:SHOWN],
        "at_work": settings.WORKPLACE,
        "keep": settings.KEEP,
        "keep_days": settings.KEEP_DAYS,
    }
    return render(request, "accounts/consent.html", context)


def _removed(person: User, answers: Mapping[Purpose, bool]) -> list[str]:
    """What goes, of what they agreed to so far."""
    standing = services.standing(person)
    return [REMOVES[purpose] for purpose, yes in answers.items() if standing[purpose] and not yes]


def _granted_now(person: User, answers: Mapping[Purpose, bool]) -> frozenset[Purpose]:
    """What they had not agreed to so far."""
    standing = services.standing(person)
    return frozenset(purpose for purpose, yes in answers.items() if yes and not standing[purpose])


def _with_offers(saved: str, offers: Iterable[Offer]) -> str:
    """Escaped but for the links."""
    parts = ((offer.sentence, offer.url, offer.words) for offer in offers)
    return format_html("{}{}", saved, format_html_join("", ' {} <a href="{}">{}</a>', parts))


def _next(request: HttpRequest) -> str:
    """Where the person wanted to go, if that is a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else ""


def asked_first(request: HttpRequest) -> HttpResponse:
    """To the consent page, and back to this one afterwards."""
    return redirect(f"{reverse('accounts:consent')}?{urlencode({'next': request.path})}")
