"""Download my data, as pages."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.erasure.files import remove_after_commit
from accounts.exports import services
from accounts.exports.download import archive_response
from accounts.exports.models import DataExport, State
from accounts.models import User

SHOWN = 10


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def exports(request: HttpRequest) -> HttpResponse:
    """Ask for an archive, see how far it is, fetch it; for the page's own poll only the list."""
    person = cast("User", request.user)
    if request.method == "POST":
        _, is_new = services.ask_for(person)
        if not is_new:
            messages.info(request, "An archive is being made already. It appears below.")
        return redirect("accounts:exports")
    found = list(DataExport.objects.filter(person=person)[:SHOWN])
    context = {"exports": found, "is_under_way": any(export.is_under_way for export in found)}
    template = "accounts/parts/exports.html" if getattr(request, "htmx", False) else "accounts/exports.html"
    response = render(request, template, context)
    response["Cache-Control"] = "no-store"
    patch_vary_headers(response, ("HX-Request",))
    return response


@require_safe
@login_required
def download(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """The archive, for its owner."""
    export = get_object_or_404(DataExport, person=cast("User", request.user), uuid=uuid)
    if export.state != State.READY:
        raise Http404
    return archive_response(export)


@require_POST
@login_required
def remove(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Before its time is over."""
    export = get_object_or_404(DataExport, person=cast("User", request.user), uuid=uuid)
    with transaction.atomic():
        remove_after_commit([export.file.name])
        export.delete()
    messages.success(request, "The archive is deleted.")
    return redirect("accounts:exports")
