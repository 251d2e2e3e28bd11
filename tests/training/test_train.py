"""A few steps of training: it learns, and a resumed run ends where an unbroken one does."""

import dataclasses
import pathlib

import numpy as np
import pytest

from models_store.training import batches, checkpoint
from models_store.training.config import ModelConfig, PhaseConfig, RunConfig, load_config
from models_store.training.data import ferplus, utkface
from models_store.training.paths import DEFAULT_CONFIG


def small(steps: int) -> RunConfig:
    config = load_config(DEFAULT_CONFIG)
    schedule = dataclasses.replace(
        config.schedule,
        epochs=2,
        steps_per_epoch=steps,
        warmup_epochs=0.1,
        decay_epochs=1,
        learning_rate=1e-2,
    )
    phase = PhaseConfig(0, 32, batch_ferplus=16, batch_utkface=16, emotion=1.0, age=0.7, gender=0.7)
    model = ModelConfig((8, 16), (1, 1), 0.2)
    return dataclasses.replace(config, schedule=schedule, model=model, phases=(phase,))


def source(config: RunConfig) -> batches.BatchSource:
    """Bright left half: happiness, female, 60 years; bright upper half: neutral, male, 10 years."""
    rng = np.random.default_rng(0)
    kind = np.arange(64) % 2
    pictures = rng.integers(0, 60, (64, 48, 48))
    pictures[kind == 0, :24] += 150
    pictures[kind == 1, :, :24] += 150
    votes = np.zeros((64, 10), np.uint8)
    votes[np.arange(64), kind] = 10
    chips = pictures.repeat(3, axis=1).repeat(3, axis=2).astype(np.uint8)
    utk = utkface.UtkFace(
        tuple(map(str, range(64))), chips, np.where(kind, 60, 10).astype(np.float32), kind.astype(np.float32)
    )
    fer = ferplus.FerPlus(pictures.astype(np.uint8), votes)
    return batches.BatchSource((batches.ferplus_domain(fer, config), batches.utkface_domain(utk, config)), config)


@pytest.mark.slow
def test_training_learns_and_resumes_to_the_same_weights(tmp_path: pathlib.Path) -> None:
    from models_store.training.learner import Learner

    config = small(steps=30)
    made = source(config)
    unbroken = Learner(config)
    losses = []
    for batch in made.stream(0, 60):
        losses.append(unbroken.train(batch)["total"])
        if unbroken.step == 30:
            checkpoint.save(tmp_path / "last.npz", unbroken.state())
    assert np.mean(losses[-5:]) < 0.7 * np.mean(losses[:5])

    resumed = Learner(config)
    resumed.restore(checkpoint.load(tmp_path / "last.npz"))
    assert resumed.step == 30
    for batch in made.stream(30, 60):
        resumed.train(batch)
    for one, other in zip(unbroken.average_weights(), resumed.average_weights(), strict=True):
        assert np.allclose(one, other, atol=1e-3)


def test_a_checkpoint_reads_as_it_was_written(tmp_path: pathlib.Path) -> None:
    rng = np.random.default_rng(0)
    arrays = [rng.normal(size=(3, at + 1)).astype(np.float32) for at in range(12)]
    checkpoint.save(tmp_path / "a.npz", checkpoint.Checkpoint(17, arrays, arrays[:5], arrays[3:]))
    back = checkpoint.load(tmp_path / "a.npz")
    assert (back.step, len(back.weights), len(back.average), len(back.optimizer)) == (17, 12, 5, 9)
    assert all(np.array_equal(one, other) for one, other in zip(back.weights, arrays, strict=True))
