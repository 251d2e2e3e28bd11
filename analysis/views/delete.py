"""Delete a photo, after asking once."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from accounts.receipts import address_of
from analysis import services
from analysis.views.access import own_photo_or_404, signed_in
from analysis.views.cards import photo_cards


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def delete(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask; then remove the photo, its files and everything read from it."""
    photo = own_photo_or_404(request, uuid)
    if request.method != "POST":
        return render(request, "analysis/delete.html", {"card": photo_cards([photo])[0]})
    receipt = services.delete_photo(photo)
    said = '“{}” is deleted, with everything that was read from it. <a href="{}">Receipt</a>'
    messages.success(request, format_html(said, photo.name, address_of(receipt)))
    return redirect("analysis:history")
