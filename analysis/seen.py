"""What somebody sees of a photo, as `accounts.accesslog` notes it."""

from collections.abc import Iterator

from accounts.accesslog.models import Kind
from accounts.accesslog.noting import Seen
from analysis.models import Analysis, Face, Photo


def of_photo(photo: Photo, kind: Kind = Kind.PICTURE) -> Seen:
    """The picture, large or small."""
    return Seen(photo.owner_id, kind, photo.uuid, photo.uuid)


def of_analysis(analysis: Analysis, kind: Kind = Kind.RESULT) -> Seen:
    """With `photo` at hand."""
    return Seen(analysis.owner_id, kind, analysis.uuid, analysis.photo.uuid)


def of_face(face: Face, kind: Kind = Kind.RESULT) -> Seen:
    """With `analysis__photo` at hand."""
    analysis = face.analysis
    return Seen(analysis.owner_id, kind, face.uuid, analysis.photo.uuid)


def of_face_whole(face: Face) -> Iterator[Seen]:
    """All there is to know of a face: what was read, and what its owner said about it."""
    yield of_face(face)
    if face.corrections.all():
        yield of_face(face, Kind.CORRECTION)
