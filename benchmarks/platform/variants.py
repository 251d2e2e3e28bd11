"""What the rows of a filled database look like: some hundred photos made through the models, copied for all others.

Shares are round figures for an installation in use, not measured ones.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from accounts.models import User
from analysis.engine import AGE_BUCKETS, EMOTIONS, QUALITY_CODES
from analysis.models import Analysis, Correction, Face, Photo, Review, Status, Verdict

KINDS: Final = 997
"""A prime, so that whoever has every tenth photo has all kinds."""
AGAIN: Final = KINDS
"""Added to a photo's kind: it was read again by newer weights."""
QUEUED: Final = 2 * KINDS
RUNNING: Final = 2 * KINDS + 1

FACES: Final = {0: 6, 1: 60, 2: 24, 3: 10}
STATUSES: Final = {Status.DONE: 96, Status.FAILED: 3, Status.CANCELLED: 1}
GENDERS: Final = {"female": 47, "male": 45, "": 8}
SHOWN: Final = dict(zip(EMOTIONS, (45, 30, 7, 7, 5, 2, 3, 1), strict=True))
CORRECTED: Final = 0.03
REVIEWED: Final = 0.04
"""Shares of the faces."""
SIDES: Final = ((1600, 1200), (1200, 1600), (4000, 3000), (3000, 4000), (1080, 1080))
OLDER, NEWER = "attributes-1.0.0", "attributes-1.1.0"
ENGINE: Final = "facet-1.0.0"


@dataclass(slots=True)
class Variant:
    """One photo's worth of rows, unsaved; `number` is what the copies refer to."""

    number: int
    photo: Photo
    analysis: Analysis
    faces: list[Face] = field(default_factory=list)
    corrections: list[tuple[int, Correction]] = field(default_factory=list)
    """With the index of the face."""
    reviews: list[tuple[int, Review]] = field(default_factory=list)


def variants(now: datetime, reviewer: User, seed: int) -> Iterator[Variant]:
    """Every kind, as if it had been uploaded `now`; the numbers are those named above."""
    chance = random.Random(seed)
    photos = [_photo(chance) for _ in range(KINDS)]
    for number, photo in enumerate(photos):
        status = _drawn(chance, STATUSES)
        yield _variant(chance, number, photo, _analysis(chance, now, status, OLDER), reviewer)
    for number, photo in enumerate(photos):
        yield _variant(chance, AGAIN + number, photo, _analysis(chance, now, Status.DONE, NEWER), reviewer)
    yield Variant(QUEUED, photos[0], Analysis(status=Status.QUEUED, queued_at=now, due_at=now))
    running = _analysis(chance, now, Status.RUNNING, "")
    yield Variant(RUNNING, photos[0], running)


def _drawn(chance: random.Random, weights: dict[Any, int]) -> Any:
    return chance.choices(list(weights), list(weights.values()))[0]


def _photo(chance: random.Random) -> Photo:
    width, height = chance.choice(SIDES)
    return Photo(width=width, height=height, size=round(width * height * chance.uniform(0.1, 0.4)))


def _analysis(chance: random.Random, now: datetime, status: Status, model: str) -> Analysis:
    started = now + timedelta(seconds=chance.expovariate(1 / 2))
    analysis = Analysis(status=status, queued_at=now, due_at=now, started_at=started, attempts=1)
    if status == Status.RUNNING:
        analysis.lease_until = started + timedelta(hours=1)
        return analysis
    timings = {"decode": chance.uniform(5, 40), "detect": chance.uniform(4, 12), "attributes": chance.uniform(2, 9)}
    analysis.finished_at = started + timedelta(milliseconds=sum(timings.values()))
    if status == Status.FAILED:
        analysis.failure_code = chance.choice(("unreadable", "too_large", "gave_up"))
        analysis.failure_sentence = "The file is damaged or not complete. Upload it again."
    if status == Status.DONE:
        analysis.engine_version, analysis.model_version = ENGINE, model
        analysis.timings_ms = {stage: round(value, 2) for stage, value in timings.items()}
    return analysis


def _variant(chance: random.Random, number: int, photo: Photo, analysis: Analysis, reviewer: User) -> Variant:
    variant = Variant(number, photo, analysis)
    for index in range(_drawn(chance, FACES) if analysis.status == Status.DONE else 0):
        variant.faces.append(_face(chance, photo, index))
        if chance.random() < CORRECTED:
            said = Correction(age_years=chance.randint(1, 90), created_at=analysis.queued_at)
            variant.corrections.append((index, said))
        if chance.random() < REVIEWED:
            verdict = chance.choice((Verdict.ACCEPTED, Verdict.UNUSABLE))
            decided = Review(verdict=verdict, reviewer=reviewer, reviewed_at=analysis.queued_at)
            variant.reviews.append((index, decided))
    return variant


def _face(chance: random.Random, photo: Photo, index: int) -> Face:
    width = photo.width * chance.uniform(0.08, 0.3)
    x, y = chance.uniform(0, photo.width - width), chance.uniform(0, photo.height - width)
    years = min(max(chance.gauss(33, 18), 0.5), 110)
    low, high = min(AGE_BUCKETS, key=lambda bucket: abs(sum(bucket) / 2 - years))
    gender = _drawn(chance, GENDERS)
    probabilities = _probabilities(chance)
    shown = max(probabilities, key=probabilities.__getitem__)
    sure = probabilities[shown] > 0.4
    return Face(
        index=index, x=x, y=y, width=width, height=width,
        landmarks=[[x + width * at, y + width * at] for at in _POINTS],
        quality=_quality(chance, width),
        age_years=years, age_low=max(years - 8, 0), age_high=years + 8, age_bucket=f"{low}-{high}",
        gender=gender, gender_confidence=chance.uniform(0.85, 1) if gender else chance.uniform(0.5, 0.85),
        emotion=shown if sure else "", emotion_confidence=probabilities[shown], probabilities=probabilities,
    )  # fmt: skip


_POINTS = (0.3, 0.7, 0.5, 0.35, 0.65)


def _probabilities(chance: random.Random) -> dict[str, float]:
    """Of all expressions, summing to 1, with a clear first more often than not."""
    weights = {name: chance.gammavariate(0.3, 1) + 1e-3 for name in EMOTIONS}
    weights[_drawn(chance, SHOWN)] += chance.uniform(0.5, 8)
    whole = sum(weights.values())
    return {name: weight / whole for name, weight in weights.items()}


def _quality(chance: random.Random, size: float) -> dict[str, Any]:
    reasons = chance.sample(QUALITY_CODES, _drawn(chance, {0: 80, 1: 15, 2: 5}))
    return {
        "size": round(size, 1), "sharpness": round(chance.uniform(0.1, 0.6), 3),
        "brightness": round(chance.uniform(0.2, 0.8), 3), "highlights": 0.0, "cut": 0.0,
        "turn": round(chance.uniform(-0.4, 0.4), 3), "roll": round(chance.uniform(-20, 20), 1),
        "detector": round(chance.uniform(1, 6), 3), "reasons": sorted(reasons),
    }  # fmt: skip
