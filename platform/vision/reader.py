"""The engine's door: photos in, readings out."""

import os
import threading
import time
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from vision import heap
from vision.alignment import crop_aligned, square_of
from vision.calibration import Calibration
from vision.cropping import centred_face, moved
from vision.decoding import Limits, PhotoError, decode
from vision.detectors import NAMES, Detection, Detector, load_detector
from vision.manifest import DEFAULT_PATH, load_manifest
from vision.preprocessing import INPUT_SIZE, ImageU8, standardise, to_grey
from vision.quality import assess
from vision.runtimes import Runtime, load_runtime
from vision.types import ATTRIBUTES, Face, Reading

PROCESSING_VERSION = "2"
"""Raised when detection, cropping or calibration change what the same weights answer."""

COMMON_SHAPES = ((480, 640), (640, 480))
"""Rows and columns of the photos that a warm reader is ready for: phones and cameras, lying and upright."""

ENOUGH = 1600
"""Pixels of the longer side that a photo is decoded to at least: the smallest face that can be found, 20 pixels at the
detector's 640, has 50 there, near the 64 that the network takes. At 1920 a square photo of 12 megapixels would have to
be decoded whole, in 70 MB more."""


class Reader:
    """Detector, network and calibration together. Safe to share between threads: one photo is read at a time."""

    def __init__(
        self,
        *,
        detector: Detector,
        runtime: Runtime,
        calibration: Calibration,
        model_version: str,
        limits: Limits | None = None,
    ) -> None:
        """Put the parts together; `Reader.load` does it from the released weights."""
        self._detector = detector
        self._runtime = runtime
        self._calibration = calibration
        self._limits = limits or Limits()
        self._lock = threading.Lock()
        self.model_version = model_version
        self.engine_version = f"{detector.name}+{runtime.name}/{PROCESSING_VERSION}"

    @classmethod
    def load(
        cls,
        manifest: Path = DEFAULT_PATH,
        *,
        runtime: str | None = None,
        detector: str | None = None,
        limits: Limits | None = None,
    ) -> "Reader":
        """A warm reader over verified weights. Raises EngineError with what to do about it.

        `runtime` (litert, tensorflow) and `detector` (facescout, haar) default to FACET_RUNTIME and FACET_DETECTOR.
        """
        heap.keep_little()
        cv2.setNumThreads(1)  # workers are the parallelism; OpenCV's own pool would only fight them
        papers = load_manifest(manifest)
        reader = cls(
            detector=load_detector(detector or os.environ.get("FACET_DETECTOR") or NAMES[0], papers),
            runtime=load_runtime(runtime or os.environ.get("FACET_RUNTIME") or "litert", papers),
            calibration=Calibration.load(papers.weights("calibration").verified()),
            model_version=papers.model_version,
            limits=limits,
        )
        reader.read_crops([np.full((INPUT_SIZE, INPUT_SIZE, 3), 128, dtype=np.uint8)])
        for shape in COMMON_SHAPES:
            reader._detector.detect(np.zeros((*shape, 3), dtype=np.uint8))
        return reader

    def read(self, photos: Sequence[bytes], *, attributes: AbstractSet[str] = ATTRIBUTES) -> list[Reading]:
        """Read photos given as the bytes of their files; one reading each, in order.

        Only `attributes` are worked out of each face; with none of them its place and quality are all there is, and the
        network does not run. A gender is told only of faces that are not very young, so it takes a look at the age,
        which does not leave this call unless it is asked for. Raises ValueError for an attribute that does not exist.

        A photo that cannot be read gives a reading with an `error`; it never raises for one bad photo among many.
        """
        if unknown := attributes - ATTRIBUTES:
            raise ValueError(f"There is no attribute {', '.join(sorted(unknown))}.")
        return [self._read_one(photo, attributes) for photo in photos]

    def read_crops(self, crops: Sequence[ImageU8]) -> list[Face]:
        """Read faces that were cut out before: uint8 (H, W, 3) or (H, W), each with one roughly centred face.

        Raises ValueError for an array of another shape or type.
        """
        with self._lock:
            places = [centred_face(crop, self._detector) for crop in crops]
            return self._faces(list(crops), places, ATTRIBUTES)

    def _read_one(self, photo: bytes, attributes: AbstractSet[str]) -> Reading:
        started = time.perf_counter()
        try:
            picture = decode(photo, self._limits, enough=ENOUGH)
        except PhotoError as error:
            return Reading(width=0, height=0, error=error.reason)
        decoded = time.perf_counter()
        with self._lock:
            acquired = time.perf_counter()
            places = self._detector.detect(picture.rgb)
            detected = time.perf_counter()
            faces = self._faces([picture.rgb] * len(places), places, attributes, picture.scale)
        finished = time.perf_counter()
        timings = {
            "decode": (decoded - started) * 1e3,
            "detect": (detected - acquired) * 1e3,
            "attributes": (finished - detected) * 1e3,
        }
        return Reading(width=picture.width, height=picture.height, faces=tuple(faces), timings_ms=timings)

    def _faces(
        self, images: list[ImageU8], places: list[Detection], attributes: AbstractSet[str], scale: int = 1
    ) -> list[Face]:
        """Faces at `places` in `images`, told in pixels of photos that are `scale` times as large."""
        if not places:
            return []
        crops = [
            to_grey(crop_aligned(image, square_of(place.box, place.landmarks)))
            for image, place in zip(images, places, strict=True)
        ]
        qualities = [
            assess(crop, place, image.shape, self._calibration.quality, scale=scale)
            for crop, place, image in zip(crops, places, images, strict=True)
        ]
        told = [moved(place, scale) for place in places]
        found = [Face(place.box, place.landmarks, quality) for place, quality in zip(told, qualities, strict=True)]
        return self._with_attributes(found, crops, attributes) if attributes else found

    def _with_attributes(self, faces: list[Face], crops: list[ImageU8], attributes: AbstractSet[str]) -> list[Face]:
        """The same faces with what is asked for; all crops go through the network together."""
        logits = self._runtime.run(standardise(np.stack(crops)))
        reasons = [face.quality.reasons for face in faces]
        if "emotion" in attributes:
            emotions = self._calibration.emotions(logits["emotion"], reasons)
            faces = [replace(face, emotion=emotion) for face, emotion in zip(faces, emotions, strict=True)]
        if not attributes & {"age", "gender"}:
            return faces
        ages = self._calibration.ages(logits["age"], reasons)
        if "gender" in attributes:
            genders = self._calibration.genders(logits["gender"], ages, reasons)
            faces = [replace(face, gender=gender) for face, gender in zip(faces, genders, strict=True)]
        if "age" in attributes:
            faces = [replace(face, age=age) for face, age in zip(faces, ages, strict=True)]
        return faces
