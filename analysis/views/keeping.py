"""What stays of a person's photos, and for how long."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from analysis import keeping
from analysis.forms import KeepingForm
from analysis.models import Photo
from analysis.views.access import person, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def choice(request: HttpRequest) -> HttpResponse:
    """Choose for what is sent from now on; what was sent already is another page's question."""
    who = person(request)
    now = keeping.decided(who)
    sent = request.method == "POST"
    form = KeepingForm(request.POST if sent else None, initial={"keep": now.keep, "days": now.days})
    if sent and form.is_valid():
        keeping.choose(who, form.decision)
        messages.success(request, "Saved. It holds for what you send from now on.")
        return redirect("keeping")
    context = {"form": form, "most": keeping.most(), "has_photos": Photo.objects.owned_by(who).exists()}
    return render(request, "analysis/keeping.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def earlier(request: HttpRequest) -> HttpResponse:
    """Say what would go; then hold the photos that were sent already to the same."""
    who = person(request)
    if request.method == "POST":
        keeping.apply_to_earlier(who)
        messages.success(request, "Done. What is not to stay is being removed; that may take some minutes.")
        return redirect("keeping")
    context = {"decision": keeping.decided(who), "takes": keeping.earlier(who)}
    return render(request, "analysis/keeping_earlier.html", context)
