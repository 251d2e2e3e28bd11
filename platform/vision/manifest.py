"""The weights' papers: which files belong to a release, and proof that they are the released ones."""

import hashlib
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from vision.errors import ModelCorruptError, ModelIncompatibleError, ModelMissingError
from vision.labels import EMOTIONS
from vision.preprocessing import INPUT_SIZE

SCHEMA: Final = 1
DEFAULT_PATH: Final = Path(__file__).resolve().parents[2] / "models_store" / "manifest.toml"


@dataclass(frozen=True, slots=True)
class Weights:
    """One file of a release: where it is and the sha256 it must have."""

    path: Path
    sha256: str

    def verified(self) -> Path:
        """The path, once its content has been checked.

        Raises ModelMissingError or ModelCorruptError.
        """
        if not self.path.is_file():
            raise ModelMissingError(f"{self.path} is missing: restore models_store/ from the release.")
        digest = hashlib.sha256(self.path.read_bytes()).hexdigest()
        if digest != self.sha256:
            raise ModelCorruptError(
                f"{self.path} is damaged or was replaced (its sha256 is not the manifest's): restore it."
            )
        return self.path


@dataclass(frozen=True, slots=True)
class Manifest:
    """The files of one release, keyed by section name; the attribute networks' release carries the `detector`'s."""

    name: str
    version: str
    files: dict[str, Weights]
    detector: "Manifest | None" = None

    @property
    def model_version(self) -> str:
        """Name and version as results record them, for example `facetrio-1.0.0`."""
        return f"{self.name}-{self.version}"

    def weights(self, kind: str) -> Weights:
        """The file of `kind`: litert, tensorflow or calibration; of a detector litert, points or choice.

        Raises ModelMissingError.
        """
        try:
            return self.files[kind]
        except KeyError:
            raise ModelMissingError(f"The manifest names no {kind} file.") from None


def load_manifest(path: Path = DEFAULT_PATH) -> Manifest:
    """Read the manifest; files are verified when they are asked for.

    Raises ModelMissingError without a manifest and ModelIncompatibleError when it is not for this engine.
    """
    if not path.is_file():
        raise ModelMissingError(f"{path} is missing: restore models_store/ from the release.")
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        attributes: dict[str, Any] = document["attributes"]
        _check_compatible(document["schema"], attributes)
        detector = _release(path, document["detector"]) if "detector" in document else None
        return replace(_release(path, attributes), detector=detector)
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise ModelIncompatibleError(f"{path} is not a manifest that this engine reads: {error}.") from error


def _release(path: Path, section: dict[str, Any]) -> Manifest:
    files = {
        kind: Weights(path.parent / entry["path"], entry["sha256"])
        for kind, entry in section.items()
        if isinstance(entry, dict)
    }
    return Manifest(section["name"], section["version"], files)


def _check_compatible(schema: int, attributes: dict[str, Any]) -> None:
    expected = {"input_size": INPUT_SIZE, "emotions": list(EMOTIONS), "outputs": ["age", "gender", "emotion"]}
    if schema != SCHEMA:
        raise ModelIncompatibleError(f"The manifest has schema {schema}; this engine reads schema {SCHEMA}.")
    for key, value in expected.items():
        if attributes[key] != value:
            raise ModelIncompatibleError(
                f"The weights were made for {key} = {attributes[key]}; this engine needs {value}."
            )
