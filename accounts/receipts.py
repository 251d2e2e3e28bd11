"""The receipt of an erasure: for whoever has its address, as a page and as JSON."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.erasure.models import ErasureReceipt


@require_safe
def receipt(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """To be printed or kept."""
    return render(request, "accounts/receipt.html", {"receipt": _finished(uuid), "left": _files_left(uuid)})


@require_safe
def receipt_json(request: HttpRequest, uuid: UUID) -> JsonResponse:  # noqa: ARG001
    """The same for programs."""
    return JsonResponse(_told(_finished(uuid)))


def _finished(uuid: UUID) -> ErasureReceipt:
    return get_object_or_404(ErasureReceipt, uuid=uuid, erased_at__isnull=False)


def _files_left(uuid: UUID) -> int:
    return ErasureReceipt.objects.get(uuid=uuid).files.count()


def _told(found: ErasureReceipt) -> dict[str, Any]:
    return {
        "id": found.uuid,
        "kind": found.kind,
        "erased_at": found.erased_at,
        "counts": found.counts,
        "files_left": _files_left(found.uuid),
        "backups_until": found.backups_until,
    }


def address_of(found: ErasureReceipt) -> str:
    """The path of its page."""
    return reverse("receipt", args=[found.uuid])
