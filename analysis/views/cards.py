"""What templates show of a photo and its faces: words and lengths, worked out once, in one place."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from analysis.cutting import square_of
from analysis.models import Analysis, Correction, Face, Photo, Review
from analysis.reasons import Reason, reasons_of
from analysis.views.waiting import Progress, progress_of

TILE: Final = 4 / 3
"""Width to height of the picture in a tile."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One expression: `percent` is a whole number, `length` 0 to 100 for drawing."""

    name: str
    percent: int
    length: str
    is_top: bool


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle as SVG attributes."""

    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class FaceCard:
    """A face as a person reads it. `box` is in percent of the photo, `crop` a square of its pixels.

    `cut` is what was cut out of a photo that is not kept, in percent of it. What the owner does not agree to is None.
    """

    face: Face
    number: int
    box: Area
    crop: Area
    cut: Area
    age: int | None
    low: int | None
    high: int | None
    gender: str | None
    gender_percent: int
    emotion: str | None
    emotion_percent: int
    bars: tuple[Bar, ...]
    reasons: tuple[Reason, ...]
    is_age_widened: bool
    correction: Correction | None
    review: Review | None

    @property
    def span(self) -> int:
        """Years between the bounds; at least one, so that something can be drawn."""
        return max(1, (self.high or 0) - (self.low or 0))

    @property
    def bucket(self) -> str:
        """The nearest of the eight age groups, as "21 to 28"; they leave gaps, so the age itself may lie outside."""
        return self.face.age_bucket.replace("-", " to ")

    @property
    def not_agreed(self) -> str:
        """What was not estimated, in words."""
        values = (("age", self.age), ("gender", self.gender), ("expression", self.emotion))
        return ", ".join(word for word, value in values if value is None)

    @property
    def estimate(self) -> str:
        """What Facet said, in one line, whatever anybody said since."""
        return _line(None if self.age is None else f"about {self.age}", self.gender, self.emotion)

    @property
    def in_short(self) -> str:
        """One line for lists and for people who do not see the boxes; what the owner said stands for the estimate."""
        said = self.correction
        if said and said.not_a_face:
            return "not a face, as you said"
        if said is None or (said.age_years is None and not said.gender and not said.emotion):
            return self.estimate
        age = None if self.age is None else f"about {self.age}"
        age = age if said.age_years is None else str(said.age_years)
        return f"{_line(age, said.gender or self.gender, said.emotion or self.emotion)}, as you said"


def _line(age: str | None, gender: str | None, emotion: str | None) -> str:
    """Without what was not estimated."""
    told = [age] if age else []
    if gender is not None:
        told.append(gender or "gender not sure")
    if emotion is not None:
        told.append(f"{emotion} shown" if emotion else "expression not sure")
    return ", ".join(told) or "a face; you agree to no estimate"


@dataclass(frozen=True, slots=True)
class PhotoCard:
    """A photo with where its analysis is and the faces found, largest first."""

    photo: Photo
    analysis: Analysis | None
    progress: Progress
    faces: tuple[FaceCard, ...]

    @property
    def window(self) -> str:
        """The part of the photo that a tile shows, as an SVG viewBox: as large as fits, faces in the middle."""
        width = min(self.photo.width, self.photo.height * TILE)
        height = width / TILE
        x, y = self._middle()
        left = min(max(x - width / 2, 0), self.photo.width - width)
        top = min(max(y - height / 2, 0), self.photo.height - height)
        return f"{left:.1f} {top:.1f} {width:.1f} {height:.1f}"

    def _middle(self) -> tuple[float, float]:
        if not self.faces:
            return self.photo.width / 2, self.photo.height / 2
        found = [card.face for card in self.faces]
        left, right = min(face.x for face in found), max(face.x + face.width for face in found)
        top, bottom = min(face.y for face in found), max(face.y + face.height for face in found)
        return (left + right) / 2, (top + bottom) / 2


def photo_cards(photos: Iterable[Photo]) -> list[PhotoCard]:
    """Cards for photos that came `with_results`; at most four more queries, for places and time in the line."""
    return [replace(card, faces=face_cards(card.photo, card.analysis)) for card in bare_cards(photos)]


def bare_cards(photos: Iterable[Photo]) -> list[PhotoCard]:
    """Cards without faces, for photos that came with their analyses; as many queries as for `photo_cards`."""
    photos = list(photos)
    latest = [photo.latest for photo in photos]
    progress = progress_of(latest)
    return [
        PhotoCard(photo, analysis, state, ()) for photo, analysis, state in zip(photos, latest, progress, strict=True)
    ]


def reading_card(photo: Photo, analysis: Analysis) -> PhotoCard:
    """A photo as one finished analysis reads it, whatever the others say."""
    return PhotoCard(photo, analysis, progress_of([analysis])[0], face_cards(photo, analysis))


def face_cards(photo: Photo, analysis: Analysis | None) -> tuple[FaceCard, ...]:
    """Every face of an analysis, largest first."""
    faces = sorted(analysis.faces.all(), key=lambda face: face.index) if analysis else []
    return tuple(face_card(photo, face) for face in faces)


def face_card(photo: Photo, face: Face) -> FaceCard:
    """One face as a person reads it."""
    return FaceCard(
        face=face,
        number=face.index + 1,
        box=_box(photo, face),
        crop=_crop(photo, face),
        cut=_cut(photo, face),
        age=_years(face.age_years),
        low=_years(face.age_low),
        high=_years(face.age_high),
        gender=face.gender if "gender" in face.attributes else None,
        gender_percent=_whole_percent(face.gender_confidence or 0),
        emotion=face.emotion if "emotion" in face.attributes else None,
        emotion_percent=_whole_percent(face.emotion_confidence or 0),
        bars=_bars(face),
        reasons=reasons_of(face),
        is_age_widened=face.age_widening > 1,
        correction=next(iter(face.corrections.all()), None),
        review=getattr(face, "review", None),
    )


def _whole_percent(share: float) -> int:
    """Never 100: nothing here is certain."""
    return min(99, round(share * 100))


def _years(value: float | None) -> int | None:
    return None if value is None else max(0, round(value))


def _box(photo: Photo, face: Face) -> Area:
    """Percent of the photo, cut at its borders."""
    left, top = max(face.x, 0.0), max(face.y, 0.0)
    right, bottom = min(face.x + face.width, photo.width), min(face.y + face.height, photo.height)
    return Area(
        x=_percent(left / photo.width),
        y=_percent(top / photo.height),
        width=_percent(max(right - left, 0) / photo.width),
        height=_percent(max(bottom - top, 0) / photo.height),
    )


def _crop(photo: Photo, face: Face) -> Area:
    """In pixels; within the photo, as what is cut out for good is, or a strip of nothing would show at its edge."""
    square = square_of(face, photo.width, photo.height)
    return Area(x=str(square.x), y=str(square.y), width=str(square.width), height=str(square.height))


def _cut(photo: Photo, face: Face) -> Area:
    square = square_of(face, photo.width, photo.height)
    return Area(
        x=_percent(square.x / photo.width),
        y=_percent(square.y / photo.height),
        width=_percent(square.width / photo.width),
        height=_percent(square.height / photo.height),
    )


def _percent(share: float) -> str:
    return f"{share * 100:.3f}%"


def _bars(face: Face) -> tuple[Bar, ...]:
    """All expressions, likeliest first."""
    ranked = sorted((face.probabilities or {}).items(), key=lambda item: -item[1])
    return tuple(
        Bar(name, _whole_percent(share), f"{share * 100:.1f}", is_top=index == 0 and bool(face.emotion))
        for index, (name, share) in enumerate(ranked)
    )
