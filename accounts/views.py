"""Pages of a person's own account."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms import TokenForm
from accounts.models import ApiToken, User


@require_safe
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Where everything about the account starts."""
    user = cast("User", request.user)
    return render(request, "accounts/profile.html", {"token_count": ApiToken.objects.filter(user=user).count()})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def tokens(request: HttpRequest) -> HttpResponse:
    """The tokens of the person's programs; a new one is shown in this answer and never again."""
    user = cast("User", request.user)
    sent = request.method == "POST"
    form = TokenForm(request.POST if sent else None, user=user)
    fresh = ""
    if sent and form.is_valid():
        _, fresh = ApiToken.objects.create(user=user, name=form.cleaned_data["name"])
        form = TokenForm(user=user)
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
