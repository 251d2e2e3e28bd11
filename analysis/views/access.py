"""Who may see a page."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django_htmx.http import HttpResponseClientRefresh

from analysis.models import Photo

if TYPE_CHECKING:
    from accounts.models import User

View = Callable[..., HttpResponseBase]


def signed_in(view: View) -> View:
    """For people who are signed in; others are sent to sign in and come back.

    A poll from a page whose session has ended reloads that page: following the redirect would put the sign-in
    page into a corner of it.
    """
    guarded = login_required(view)

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if is_htmx(request) and not request.user.is_authenticated:
            return HttpResponseClientRefresh()
        return guarded(request, *args, **kwargs)

    return wrapper


def is_htmx(request: HttpRequest) -> bool:
    """Whether a part of a page is asked for."""
    return bool(getattr(request, "htmx", False))


def person(request: HttpRequest) -> "User":
    """Who asks, behind `signed_in`."""
    return cast("User", request.user)


def own_photo_or_404(request: HttpRequest, uuid: UUID) -> Photo:
    """The photo with its results, if it belongs to who asks."""
    return get_object_or_404(Photo.objects.owned_by(request.user).with_results(), uuid=uuid)
