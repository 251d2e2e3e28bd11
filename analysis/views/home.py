"""The first page: what Facet is for visitors, the upload for people who are signed in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from analysis.forms import UploadForm
from analysis.views.upload import upload_page


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What Facet is for visitors, the upload for everybody else."""
    if request.user.is_authenticated:
        return upload_page(request, UploadForm())
    return render(request, "home.html")
