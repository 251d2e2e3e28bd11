"""The network, its twin for training, and its TFLite exports."""

import dataclasses
import pathlib

import keras
import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from models_store.training.config import ModelConfig
from models_store.training.export import export_model, save_reference
from models_store.training.fused import FusedBatchNormalization
from models_store.training.model import build_model
from vision.labels import AGE_BINS, EMOTIONS
from vision.preprocessing import standardise

SMALL = ModelConfig(widths=(8, 16), blocks=(1, 2), dropout=0.2)
WIDTHS = {"age": AGE_BINS, "gender": 1, "emotion": len(EMOTIONS)}


def faces(count: int, size: int = 64) -> np.ndarray:
    """Smooth random pictures, standardised."""
    rng = np.random.default_rng(2)
    coarse = rng.integers(0, 256, (count, size // 8, size // 8)).astype(np.float32)
    return standardise(coarse.repeat(8, axis=1).repeat(8, axis=2))


@pytest.mark.parametrize("size", [48, 64, 80])
def test_one_set_of_weights_takes_any_size(size: int) -> None:
    outputs = build_model(SMALL)(faces(3, size))
    assert {name: tuple(output.shape) for name, output in outputs.items()} == {
        name: (3, width) for name, width in WIDTHS.items()
    }


def test_the_training_network_computes_the_same_up_to_bfloat16() -> None:
    undropped = dataclasses.replace(SMALL, dropout=0.0)
    keras.utils.set_random_seed(4)
    plain, fast = build_model(undropped), build_model(undropped, training=True)
    plain.set_weights(fast.get_weights())
    batch = faces(16)
    for training in (True, False):
        one, other = plain(batch, training=training), fast(batch, training=training)
        # one scale for all heads: what rounds is the features, and a single logit may cancel to nearly nothing
        size = max(float(abs(np.asarray(output)).max()) for output in one.values())
        for name in WIDTHS:
            assert other[name].dtype == "float32"
            assert np.allclose(one[name], other[name], atol=0.01 * size)
            assert not np.array_equal(one[name], other[name])
    # both moved their running statistics alike, up to bfloat16 and the sample variance of n and of n - 1
    for mine, theirs in zip(plain.get_weights(), fast.get_weights(), strict=True):
        assert theirs.dtype == np.float32
        assert np.allclose(mine, theirs, rtol=2e-2, atol=5e-3)


def test_statistics_of_the_training_network_keep_float32() -> None:
    """A mean of 1 and a spread of a thousandth: in bfloat16 the spread would be lost."""
    norm = FusedBatchNormalization(momentum=0.0, autocast=False)
    values = (1.0 + 1e-3 * np.random.default_rng(0).normal(size=(8, 16, 16, 4))).astype(np.float32)
    outputs = norm(values, training=True)
    assert np.allclose(norm.moving_mean, values.mean(axis=(0, 1, 2)), atol=1e-6)
    assert np.allclose(norm.moving_variance, values.var(axis=(0, 1, 2), ddof=1), rtol=0.02)
    assert abs(np.asarray(outputs).mean()) < 0.01


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[object, pathlib.Path]:
    folder = tmp_path_factory.mktemp("weights")
    # pinned: XNNPACK refuses some random networks, whose neighbouring int8 scales are too far apart
    keras.utils.set_random_seed(4)
    model = build_model(SMALL)
    rng = np.random.default_rng(4)
    # heads with answers far apart, so that a wrong scale would show
    model.set_weights([w + 0.3 * rng.normal(size=w.shape) * (w.ndim == 2) for w in model.get_weights()])
    export_model(model, faces(40), folder / "int8.tflite")
    return model, folder / "int8.tflite"


def run(path: pathlib.Path, batch: np.ndarray) -> dict[int, np.ndarray]:
    """Outputs by width."""
    interpreter = Interpreter(str(path), num_threads=1)
    source = interpreter.get_input_details()[0]
    assert source["dtype"] == np.float32
    interpreter.resize_tensor_input(source["index"], batch.shape, strict=False)
    interpreter.allocate_tensors()
    interpreter.set_tensor(source["index"], batch)
    interpreter.invoke()
    outputs = [interpreter.get_tensor(detail["index"]) for detail in interpreter.get_output_details()]
    return {output.shape[1]: output for output in outputs}


@pytest.mark.parametrize("count", [1, 7, 32])
def test_the_export_agrees_with_keras_at_any_batch_size(exported: tuple[object, pathlib.Path], count: int) -> None:
    model, int8 = exported
    batch = faces(count)
    outputs = run(int8, batch)
    for name, width in WIDTHS.items():
        reference = np.asarray(model(batch)[name])  # type: ignore[operator]
        spread = np.ptp(reference) if width > 1 else abs(reference).max()
        assert outputs[width].shape == reference.shape
        assert abs(outputs[width] - reference).max() < 0.08 * spread


def test_the_export_computes_in_int8(exported: tuple[object, pathlib.Path]) -> None:
    _, int8 = exported
    interpreter = Interpreter(str(int8))
    kinds = {detail["dtype"] for detail in interpreter.get_tensor_details()}
    assert np.int8 in kinds


def test_the_saved_reference_is_small_and_answers_alike(tmp_path: pathlib.Path) -> None:
    model = build_model(SMALL)
    exact = model.get_weights()
    save_reference(model, tmp_path / "small.keras")
    model.save(tmp_path / "plain.keras")
    assert all(np.array_equal(one, other) for one, other in zip(exact, model.get_weights(), strict=True))
    back = keras.saving.load_model(tmp_path / "small.keras", compile=False)
    batch = faces(8)
    for name in WIDTHS:
        assert np.allclose(model(batch)[name], back(batch)[name], atol=2e-3)
    assert (tmp_path / "small.keras").stat().st_size < 0.5 * (tmp_path / "plain.keras").stat().st_size
