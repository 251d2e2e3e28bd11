"""Photos come in: several at once, each with its own outcome."""

from uuid import UUID

from django.conf import settings
from django.core.exceptions import TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from analysis import services
from analysis.engine import accepted_media_types, accepted_words
from analysis.forms import UploadForm
from analysis.models import Photo
from analysis.views.access import person, signed_in
from analysis.views.batches import Batch
from analysis.views.cards import photo_cards
from analysis.views.live import live_of

RECENT = 6


def upload_page(request: HttpRequest, form: UploadForm, *, status: int = 200) -> HttpResponse:
    """The place to drop photos, and the latest ones below."""
    photos = Photo.objects.owned_by(request.user).with_results()[:RECENT]
    cards = photo_cards(photos)
    context = {
        "form": form,
        "cards": cards,
        "live": live_of(cards),
        "max_files": settings.UPLOAD_MAX_FILES,
        "max_megabytes": settings.PHOTO_MAX_MEGABYTES,
        "photo_formats": accepted_words(),
        "photo_media_types": accepted_media_types(),
    }
    return render(request, "analysis/upload.html", context, status=status)


@csrf_exempt  # Django's own check reads the files first, where too many of them end in a bare "bad request"
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def upload(request: HttpRequest) -> HttpResponse:
    """Take the files in. A refused request changes nothing, so it may be answered before the CSRF check."""
    if request.method != "POST":
        return redirect("home")
    try:
        request.FILES  # noqa: B018  # parses the request
    except TooManyFilesSent:
        return _refuse(request, f"Send at most {settings.UPLOAD_MAX_FILES} photos at once, the rest afterwards.")
    return _take_in(request)


@csrf_protect
def _take_in(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _refuse(request, *form.errors.get("photos", ["The page sent something odd. Reload it and try again."]))
    outcome = services.upload_photos(owner=person(request), uploads=form.cleaned_data["photos"])
    batch = Batch.load(request, form.cleaned_data["batch"])
    batch.add(outcome)
    batch.rejected += form.cleaned_data["refused"]
    batch.save(request)
    if not request.accepts("text/html"):
        rejected = [{"name": one.name, "sentence": one.sentence} for one in outcome.rejected]
        return JsonResponse({"accepted": len(outcome.accepted), "rejected": rejected, "location": batch.url()})
    return redirect(batch.url())


def _refuse(request: HttpRequest, *sentences: str) -> HttpResponse:
    if not request.accepts("text/html"):
        return JsonResponse({"error": " ".join(sentences)}, status=400)
    form = UploadForm({})
    form.errors["photos"] = form.error_class(sentences, error_class="errorlist")
    return upload_page(request, form, status=400)


@require_safe
@signed_in
def uploaded(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What became of files that were sent together; the history when this session knows nothing of them."""
    batch = Batch.load(request, uuid)
    if batch.is_empty:
        return redirect("analysis:history")
    photos = Photo.objects.owned_by(request.user).with_results().filter(uuid__in=batch.accepted)
    cards = photo_cards(photos)
    context = {"cards": cards, "rejected": batch.rejected, "live": live_of(cards)}
    return render(request, "analysis/uploaded.html", context)
