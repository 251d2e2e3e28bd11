"""What the server answers to reviewers; see `answers` for units."""

from dataclasses import dataclass
from datetime import datetime

from facet_client.answers import Age, Box, Correction, Emotion, Gender, Quality


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided about a face: accepted, corrected or unusable.

    What is None, or the empty string of an older server, was not said. `is_mine` says whether it was you.
    """

    verdict: str
    reviewed_at: datetime
    age_years: int | None = None
    gender: str | None = None
    emotion: str | None = None
    note: str | None = None
    is_mine: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPhoto:
    """The photo of a face; `image_url` is None when the picture is not kept."""

    id: str
    width: int
    height: int
    image_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewFace:
    """A face in the queue. `correction` is what its owner says, `review` the decision there is.

    `image_url` is None when neither the face nor its photo is kept.
    """

    id: str
    photo: ReviewPhoto
    box: Box
    url: str | None = None
    image_url: str | None = None
    landmarks: tuple[tuple[float, ...], ...] | None = None
    quality: Quality | None = None
    age: Age | None = None
    gender: Gender | None = None
    emotion: Emotion | None = None
    model_version: str = ""
    correction: Correction | None = None
    review: Decision | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewFacePage:
    """A page of the queue; `next` is the address of the one after it."""

    results: tuple[ReviewFace, ...]
    next: str | None = None
