"""The first page: what Facet is for visitors, the upload for people who are signed in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.consent.services import has_answered
from accounts.consent.views import asked_first
from analysis.forms import UploadForm
from analysis.views.access import person
from analysis.views.upload import upload_page


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What Facet is for visitors; for everybody else the upload, and before the first one what they agree to."""
    if request.user.is_authenticated and not has_answered(person(request)):
        return asked_first(request)
    if request.user.is_authenticated:
        return upload_page(request, UploadForm())
    return render(request, "home.html")
