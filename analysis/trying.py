"""One photo read in the web process and forgotten: no row, no file, nothing in the log of what is in it.

The engine is loaded at the first try, and stays. It reads one photo at a time; who would wait long is sent away.
"""

import logging
import queue
import threading
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from accounts.consent import services as consent
from accounts.models import User
from analysis.bounds import BusyError
from analysis.engine import EngineError, Reading, reader
from analysis.intake import Rejected, Upload, clean, receive
from analysis.models import Analysis, Face
from analysis.results import face_of
from analysis.waiters import waiter

log = logging.getLogger(__name__)

TURN_S: Final = 10.0
"""The longest that one photo waits for the one before it."""

READING_S: Final = 30.0
"""The longest that a request waits for its photo, loading the engine included; what takes longer is not told."""

SOON_S: Final = 5.0
ENGINE_WAIT_S: Final = 60.0
"""When to come back, in seconds: to a busy engine, and to one that somebody has to mend."""

BUSY: Final = "Another photo is being tried. Try again in a few seconds, or upload this one: uploads wait in a line."
SLOW: Final = "Reading this photo takes too long. Try again in a few seconds, or upload it: uploads wait in a line."
NO_ENGINE: Final = "The models cannot be loaded in the web server; the log tells the administrator why."


@dataclass(frozen=True, slots=True)
class Tried:
    """What was read from a photo; nothing of it is saved. `width` and `height` are pixels of the upright photo."""

    width: int
    height: int
    engine_version: str
    model_version: str
    timings_ms: dict[str, float]
    faces: tuple[Face, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    engine_version: str
    model_version: str
    reading: Reading


_turn = threading.Lock()


def read_unkept(person: User, upload: Upload) -> Tried | Rejected:
    """Read one photo as an upload of it by `person` would be read. Raises NotAnsweredError, BusyError."""
    consent.require_answer(person)
    attributes = consent.attributes_allowed(person.pk)
    cleaned = clean(receive(upload))
    if isinstance(cleaned, Rejected):
        return cleaned
    read = _in_turn(cleaned.image, attributes)
    if (error := read.reading.error) is not None:
        return Rejected(cleaned.name, error.code, error.sentence)
    analysis = Analysis()
    return Tried(
        width=cleaned.width,
        height=cleaned.height,
        engine_version=read.engine_version,
        model_version=read.model_version,
        timings_ms={stage: round(value, 2) for stage, value in read.reading.timings_ms.items()},
        faces=tuple(face_of(analysis, index, found, attributes) for index, found in enumerate(read.reading.faces)),
    )


def _in_turn(image: bytes, attributes: AbstractSet[str]) -> _Read:
    """Within bounds of time. The photo is read in a thread of its own, since nothing can stop it from outside."""
    if not _our_turn():
        raise BusyError(BUSY, SOON_S)
    answer: queue.SimpleQueue[_Read | Exception] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(image, attributes, answer), name="try", daemon=True).start()
    try:
        outcome = answer.get(timeout=READING_S)
    except queue.Empty:
        log.warning("a photo that is not to be kept takes longer than %.0f s", READING_S)
        raise BusyError(SLOW, SOON_S) from None
    if isinstance(outcome, EngineError):
        log.error("a photo cannot be tried: the engine cannot start: %s", outcome)
        raise BusyError(NO_ENGINE, ENGINE_WAIT_S)
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def _our_turn() -> bool:
    """Waiting for it takes one of the few places for threads that wait."""
    if _turn.acquire(blocking=False):
        return True
    with waiter() as is_free:
        return is_free and _turn.acquire(timeout=TURN_S)


def _read(image: bytes, attributes: AbstractSet[str], answer: "queue.SimpleQueue[_Read | Exception]") -> None:
    """Gives the turn back when the engine is free again, whoever still listens."""
    try:
        engine = reader()
        reading = engine.read([image], attributes=attributes)[0]
        answer.put(_Read(engine.engine_version, engine.model_version, reading))
    except Exception as error:
        answer.put(error)
    finally:
        _turn.release()
