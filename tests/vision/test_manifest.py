"""Missing, damaged and foreign weights are told apart, and never used."""

import hashlib
from pathlib import Path

import pytest

from vision import ModelCorruptError, ModelIncompatibleError, ModelMissingError, Reader
from vision.labels import EMOTIONS
from vision.manifest import load_manifest


def manifest_for(folder: Path, **changes: object) -> Path:
    weights = folder / "net.tflite"
    weights.write_bytes(b"weights")
    fields = {
        "name": '"net"', "version": '"1.2.3"', "input_size": "64", "outputs": '["age", "gender", "emotion"]',
        "emotions": str(list(EMOTIONS)).replace("'", '"'),
    } | changes  # fmt: skip
    lines = ["schema = 1", "[attributes]", *(f"{key} = {value}" for key, value in fields.items())]
    digest = hashlib.sha256(b"weights").hexdigest()
    lines += ["[attributes.litert]", 'path = "net.tflite"', f'sha256 = "{digest}"']
    path = folder / "manifest.toml"
    path.write_text("\n".join(lines))
    return path


def test_a_whole_release_is_verified_and_has_a_version(tmp_path: Path) -> None:
    manifest = load_manifest(manifest_for(tmp_path))
    assert manifest.model_version == "net-1.2.3"
    assert manifest.weights("litert").verified() == tmp_path / "net.tflite"


def test_a_missing_manifest_or_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError, match="missing"):
        load_manifest(tmp_path / "manifest.toml")
    manifest = load_manifest(manifest_for(tmp_path))
    (tmp_path / "net.tflite").unlink()
    with pytest.raises(ModelMissingError, match=r"net\.tflite"):
        manifest.weights("litert").verified()
    with pytest.raises(ModelMissingError, match="calibration"):
        manifest.weights("calibration")


def test_one_changed_byte_is_found(tmp_path: Path) -> None:
    manifest = load_manifest(manifest_for(tmp_path))
    (tmp_path / "net.tflite").write_bytes(b"weightz")
    with pytest.raises(ModelCorruptError, match="damaged"):
        manifest.weights("litert").verified()


@pytest.mark.parametrize(
    "changes", [{"input_size": "48"}, {"emotions": '["happiness"]'}, {"outputs": '["age"]'}, {"version": "]["}]
)
def test_weights_for_another_engine_are_refused(tmp_path: Path, changes: dict[str, object]) -> None:
    with pytest.raises(ModelIncompatibleError):
        load_manifest(manifest_for(tmp_path, **changes))


def test_an_engine_without_its_weights_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError, match="restore"):
        Reader.load(tmp_path / "manifest.toml")
