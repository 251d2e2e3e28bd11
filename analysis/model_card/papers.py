"""What the manifest says of the weights: versions, files, training data, licence."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final

KINDS: Final = {
    "litert": "network as it runs, whole numbers of 8 bits",
    "tensorflow": "network as trained, full precision",
    "points": "network that sets the five landmarks of a face",
    "choice": "size at which photos are searched, and the score from which a find counts",
    "calibration": "what an answer means: confidences, age range, when to say not sure",
}
MAIN: Final = "attributes"
"""The section of the network in use."""


@dataclass(frozen=True, slots=True)
class PaperFile:
    """One file of a release and the start of its sha256, enough to tell two apart by eye."""

    kind: str
    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Release:
    """A network that the manifest carries; `is_in_use` for the one that reads photos."""

    name: str
    version: str
    is_in_use: bool
    files: tuple[PaperFile, ...]

    @property
    def model(self) -> str:
        """Name and version as results record them, for example `facetrio-1.0.0`."""
        return f"{self.name}-{self.version}"


@dataclass(frozen=True, slots=True)
class Papers:
    """The manifest for people. `releases` begins with the one in use."""

    releases: tuple[Release, ...]
    licence: str
    recipe: str
    trained_on: tuple[str, ...]
    made_with: tuple[str, ...]
    input_size: int

    @property
    def in_use(self) -> Release:
        """The network that reads photos."""
        return self.releases[0]


def papers_of(manifest: Mapping[str, Any]) -> Papers:
    """From the manifest as `analysis.engine.manifest_document` gives it, already accepted by the engine."""
    main = manifest[MAIN]
    return Papers(
        releases=(_release(main, is_in_use=True), *_others(manifest)),
        licence=str(main.get("licence", "")),
        recipe=str(main.get("recipe", "")),
        trained_on=tuple(str(entry) for entry in main.get("trained_on", ())),
        made_with=tuple(str(entry) for entry in main.get("made_with", ())),
        input_size=int(main["input_size"]),
    )


def _others(manifest: Mapping[str, Any]) -> Iterator[Release]:
    """Every further section, or entry of a list of sections, that names a version."""
    for key, section in manifest.items():
        entries = section if isinstance(section, list) else [section]
        for entry in entries:
            if key != MAIN and isinstance(entry, Mapping) and "version" in entry:
                yield _release(entry, name=key, is_in_use=False)


def _release(section: Mapping[str, Any], *, is_in_use: bool, name: str = "") -> Release:
    files = tuple(
        PaperFile(KINDS.get(kind, kind), PurePosixPath(entry["path"]).name, str(entry["sha256"])[:12])
        for kind, entry in section.items()
        if isinstance(entry, Mapping) and "path" in entry and "sha256" in entry
    )
    return Release(str(section.get("name", name)), str(section["version"]), is_in_use, files)
