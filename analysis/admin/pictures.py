"""Pictures and bars in the review pages: people look rather than read."""

from typing import Final

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from analysis import listed
from analysis.cutting import square_of
from analysis.models import Face, Photo

SHARP = 0.25
"""Share of the photo from which a face has 80 pixels or more in the thumbnail: the queue then loads only that."""


NOT_KEPT: Final = mark_safe('<span class="review-none">picture not kept</span>')  # nosec B308  # a constant
NOT_SHARED: Final = mark_safe('<span class="review-none">not shown to reviewers</span>')  # nosec B308  # a constant
"""Its owner does not agree to that."""


def thumbnail(photo: Photo, *, is_shared: bool, viewer: int) -> SafeString:
    """In a list: the small picture, linked to the large one; or why there is none.

    `is_shared`: the owner lets reviewers look. `viewer` is the number of who looks at the list.
    """
    if not is_shared:
        return NOT_SHARED
    if not photo.has_picture:
        return NOT_KEPT
    return format_html(
        '<a href="{}"><img src="{}" alt="photo, opens it large" class="review-thumbnail" loading="lazy"></a>',
        reverse("analysis:image", args=[photo.uuid]),
        listed.address(reverse("analysis:thumbnail", args=[photo.uuid]), photo.uuid, viewer),
    )


def face_in_list(face: Face, *, viewer: int) -> SafeString:
    """The face itself: cut out by the browser where the thumbnail is sharp enough, and by the server elsewhere."""
    photo = face.analysis.photo
    if not (face.crop.name or photo.has_picture):
        return NOT_KEPT
    if face.crop.name or face.width / max(photo.width, photo.height) <= SHARP:
        return _face(face, listed.address(reverse("analysis:crop", args=[face.uuid]), face.uuid, viewer))
    square = square_of(face, photo.width, photo.height)
    return format_html(
        '<svg class="review-face" preserveAspectRatio="xMidYMid slice" viewBox="{}" role="img" aria-label="face {}">'
        '<image href="{}" width="{}" height="{}"/></svg>',
        f"{square.x} {square.y} {square.width} {square.height}",
        face.index + 1,
        listed.address(reverse("analysis:thumbnail", args=[photo.uuid]), photo.uuid, viewer),
        photo.width,
        photo.height,
    )


def face_alone(face: Face) -> SafeString:
    """On the page of one: the face itself, which is noted."""
    if not (face.crop.name or face.analysis.photo.has_picture):
        return NOT_KEPT
    return _face(face, reverse("analysis:crop", args=[face.uuid]))


def _face(face: Face, address: str) -> SafeString:
    return format_html('<img src="{}" alt="face {}" class="review-face" loading="lazy">', address, face.index + 1)


def photo_with_box(face: Face) -> SafeString:
    """The whole photo with this face marked; on an empty ground where the picture was not kept."""
    photo = face.analysis.photo
    picture: SafeString
    if photo.has_picture:
        address = reverse("analysis:image", args=[photo.uuid])
        picture = format_html('<image href="{}" width="{}" height="{}"/>', address, photo.width, photo.height)
    else:
        ground = '<rect class="review-ground" width="{}" height="{}"/>'
        picture = format_html(ground, photo.width, photo.height)
    return format_html(
        '<svg class="review-photo" viewBox="0 0 {} {}" role="img" aria-label="photo with face {} marked">'
        '{}<rect x="{}" y="{}" width="{}" height="{}" vector-effect="non-scaling-stroke"/></svg>',
        photo.width,
        photo.height,
        face.index + 1,
        picture,
        face.x,
        face.y,
        face.width,
        face.height,
    )


def expression_bars(face: Face) -> SafeString:
    """All eight probabilities, the likeliest first."""
    ranked = sorted((face.probabilities or {}).items(), key=lambda pair: -pair[1])
    rows = format_html_join(
        "",
        '<li><span>{}</span> <meter min="0" max="1" value="{}"></meter> {}</li>',
        ((name, f"{value:.3f}", f"{value:.0%}") for name, value in ranked),
    )
    return format_html('<ul class="review-bars">{}</ul>', rows)
