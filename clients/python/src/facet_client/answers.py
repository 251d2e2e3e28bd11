"""What the server answers. Values that a newer server may add to are plain strings; the known ones are named here.

Ages are in years, boxes and landmarks in pixels of the upright photo, probabilities and confidences from 0 to 1.
What a server does not tell, because it is not asked to estimate it or is older, is None.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

UNFINISHED: Final = frozenset({"queued", "running"})
FINISHED: Final = frozenset({"done", "failed", "cancelled"})
EXPRESSIONS: Final = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt")
GENDERS: Final = ("female", "male")
INTERACTIVE: Final = "interactive"
BATCH: Final = "batch"


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field of a request."""

    field: str
    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whose token it is, and what it opens; `scopes` is None where the server is too old to say."""

    id: str
    email: str
    date_joined: datetime
    is_reviewer: bool = False
    scopes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Where a face is; the corner with the smallest x and y, and the sides."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Age:
    """The estimate, and an interval made to hold the recorded age in nine cases of ten.

    `widening` is how many times wider it was made because the face is hard to read, `bucket` both ends of an age group.
    """

    years: float
    low: float
    high: float
    widening: float = 1.0
    bucket: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gender:
    """As it appears: `female`, `male`, or None for not sure."""

    label: str | None
    confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Emotion:
    """The expression shown, one of EXPRESSIONS, or None for not sure; the probabilities sum to 1."""

    label: str | None
    probabilities: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """What makes a face hard to read, and what helps."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """How much there is to see of a face; the API's documentation says what each measure is."""

    size: float | None = None
    sharpness: float | None = None
    brightness: float | None = None
    highlights: float | None = None
    cut: float | None = None
    turn: float | None = None
    roll: float | None = None
    detector: float | None = None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What you said about a face; None, and the empty string of an older server, says nothing."""

    age_years: int | None = None
    gender: str | None = None
    emotion: str | None = None
    not_a_face: bool = False
    note: str | None = None
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """One face. `correction` is your newest one, `review` is accepted, corrected, unusable, or None before a review.

    `crop_url` is None unless the face alone was kept of its photo.
    """

    id: str
    box: Box
    landmarks: tuple[tuple[float, ...], ...] | None = None
    quality: Quality | None = None
    age: Age | None = None
    gender: Gender | None = None
    emotion: Emotion | None = None
    crop_url: str | None = None
    correction: Correction | None = None
    review: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why there is no result: a code for programs, a sentence for people."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """One reading of a photo: queued, running, done, failed or cancelled.

    `ahead` is how many photos are read before and `seconds_left` how long that takes; None unless it is queued.
    Faces come largest first.
    """

    id: str
    status: str
    lane: str = INTERACTIVE
    ahead: int | None = None
    seconds_left: float | None = None
    error: Problem | None = None
    attempts: int = 0
    queued_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    engine_version: str = ""
    model_version: str = ""
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    faces: tuple[Face, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A photo and its newest result in `analysis`; `pending` is a later reading that has no result.

    `keep` is what stays once it was read: photo, faces or results; `image_url` is None when the picture is gone, and
    `erase_at` is when everything goes, or None.

    `raw` is the whole answer as the server wrote it, with what this client does not know.
    """

    id: str
    name: str
    analysis: Analysis
    pending: Analysis | None = None
    url: str | None = None
    image_url: str | None = None
    width: int | None = None
    height: int | None = None
    size: int | None = None
    created_at: datetime | None = None
    keep: str = "photo"
    erase_at: datetime | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def newest(self) -> Analysis:
        """The reading that was asked for last."""
        return self.pending or self.analysis

    @property
    def is_finished(self) -> bool:
        """Whether nothing more is to come unless somebody asks for it."""
        return self.newest.status not in UNFINISHED

    @property
    def faces(self) -> tuple[Face, ...]:
        """Of the newest result, largest first."""
        return self.analysis.faces


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A file that was not kept, and why."""

    name: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchLink:
    """The batch that the photos of an upload belong to."""

    id: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Photos that were sent together, and how far they are; `progress` from 0 to 1, `seconds_left` by the pace now."""

    id: str
    url: str
    photos_url: str
    label: str
    created_at: datetime
    total: int
    finished: int
    progress: float
    seconds_left: int | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    rejected: tuple[Rejected, ...] = ()

    @property
    def is_finished(self) -> bool:
        """Whether nothing more happens to any of its photos by itself."""
        return self.finished >= self.total


@dataclass(frozen=True, slots=True, kw_only=True)
class Retried:
    """How many photos of a batch wait to be read once more, and how many were too many for one request."""

    queued: int
    left: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rereading:
    """All photos read again in one go.

    `found` could be, where that is not asked for; with the state `counting` there may be more. `queued` were put into
    the line since it was asked for, which may become more while the state is `under_way`; `waiting` of them wait.
    """

    state: str
    found: int
    queued: int
    waiting: int
    not_kept: int = 0

    @property
    def is_under_way(self) -> bool:
        """Whether it was asked for, and something is still to be queued or read."""
        return self.state == "under_way"


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedFace:
    """A face of a photo that was not kept, as in analyses; there is nothing to correct or to review."""

    box: Box
    age: Age | None = None
    gender: Gender | None = None
    emotion: Emotion | None = None
    landmarks: tuple[tuple[float, ...], ...] | None = None
    quality: Quality | None = None
    crop_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What was read from a photo that is forgotten already; `raw` is the whole answer."""

    width: int
    height: int
    faces: tuple[TriedFace, ...]
    engine_version: str = ""
    model_version: str = ""
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadAnswer:
    """What the server tells of one request."""

    accepted: tuple[Photo, ...] = ()
    linked: tuple[Photo, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    batch: BatchLink | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One summand of a suggestion's score."""

    name: str
    points: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Something to read, watch, hear or do, with the reasons for it."""

    slug: str
    kind: str
    title: str
    by: str = ""
    description: str = ""
    minutes: int | None = None
    minimum_age: int = 0
    liked: bool = False
    why: str = ""
    reasons: tuple[str, ...] = ()
    score: float = 0.0
    terms: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestions:
    """A list, best first, and what it rests on."""

    uses_photo: bool
    faces: int
    child_safe: bool
    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoPage:
    """A page of photos; `next` is the address of the one after it."""

    results: tuple[Photo, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPage:
    """A page of batches."""

    results: tuple[Batch, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisPage:
    """A page of readings of one photo."""

    results: tuple[Analysis, ...]
    next: str | None = None
