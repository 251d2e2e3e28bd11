"""A photo's bytes: for its owner and for reviewers, and inert even if a browser were tricked into opening them."""

from uuid import UUID

from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.accesslog.models import Kind, Place
from accounts.accesslog.noting import Seen, note
from analysis import listed, seen
from analysis.media import face_response, photo_response
from analysis.models import Face, Photo
from analysis.views.access import signed_in


@require_safe
@signed_in
def image(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """The whole picture."""
    photo = get_object_or_404(Photo.objects.viewable_by(request.user), uuid=uuid)
    return _picture(request, seen.of_photo(photo), photo.image, f"photo-{photo.uuid}.jpg")


@require_safe
@signed_in
def thumbnail(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """The small picture of lists."""
    photo = get_object_or_404(Photo.objects.viewable_by(request.user), uuid=uuid)
    return _picture(request, seen.of_photo(photo), photo.thumbnail, f"thumbnail-{photo.uuid}.jpg", small=True)


@require_safe
@signed_in
def crop(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """A face alone: cut out when its photo was read, or now where that is kept whole."""
    faces = Face.objects.viewable_by(request.user).select_related("analysis__photo")
    face = get_object_or_404(faces, uuid=uuid)
    if not (face.crop.name or face.analysis.photo.has_picture):
        raise Http404
    if not listed.is_noted(request, face.uuid):
        note(request.user, Place.ADMIN, [seen.of_face(face, Kind.FACE)])
    return face_response(face)


def _picture(
    request: HttpRequest, what: Seen, stored: FieldFile, name: str, *, small: bool = False
) -> HttpResponseBase:
    """Pages do not ask for what is not kept. Raises Http404.

    Others than the owner meet these addresses in the admin. A `small` one in a list is noted with the list.
    """
    if not stored.name:
        raise Http404
    if not (small and listed.is_noted(request, what.thing)):
        note(request.user, Place.ADMIN, [what])
    return photo_response(stored, name)
