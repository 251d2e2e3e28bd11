"""The served int8 network against its reference, the Keras model itself."""

import numpy as np
import pytest

from vision import EngineError, Reader
from vision.labels import EMOTIONS
from vision.manifest import load_manifest
from vision.preprocessing import INPUT_SIZE, ImageU8
from vision.runtimes import load_runtime


@pytest.fixture(scope="module")
def reference() -> Reader:
    return Reader.load(runtime="tensorflow", detector="haar")


def views(astronaut: ImageU8) -> list[ImageU8]:
    """One face in different light and framing."""
    face = astronaut[40:210, 130:300]
    darker = (face * 0.5).astype(np.uint8)
    closer = face[15:-15, 15:-15]
    return [face, face[:, ::-1].copy(), darker, closer, np.clip(face * 1.4, 0, 255).astype(np.uint8)]


def test_int8_answers_like_the_keras_model(real_reader: Reader, reference: Reader, astronaut: ImageU8) -> None:
    crops = views(astronaut)
    for served, expected in zip(real_reader.read_crops(crops), reference.read_crops(crops), strict=True):
        assert served.age.years == pytest.approx(expected.age.years, abs=1.5)
        assert served.gender.confidence == pytest.approx(expected.gender.confidence, abs=0.08)
        for name in EMOTIONS:
            assert served.emotion.probabilities[name] == pytest.approx(expected.emotion.probabilities[name], abs=0.08)


def test_a_batch_answers_like_its_members_alone(real_reader: Reader, astronaut: ImageU8) -> None:
    crops = views(astronaut)
    together = real_reader.read_crops(crops)
    for crop, expected in zip(crops, together, strict=True):
        assert real_reader.read_crops([crop])[0].age.years == pytest.approx(expected.age.years, abs=0.01)


@pytest.mark.parametrize("count", [1, 3, 16, 17])
def test_logits_do_not_depend_on_what_else_is_in_the_batch(count: int) -> None:
    runtime = load_runtime("litert", load_manifest())
    batch = np.random.default_rng(count).standard_normal((count, INPUT_SIZE, INPUT_SIZE, 1)).astype(np.float32)
    together = runtime.run(batch)
    for row in range(count):
        alone = runtime.run(batch[row : row + 1])
        for name, logits in alone.items():
            assert np.array_equal(logits[0], together[name][row])


def test_an_unknown_runtime_or_detector_says_which_are_known() -> None:
    with pytest.raises(EngineError, match="litert and tensorflow"):
        Reader.load(runtime="torch")
    with pytest.raises(EngineError, match="haar"):
        Reader.load(detector="yolo")


def test_the_environment_chooses_the_runtime(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACET_RUNTIME", "litert")
    assert "litert" in Reader.load().engine_version
    monkeypatch.setenv("FACET_RUNTIME", "abacus")
    with pytest.raises(EngineError, match="abacus"):
        Reader.load()
