"""Pages: the list for a photo, feedback on an item, preferences."""

from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.consent import services as consent
from accounts.consent.purposes import Purpose
from accounts.models import User
from analysis.models import Photo
from suggestions import services
from suggestions.forms import FeedbackForm, PhotoForm, PreferenceForm
from suggestions.models import CatalogueItem, Feedback, FeedbackKind

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails


def _person(request: HttpRequest) -> User:
    """Who asks; every view here requires a sign-in."""
    return cast("User", request.user)


def _wants_fragment(request: HttpRequest) -> bool:
    htmx = cast("HtmxDetails", getattr(request, "htmx", None))
    return bool(htmx) and not htmx.boosted


def _photo(request: HttpRequest, uuid: UUID) -> Photo:
    return get_object_or_404(Photo.objects.owned_by(_person(request)), uuid=uuid)


@require_safe
@login_required
def for_photo(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The list for one photo: a page, or only the list for htmx."""
    said = request.GET.get("said", "")[:60]
    return _list(request, _photo(request, uuid), said=said)


@require_POST
@login_required
def feedback(request: HttpRequest, slug: str) -> HttpResponse:
    """“Not for me” or “more like this”; the answer is the new list."""
    item = get_object_or_404(CatalogueItem, slug=slug, active=True)
    form = FeedbackForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest("Say “not_for_me” or “liked” about an item.", content_type="text/plain")
    uuid = form.cleaned_data["photo"]
    photo = _photo(request, uuid) if uuid else None
    services.give_feedback(
        person=_person(request),
        item=item,
        kind=FeedbackKind(form.cleaned_data["kind"]),
        analysis=photo.latest if photo else None,
    )
    return _back(request, photo, said=item.slug)


@require_POST
@login_required
def undo(request: HttpRequest, slug: str) -> HttpResponse:
    """Take back what was said about an item, also one that is no longer suggested."""
    item = get_object_or_404(CatalogueItem, slug=slug)
    form = PhotoForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest("This is no photo's id.", content_type="text/plain")
    uuid = form.cleaned_data["photo"]
    photo = _photo(request, uuid) if uuid else None
    services.undo(person=_person(request), item=item)
    return _back(request, photo)


@require_POST
@login_required
def reset(request: HttpRequest) -> HttpResponse:
    """Forget everything the person said about items."""
    services.reset_feedback(_person(request))
    messages.success(request, "Forgotten. Every suggestion may appear again.")
    return redirect("suggestions:preferences")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def preferences(request: HttpRequest) -> HttpResponse:
    """What the person wants, and what they said so far."""
    person = _person(request)
    preference = services.preference_of(person)
    initial = {"kinds": preference.kinds, "use_photos": preference.use_photos}
    agreed, sent = consent.allows(person, Purpose.SUGGESTIONS), request.method == "POST"
    form = PreferenceForm(request.POST if sent else None, initial=initial, agreed=agreed)
    if sent and form.is_valid():
        services.set_preference(person=person, **{**initial, **form.cleaned_data})
        messages.success(request, "Saved. It holds from the next list on.")
        return redirect("suggestions:preferences")
    said = Feedback.objects.filter(person=person).select_related("item")
    context = {
        "form": form,
        "agreed": agreed,
        "dismissed": [one.item for one in said if one.kind == FeedbackKind.NOT_FOR_ME],
        "liked": [one.item for one in said if one.kind == FeedbackKind.LIKED],
    }
    return render(request, "suggestions/preferences.html", context, status=400 if form.errors else 200)


def _back(request: HttpRequest, photo: Photo | None, *, said: str = "") -> HttpResponse:
    """To where a button was pressed: the new list for htmx, else the page that shows it."""
    if photo is None:
        return redirect("suggestions:preferences")
    if _wants_fragment(request):
        return _list(request, photo, said=said)
    address = reverse("suggestions:for-photo", args=(photo.uuid,))
    return redirect(f"{address}?{urlencode({'said': said})}" if said else address)


def _list(request: HttpRequest, photo: Photo, *, said: str = "") -> HttpResponse:
    """The list with a word on what was just said about `said`, which can be undone there."""
    person = _person(request)
    analysis = photo.latest
    shortlist = None
    if analysis is not None:
        try:
            shortlist = services.suggest_for(analysis, person)
        except services.NotFinishedError:
            shortlist = None
    context = {
        "photo": photo,
        "analysis": analysis,
        "shortlist": shortlist,
        "said": Feedback.objects.filter(person=person, item__slug=said).select_related("item").first()
        if said
        else None,
    }
    template = "suggestions/_list.html" if _wants_fragment(request) else "suggestions/for_photo.html"
    response = render(request, template, context)
    patch_vary_headers(response, ("HX-Request",))
    return response
