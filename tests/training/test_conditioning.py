"""Ways of telling the expression head age and gender."""

import dataclasses

import keras
import numpy as np
import pytest

from models_store.training.ablation import changed
from models_store.training.ablation.ways import WAYS, run_config
from models_store.training.conditioning import DECADES, FACTS, Attributes, ExpressionHead
from models_store.training.config import ModelConfig, load_config
from models_store.training.model import build_model
from models_store.training.paths import ABLATION_CONFIG
from vision.labels import AGE_BINS, EMOTIONS

SMALL = ModelConfig(widths=(8, 16), blocks=(1, 1), dropout=0.0, conditioning="film")


def facts_of(years: int, female: float) -> np.ndarray:
    """Facts (1, 13) of a network that is sure of the age."""
    age = np.full((1, AGE_BINS), -40.0, np.float32)
    age[0, years] = 40.0
    logit = np.log(female / (1 - female))
    return np.asarray(Attributes()([age, np.full((1, 1), logit, np.float32)]))


def test_the_facts_say_decade_mean_spread_and_gender() -> None:
    facts = facts_of(37, 0.8)[0]
    assert facts[:DECADES].tolist() == pytest.approx([0, 0, 0, 1, 0, 0, 0, 0, 0, 0])
    assert facts[DECADES:].tolist() == pytest.approx([0.37, 0.0, 0.8], abs=1e-3)


def head(kind: str) -> ExpressionHead:
    """A head whose every weight matters."""
    made = ExpressionHead(kind)
    made([np.zeros((1, 12), np.float32), np.zeros((1, FACTS), np.float32)])
    rng = np.random.default_rng(1)
    made.set_weights([rng.normal(size=weight.shape) for weight in made.get_weights()])
    return made


def answers(kind: str, features: np.ndarray, facts: np.ndarray) -> np.ndarray:
    return np.asarray(head(kind)([features.astype(np.float32), facts.astype(np.float32)], training=False))


@pytest.mark.parametrize("kind", ["film", "hierarchy"])
def test_a_told_head_listens(kind: str) -> None:
    features = np.random.default_rng(2).normal(size=(1, 12))
    young, old = answers(kind, features, facts_of(10, 0.5)), answers(kind, features, facts_of(70, 0.5))
    assert young.shape == (1, len(EMOTIONS))
    assert abs(young - old).max() > 0.1


def test_the_placebo_hears_of_somebody_else() -> None:
    features = np.random.default_rng(2).normal(size=(3, 12))
    facts = np.concatenate([facts_of(10, 0.9), facts_of(40, 0.5), facts_of(70, 0.1)])
    assert np.allclose(
        answers("placebo", features, facts), answers("film", features, np.roll(facts, 1, axis=0)), atol=1e-5
    )


def test_the_hierarchy_answers_with_the_head_of_the_group() -> None:
    made = head("hierarchy")
    features = np.random.default_rng(2).normal(size=(1, 12)).astype(np.float32)
    kernel, bias = (weight for weight in made.get_weights() if weight.shape[-1] == 6 * len(EMOTIONS))
    every = (features @ kernel + bias).reshape(6, len(EMOTIONS))
    woman_of_30 = np.asarray(made([features, facts_of(30, 1 - 1e-6)], training=False))
    assert np.allclose(woman_of_30[0], every[2], atol=1e-3)  # the second age group's first head


def test_the_expression_loss_cannot_bend_age_and_gender() -> None:
    import tensorflow as tf

    model = build_model(SMALL)
    batch = np.random.default_rng(0).normal(size=(4, 32, 32, 1)).astype(np.float32)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.square(model(batch, training=True)["emotion"]))
    heads = [*model.get_layer("age").trainable_variables, *model.get_layer("gender").trainable_variables]
    assert tape.gradient(loss, heads) == [None] * len(heads)


def test_counterfactuals_change_what_they_name_and_no_more() -> None:
    facts = facts_of(95, 0.8)
    other = changed.other_gender(facts)
    assert np.allclose(other[:, :-1], facts[:, :-1])
    assert np.allclose(other[:, -1], 0.2)
    younger, older = changed.moved(facts, -20), changed.moved(facts, 20)
    assert younger[0, 7] == pytest.approx(1)
    assert younger[0, DECADES] == pytest.approx(0.75, abs=1e-3)
    assert older[0, 9] == pytest.approx(1), "nobody leaves the last decade"
    assert older[0, DECADES] == pytest.approx(1.0)
    assert np.allclose(facts, facts_of(95, 0.8)), "the face's own facts stay"


def test_a_conditioned_network_answers_counterfactuals() -> None:
    model = build_model(SMALL)
    rng = np.random.default_rng(3)
    model.set_weights(
        [weight + 0.3 * rng.normal(size=weight.shape) * (weight.ndim == 2) for weight in model.get_weights()]
    )
    batch = rng.normal(size=(4, 32, 32, 1)).astype(np.float32)
    logits = changed.logits_under_changes(model, batch)
    assert logits.shape == (len(changed.CHANGES), 4, len(EMOTIONS))
    assert not np.allclose(logits[0], model.predict(batch, verbose=0)["emotion"])


def test_all_ways_start_alike_and_see_the_same_pictures() -> None:
    config = load_config(ABLATION_CONFIG)
    for way in WAYS:
        one = run_config(config, way, 7)
        assert one.seed == 7
        assert dataclasses.replace(one.model, conditioning="none") == config.model
        assert [phase.size for phase in one.phases] == [phase.size for phase in config.phases]
        learnt = {phase.age + phase.gender > 0 for phase in one.phases}
        assert learnt == {not way.alone}


def test_a_conditioned_network_survives_saving(tmp_path: object) -> None:
    model = build_model(SMALL)
    path = f"{tmp_path}/model.keras"
    model.save(path)
    batch = np.random.default_rng(3).normal(size=(2, 32, 32, 1)).astype(np.float32)
    back = keras.saving.load_model(path, compile=False)
    assert np.allclose(back.predict(batch, verbose=0)["emotion"], model.predict(batch, verbose=0)["emotion"], atol=1e-5)
