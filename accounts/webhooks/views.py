"""Webhooks, as pages."""

from typing import Any, Final, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.webhooks import services
from accounts.webhooks.forms import WebhookForm
from accounts.webhooks.models import Webhook, WebhookDelivery

FRESH: Final = "fresh_webhook_secret"
"""Where the session keeps a new secret, with whose it is, until the page that shows it."""

A_PAGE: Final = 20


def _own(request: HttpRequest, uuid: UUID) -> Webhook:
    return get_object_or_404(Webhook, person=cast("User", request.user), uuid=uuid)


def _show_once(request: HttpRequest, webhook: Webhook, secret: str) -> HttpResponse:
    request.session[FRESH] = [str(webhook.uuid), secret]
    return redirect("accounts:webhook", webhook.uuid)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def webhooks(request: HttpRequest) -> HttpResponse:
    """All of a person's, and a form for another one."""
    person = cast("User", request.user)
    form = WebhookForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        site = request.build_absolute_uri("/").rstrip("/")
        try:
            return _show_once(request, *services.create(person=person, site=site, **form.cleaned_data))
        except services.TooManyError as error:
            form.add_error(None, str(error))
    found = Webhook.objects.filter(person=person)
    response = render(request, "accounts/webhooks.html", {"form": form, "webhooks": found, "most": Webhook.MOST})
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def webhook(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One of them: its state, what became of its messages, and all that can be done with it."""
    found = _own(request, uuid)
    known = {"url": found.url, "name": found.name, "events": found.events}
    form = WebhookForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        services.change(found, **form.cleaned_data)
        messages.success(request, "The webhook is changed.")
        return redirect("accounts:webhook", found.uuid)
    response = render(request, "accounts/webhook.html", _context(request, found, form))
    response["Cache-Control"] = "no-store"
    return response


def _context(request: HttpRequest, found: Webhook, form: WebhookForm) -> dict[str, Any]:
    of, secret = request.session.get(FRESH, ["", ""])
    is_fresh = request.method == "GET" and of == str(found.uuid)
    if is_fresh:
        del request.session[FRESH]
    pages = Paginator(found.deliveries.all(), A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    return {
        "webhook": found,
        "form": form,
        "fresh": secret if is_fresh else "",
        "page": page,
        "pages": pages.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "kept_days": WebhookDelivery.KEPT_DAYS,
    }


@require_POST
@login_required
def ping(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Try whether messages arrive."""
    found = _own(request, uuid)
    try:
        services.ping(found)
    except services.SwitchedOffError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "A ping is on its way. Reload this page in a moment to see what came of it.")
    return redirect("accounts:webhook", found.uuid)


@require_POST
@login_required
def rotate(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Another secret, shown by the page that follows."""
    found = _own(request, uuid)
    return _show_once(request, found, services.rotate(found))


@require_POST
@login_required
def switch(request: HttpRequest, uuid: UUID, to: str) -> HttpResponse:
    """On or off."""
    found = _own(request, uuid)
    if to == "on":
        services.switch_on(found)
        messages.success(request, "The webhook is on. What waited is sent now.")
    else:
        services.switch_off(found)
        messages.success(
            request, "The webhook is off. Nothing is sent, and what happens from now on is not noted for it."
        )
    return redirect("accounts:webhook", found.uuid)


@require_POST
@login_required
def delete(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """With all of its messages."""
    _own(request, uuid).delete()
    messages.success(request, "The webhook is deleted, with what was noted of its messages.")
    return redirect("accounts:webhooks")


@require_POST
@login_required
def replay(request: HttpRequest, uuid: UUID, delivery: UUID) -> HttpResponse:
    """Send a message again, as the same one."""
    found = _own(request, uuid)
    try:
        services.replay(get_object_or_404(found.deliveries.select_related("webhook"), uuid=delivery))
    except (services.SwitchedOffError, services.UnderWayError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "The message is on its way again. Reload this page in a moment.")
    return redirect("accounts:webhook", found.uuid)
