"""The optimiser: which weights take an orthogonal step, and that the step is one."""

import keras
import numpy as np
import pytest

from models_store.training.muon import ConvMuon


def step(shape: tuple[int, ...], gradient: np.ndarray, **options: float) -> np.ndarray:
    """How far one step moves a variable that was zero."""
    variable = keras.Variable(np.zeros(shape, np.float32), name="kernel")
    optimizer = ConvMuon(learning_rate=1.0, weight_decay=0.0, adam_weight_decay=0.0, **options)
    optimizer.build([variable])
    optimizer.apply([keras.ops.convert_to_tensor(gradient)], [variable])
    return np.asarray(variable)


def test_a_kernel_steps_in_all_directions_alike() -> None:
    rng = np.random.default_rng(0)
    # one direction is a thousand times as steep as another
    gradient = (rng.normal(size=(3, 3, 16, 16)) * np.logspace(-3, 0, 16)).astype(np.float32)
    moved = step((3, 3, 16, 16), gradient).reshape(144, 16)
    sizes = np.linalg.svd(moved, compute_uv=False) / (0.2 * np.sqrt(144))
    assert sizes.max() < 1.3, (
        "singular values near 1, times the rate that AdamW would have (Moonlight, arXiv 2502.16982)"
    )
    assert sizes.min() > 0.3
    assert np.linalg.cond(gradient.reshape(144, 16)) > 100 * sizes.max() / sizes.min()


def test_a_step_does_not_depend_on_the_size_of_the_gradient() -> None:
    gradient = np.random.default_rng(0).normal(size=(3, 3, 8, 8)).astype(np.float32)
    assert np.allclose(step((3, 3, 8, 8), gradient), step((3, 3, 8, 8), 1000 * gradient), atol=1e-3)


@pytest.mark.parametrize("shape", [(16,), (16, 8), (3, 3, 1, 4)])
def test_vectors_heads_and_thin_kernels_are_left_to_adam(shape: tuple[int, ...]) -> None:
    gradient = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    moved = step(shape, gradient, adam_lr_ratio=0.5)
    assert np.allclose(moved, -0.5 * np.sign(gradient), atol=0.01), "Adam's first step is the sign of the gradient"
