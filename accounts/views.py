"""Pages of a person's own account."""

from typing import Final, cast

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.erasure.people import erase_person
from accounts.forms import DeleteAccountForm, TokenForm
from accounts.models import ApiToken, User
from accounts.receipts import address_of
from accounts.roles import is_last_administrator
from accounts.security import security_of

FRESH: Final = "fresh_token"
"""Where the session keeps a new token between the answer that made it and the page that shows it."""


@require_safe
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Where everything about the account starts."""
    user = cast("User", request.user)
    context = {
        "token_count": ApiToken.objects.filter(user=user).count(),
        "security": security_of(user),
        "single_sign_on": settings.OIDC_NAME if settings.OIDC else "",
    }
    return render(request, "accounts/profile.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def delete(request: HttpRequest) -> HttpResponse:
    """Say what goes; then, with the password, remove the person and everything kept for them."""
    user = cast("User", request.user)
    sent = request.method == "POST"
    may_try = not sent or ratelimit.consume(request, action="reauthenticate", user=user)
    if sent and not user.has_usable_password():
        raise_if_reauthentication_required(request, app="allauth.mfa")
    form = DeleteAccountForm(request.POST if sent else None, user=user, may_try=may_try)
    is_last = is_last_administrator(user)
    if sent and not is_last and form.is_valid():
        receipt = erase_person(user)
        logout(request)
        messages.success(request, "Your account is deleted, with everything that was kept for it.")
        return redirect(address_of(receipt))
    return render(request, "accounts/delete.html", {"form": form, "is_last_administrator": is_last})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def tokens(request: HttpRequest) -> HttpResponse:
    """The tokens of the person's programs; a new one is shown once, by the page that follows, and never again."""
    user = cast("User", request.user)
    sent = request.method == "POST"
    form = TokenForm(request.POST if sent else None, user=user)
    if sent and form.is_valid():
        said = form.cleaned_data
        _, request.session[FRESH] = ApiToken.objects.create(
            user=user, name=said["name"], scopes=said["scopes"], expiry=said["lifetime"]
        )
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
