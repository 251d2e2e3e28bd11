"""All photos that lack something by now read again: how many there are, how far that is, and to stop it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import reswap, retarget

from analysis.renewal import services
from analysis.renewal.offering import photos
from analysis.renewal.services import WHILE_ASKED_S, Outlook
from analysis.views.access import is_htmx, person, signed_in
from analysis.views.polling import PAUSES_S, Poll, etag_of, fresh, unchanged

if TYPE_CHECKING:
    from accounts.models import User

MANY: Final = 500
"""From so many waiting photos on, a page asks seldom."""


@dataclass(frozen=True, slots=True)
class Again:
    """What a page says about it."""

    outlook: Outlook
    poll: Poll | None

    @property
    def sentence(self) -> str:
        """How many, and why; empty where there are none."""
        found, lacking = self.outlook.found, self.outlook.lacking
        if not found:
            return ""
        many = photos(found, is_more=self.outlook.is_counting)
        was = "was" if many.startswith("1 ") else "were"
        if not lacking:
            return f"Newer models have come since {many[0].lower()}{many[1:]} {was} read."
        if lacking == found:
            return f"{many} {was} read before you agreed to more."
        return f"{many} {was} read by older models, or before you agreed to more."


def again_of(outlook: Outlook) -> Again:
    """With a poll while it goes on."""
    if not outlook.is_going:
        return Again(outlook, None)
    seconds = PAUSES_S[-1] if outlook.waiting > MANY else PAUSES_S[-2]
    told = f"{outlook.done} {outlook.total} {outlook.waiting}"
    return Again(outlook, Poll(reverse("analysis:reread-all"), seconds, etag_of((), seconds, told)))


def notice_of(owner: "User") -> Again | None:
    """For the history; None when there is nothing to say."""
    outlook = services.outlook(owner)
    return again_of(outlook) if outlook.found or outlook.is_going else None


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def reread_all(request: HttpRequest) -> HttpResponse:
    """The page; for its own poll, or that of the history, how far it is. Sent, it begins."""
    if request.method == "POST":
        started = services.start(person(request))
        if not started.is_going and not started.queued:
            messages.info(request, "There is nothing to read again.")
        return redirect("analysis:reread-all")
    response = _part(request) if is_htmx(request) else _page(request)
    patch_vary_headers(response, ("HX-Request",))  # the address answers in two shapes
    return response


def _page(request: HttpRequest) -> HttpResponse:
    again = again_of(services.outlook(person(request), within_s=WHILE_ASKED_S))
    return fresh(render(request, "analysis/reread_all.html", {"again": again}))


def _part(request: HttpRequest) -> HttpResponse:
    """The progress, or 304 when the page shows it already; at its end all that is said in its place."""
    again = again_of(services.outlook(person(request)))
    if again.poll is None:
        answer = render(request, "analysis/parts/reread_all.html", {"again": again, "is_answer": True})
        return fresh(reswap(retarget(answer, "#reread-all"), "outerHTML"))
    if same := unchanged(request, again.poll.etag):
        return same
    return fresh(render(request, "analysis/parts/reread_progress.html", {"again": again}), again.poll.etag)


@require_POST
@signed_in
def stop_all(request: HttpRequest) -> HttpResponse:
    """What waits keeps the result it has."""
    stopped = services.stop(person(request))
    if stopped:
        messages.success(
            request,
            f"Stopped. {photos(stopped)} that waited {'keeps its result' if stopped == 1 else 'keep their results'}.",
        )
    else:
        messages.info(request, "Nothing waits to be read again.")
    return redirect("analysis:reread-all")
