"""Pages of a person's own account."""

from typing import Final, cast

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms import DeleteAccountForm, TokenForm
from accounts.models import ApiToken, User

FRESH: Final = "fresh_token"
"""Where the session keeps a new token between the answer that made it and the page that shows it."""


@require_safe
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Where everything about the account starts."""
    user = cast("User", request.user)
    return render(request, "accounts/profile.html", {"token_count": ApiToken.objects.filter(user=user).count()})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def delete(request: HttpRequest) -> HttpResponse:
    """Say what goes; then, with the password, remove the person and everything kept for them."""
    user = cast("User", request.user)
    sent = request.method == "POST"
    may_try = not sent or ratelimit.consume(request, action="reauthenticate", user=user)
    form = DeleteAccountForm(request.POST if sent else None, user=user, may_try=may_try)
    is_last = _is_last_administrator(user)
    if sent and not is_last and form.is_valid():
        user.delete()
        logout(request)
        messages.success(request, "Your account is deleted, with everything that was kept for it.")
        return redirect("home")
    return render(request, "accounts/delete.html", {"form": form, "is_last_administrator": is_last})


def _is_last_administrator(user: User) -> bool:
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk)
    return user.is_superuser and not others.exists()


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def tokens(request: HttpRequest) -> HttpResponse:
    """The tokens of the person's programs; a new one is shown once, by the page that follows, and never again."""
    user = cast("User", request.user)
    sent = request.method == "POST"
    form = TokenForm(request.POST if sent else None, user=user)
    if sent and form.is_valid():
        _, request.session[FRESH] = ApiToken.objects.create(user=user, name=form.cleaned_data["name"])
        return redirect("accounts:tokens")
    fresh = request.session.pop(FRESH, "") if request.method == "GET" else ""
    context = {"form": form, "fresh": fresh, "tokens": ApiToken.objects.filter(user=user)}
    response = render(request, "accounts/tokens.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@login_required
def delete_token(request: HttpRequest, token_key: str) -> HttpResponse:
    """The program that has this token can no longer use it."""
    token = get_object_or_404(ApiToken, user=cast("User", request.user), token_key=token_key)
    token.delete()
    messages.success(request, f"The token “{token.name or 'without a name'}” no longer works.")
    return redirect("accounts:tokens")
