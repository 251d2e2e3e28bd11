"""Augmentation: faces stay faces, and the same step gives the same batch."""

import dataclasses

import numpy as np
import pytest

from models_store.training import augment, batches
from models_store.training.config import AugmentConfig, RunConfig, load_config
from models_store.training.data import ferplus, utkface
from models_store.training.paths import DEFAULT_CONFIG
from vision.preprocessing import crop_square


@pytest.fixture(scope="module")
def config() -> RunConfig:
    return load_config(DEFAULT_CONFIG)


def calm(config: RunConfig) -> AugmentConfig:
    """No change but the mirror."""
    nothing = {field.name: 0.0 for field in dataclasses.fields(AugmentConfig)}
    return dataclasses.replace(AugmentConfig(**nothing), scale_min=1.0, scale_max=1.0)


def face(size: int) -> np.ndarray:
    ramp = np.linspace(0, 255, size)
    return (0.5 * ramp[:, None] + 0.5 * (ramp[None] ** 2 / 255)).astype(np.uint8)


def test_the_identity_map_is_the_plain_crop() -> None:
    picture = face(48)
    identity = np.array([[1.0, 0, 0], [0, 1.0, 0]])
    plain = crop_square(picture, 0, 0, 48, 64).astype(int)
    assert abs(augment.warp(picture, identity, 0.0, 64).astype(int) - plain).max() <= 2


def test_a_margin_is_cut_off_by_the_identity_map() -> None:
    picture = face(80)
    identity = np.array([[1.0, 0, 0], [0, 1.0, 0]])
    inner = picture[10:70, 10:70].astype(int)
    assert abs(augment.warp(picture, identity, 1 / 6, 60).astype(int) - inner).max() <= 1


def test_without_jitter_only_the_mirror_is_left(config: RunConfig) -> None:
    draws = augment.draw(np.random.default_rng(0), 40, calm(config))
    picture = face(48)
    seen = {augment.warp(picture, face_map, 0.0, 48).tobytes() for face_map in draws.maps}
    assert seen == {picture.tobytes(), np.ascontiguousarray(picture[:, ::-1]).tobytes()}


def test_jitter_keeps_the_centre_of_the_face_within_its_bounds(config: RunConfig) -> None:
    maps = augment.draw(np.random.default_rng(0), 2000, config.augment).maps
    centres = maps[:, :, :2].sum(axis=2) * 0.5 + maps[:, :, 2]
    assert abs(centres - 0.5).max() <= config.augment.shift_max + 1e-9
    assert 0.03 < (centres - 0.5).std() < config.augment.shift + 0.005
    areas = abs(np.linalg.det(maps[:, :, :2]))
    assert areas.min() >= config.augment.scale_min**2 - 1e-9
    assert areas.max() <= config.augment.scale_max**2 + 1e-9


@pytest.mark.parametrize("name", ["blur", "noise", "jpeg", "erase"])
def test_each_degradation_changes_the_picture_and_keeps_its_shape(config: RunConfig, name: str) -> None:
    picture = np.random.default_rng(1).integers(0, 256, (48, 48)).astype(np.uint8)
    always = dataclasses.replace(calm(config), **{name: 1.0})
    changed = augment.degrade(picture, np.full(10, 0.5), always, 0.0)
    assert (changed.shape, changed.dtype) == (picture.shape, np.uint8)
    assert not np.array_equal(changed, picture)


def test_lower_resolution_removes_fine_detail(config: RunConfig) -> None:
    picture = np.random.default_rng(1).integers(0, 256, (48, 48)).astype(np.uint8)
    assert augment.degrade(picture, np.full(10, 0.1), calm(config), 0.5).std() < 0.8 * picture.std()


def source(config: RunConfig) -> batches.BatchSource:
    rng = np.random.default_rng(5)
    votes = np.zeros((90, 10), np.uint8)
    votes[np.arange(90), np.arange(90) % 8] = 10
    fer = ferplus.FerPlus(rng.integers(0, 256, (90, 48, 48)).astype(np.uint8), votes)
    ages, female = np.arange(60, dtype=np.float32), (np.arange(60) % 2).astype(np.float32)
    chips = rng.integers(0, 256, (60, 144, 144)).astype(np.uint8)
    utk = utkface.UtkFace(tuple(map(str, range(60))), chips, ages, female)
    return batches.BatchSource((batches.ferplus_domain(fer, config), batches.utkface_domain(utk, config)), config)


def test_a_batch_mixes_both_domains_and_masks_what_each_lacks(config: RunConfig) -> None:
    batch = source(config).batch(0)
    phase = config.phases[0]
    fer, utk = slice(0, phase.batch_ferplus), slice(phase.batch_ferplus, None)
    count = phase.batch_ferplus + phase.batch_utkface
    assert batch["image"].shape == (count, phase.size, phase.size, 1)
    assert (batch["emotion_weight"][fer] == 1).all()
    assert (batch["emotion_weight"][utk] == 0).all()
    assert (batch["age_weight"][fer] == 0).all()
    assert (batch["age_weight"][utk] > 0).all()
    assert (batch["gender_weight"][fer] == 0).all()
    assert ((batch["gender_weight"][utk] == 1) == (batch["years"][utk] >= 3)).all()


def test_labels_stay_with_their_faces(config: RunConfig) -> None:
    plain = dataclasses.replace(config, augment=calm(config))
    made = source(plain)
    fer = made.domains[0]
    batch = made.batch(3)
    count = plain.phases[0].batch_ferplus
    rows = batches.rows_at(3 * count, count, 90, plain.seed, 0)
    assert batch["votes"][: len(rows)].tolist() == fer.labels["votes"][rows].tolist()
    for at, row in enumerate(rows):
        shown = batch["image"][at, :, :, 0]
        original = fer.canvases[row].astype(np.float32)
        likeness = [np.corrcoef(shown.ravel(), way.ravel())[0, 1] for way in (original, original[:, ::-1])]
        assert max(likeness) > 0.95


def test_a_step_always_gives_the_same_batch(config: RunConfig) -> None:
    first, second = source(config).batch(7), source(config).batch(7)
    other = source(config).batch(8)
    assert all(np.array_equal(first[name], second[name]) for name in first)
    assert not np.array_equal(first["image"], other["image"])


def test_the_stream_is_in_order(config: RunConfig) -> None:
    made = source(config)
    for step, batch in zip(range(2, 8), made.stream(2, 8), strict=True):
        assert np.array_equal(batch["image"], made.batch(step)["image"])


def test_every_face_is_seen_once_a_turn() -> None:
    seen = np.concatenate([batches.rows_at(start, 8, 40, 3, 0) for start in range(0, 80, 8)])
    assert sorted(seen[:40]) == list(range(40)) == sorted(seen[40:])
    assert seen[:40].tolist() != seen[40:].tolist()


def test_a_phase_changes_pictures_and_batches_when_the_config_says(config: RunConfig) -> None:
    made = source(config)
    change = config.phases[-1].from_epoch * config.schedule.steps_per_epoch
    before, after = made.batch(change - 1), made.batch(change)
    assert before["image"].shape[1] == config.phases[-2].size
    assert after["image"].shape[1] == config.phases[-1].size
    assert np.count_nonzero(after["emotion_weight"]) == config.phases[-1].batch_ferplus


def test_no_face_is_skipped_or_repeated_where_phases_meet(config: RunConfig) -> None:
    made = source(config)
    for phase in config.phases[1:]:
        step = phase.from_epoch * config.schedule.steps_per_epoch
        for at in (step - 1, step, step + 1):
            grown = np.subtract(made.shown(at + 1), made.shown(at))
            here = made.phase_at(at)
            assert grown.tolist() == [here.batch_ferplus, here.batch_utkface]


def test_rare_decades_weigh_more_but_not_without_bound() -> None:
    ages = np.array([25.0] * 900 + [85.0] * 10 + [45.0] * 90, np.float32)
    weights = batches.age_weights(ages, 0.25)
    assert weights.mean() == pytest.approx(1, abs=1e-5)
    assert weights[900] > weights[910] > weights[0]
    assert weights.max() / weights.min() <= 6
