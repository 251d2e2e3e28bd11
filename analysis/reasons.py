"""Why a face is hard to read, in the words of the person who sent it, and what they can do about it."""

from dataclasses import dataclass
from typing import Final

from analysis.models import Face

WORDS: Final = {
    "too_small": ("The face is small in the photo ({size} pixels).", "Stand closer or send a larger photo."),
    "too_dark": ("There is too little light on the face.", "Turn it towards a window or a lamp."),
    "too_bright": (
        "{highlights} of the face is burnt out to white.",
        "Step out of the direct light, or switch the flash off.",
    ),
    "blurred": ("The face is blurred.", "Hold the camera still and let it focus on the face."),
    "turned": ("The face is turned to the side.", "Look towards the camera, so that both eyes can be seen."),
    "cut_off": ("{cut} of the face is outside the photo.", "Step back, so that the whole head is in the picture."),
}
"""By the engine's code: what is wrong, with what was measured, and what to do next."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One code of the engine in words."""

    code: str
    what: str
    advice: str

    @property
    def sentence(self) -> str:
        """What is wrong and what to do."""
        return f"{self.what} {self.advice}"

    @property
    def icon(self) -> str:
        """The template that draws it."""
        return f"icons/reasons/{self.code}.svg"


def reasons_of(face: Face) -> tuple[Reason, ...]:
    """Every reason that was found when the face was read, in the engine's order; none for faces read before that."""
    quality = face.quality
    measured = {
        "size": str(round(quality.get("size", min(face.width, face.height)))),
        "highlights": _percent(quality.get("highlights", 0.0)),
        "cut": _percent(quality.get("cut", 0.0)),
    }
    known = [code for code in quality.get("reasons", ()) if code in WORDS]
    return tuple(Reason(code, WORDS[code][0].format(**measured), WORDS[code][1]) for code in known)


def _percent(share: float) -> str:
    return f"{round(share * 100)}%"
