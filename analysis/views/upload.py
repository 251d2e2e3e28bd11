"""Photos come in: several at once, each with its own outcome."""

import logging
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.exceptions import TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import get_text_list
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from accounts.consent.services import NotAnsweredError, attributes_allowed
from accounts.consent.views import asked_first
from analysis import batches, services
from analysis.bounds import NotNowError, StorageError
from analysis.engine import accepted_media_types, accepted_words
from analysis.forms import MOST_IDS, UploadForm
from analysis.models import Batch, Photo
from analysis.views.access import person, signed_in
from analysis.views.cards import photo_cards
from analysis.views.live import live_of

log = logging.getLogger(__name__)

RECENT = 6


WORDS: Final = {"age": "an age with its likely range", "gender": "a gender", "emotion": "the expression shown"}


def upload_page(request: HttpRequest, form: UploadForm, *, status: int = 200) -> HttpResponse:
    """The place to drop photos, and the latest ones below."""
    photos = Photo.objects.owned_by(request.user).with_results()[:RECENT]
    cards = photo_cards(photos)
    agreed = attributes_allowed(person(request).pk)
    context = {
        "form": form,
        "cards": cards,
        "live": live_of(cards),
        "max_files": settings.UPLOAD_MAX_FILES,
        "max_megabytes": settings.PHOTO_MAX_MEGABYTES,
        "agreed": get_text_list([word for name, word in WORDS.items() if name in agreed], "and"),
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
    except UnreadablePostError:  # the sender went away
        raise
    except OSError as error:
        log.error("an upload could not be put aside (%s); is the temporary folder full?", error)
        return _not_now(request, StorageError())
    return _take_in(request)


@csrf_protect
def _take_in(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _refuse(request, *form.errors.get("photos", ["The page sent something odd. Reload it and try again."]))
    return _taken_in(request, form)


def _taken_in(request: HttpRequest, form: UploadForm) -> HttpResponse:
    batch = batches.joined(person(request), form.cleaned_data["batch"])
    files, refused = form.cleaned_data["photos"], form.cleaned_data["refused"]
    if batch.pk is not None and not batches.has_room_for(batch, len(files) + len(refused)):
        return _refuse(request, f"More than {batches.MOST_FILES:,} photos do not belong together. Reload the page.")
    try:
        outcome = services.upload_photos(owner=person(request), uploads=files, batch=batch)
    except NotAnsweredError as error:
        said = JsonResponse({"error": error.sentence}, status=403)
        return asked_first(request) if request.accepts("text/html") else said
    except NotNowError as error:
        return _not_now(request, error)
    batches.reject(outcome.batch, refused)
    location = outcome_url(outcome.batch)
    if not request.accepts("text/html"):
        rejected = [{"name": one.name, "sentence": one.sentence} for one in outcome.rejected]
        kept = {"accepted": len(outcome.accepted), "linked": len(outcome.linked)}
        return JsonResponse({**kept, "rejected": rejected, "location": location})
    return redirect(location)


def outcome_url(batch: Batch) -> str:
    """Where the outcome can be seen: a single photo has its own page, which says so if it was sent before."""
    links = batch.links.select_related("photo")[:2]
    if len(links) != 1 or batch.rejections.exists():
        return reverse("analysis:uploaded", args=[batch.uuid])
    return reverse("analysis:photo", args=[links[0].photo.uuid]) + ("" if links[0].is_new else "?before")


def _not_now(request: HttpRequest, error: NotNowError) -> HttpResponse:
    """A script keeps the chosen files and may send them again; a plain form has lost them."""
    if not request.accepts("text/html"):
        said = {"error": error.sentence, "retry_after_s": error.retry_after_s}
        response: HttpResponse = JsonResponse(said, status=error.status)
    else:
        response = _refuse(
            request, f"{error.sentence} Nothing was sent, so choose the photos again then.", status=error.status
        )
    response["Retry-After"] = str(error.retry_after_s)
    return response


def _refuse(request: HttpRequest, *sentences: str, status: int = 400) -> HttpResponse:
    if not request.accepts("text/html"):
        return JsonResponse({"error": " ".join(sentences)}, status=status)
    form = UploadForm({})
    form.errors["photos"] = form.error_class(sentences, error_class="errorlist")
    return upload_page(request, form, status=status)


@require_safe
@signed_in
def uploaded(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What became of files that were sent together; the history when there is no such batch of who asks."""
    batch = Batch.objects.owned_by(request.user).filter(uuid=uuid).first()
    if batch is None:
        return redirect("analysis:history")
    new, before = (
        Photo.objects.filter(batch_links__batch=batch, batch_links__is_new=is_new) for is_new in (True, False)
    )
    cards = photo_cards(new.with_results()[:MOST_IDS])
    progress = batches.progress_of([batch])[batch.pk]
    context = {
        "batch": batch,
        "progress": progress,
        "again": batches.number_to_try_again(batch, progress),
        "cards": cards,
        "received": new.count(),
        "linked": before[:MOST_IDS],
        "sent_before": before.count(),
        "rejected": batch.rejections.all()[:MOST_IDS],
        "live": live_of(cards, batch=(batch, progress)),
    }
    return render(request, "analysis/uploaded.html", context)
