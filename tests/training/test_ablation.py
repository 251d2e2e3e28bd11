"""The comparison's arithmetic, on cases that can be done by hand."""

import json

import numpy as np
import pytest

from analysis.model_card.ways import parse_ways
from analysis.model_card.words import WAYS as WORDS
from models_store.training.ablation import compare, page, report
from models_store.training.ablation.ways import PLAIN, WAYS


def test_mcnemar_is_the_exact_binomial() -> None:
    one = np.array([True] * 9 + [False] * 1 + [True] * 90)
    other = np.array([False] * 9 + [True] * 1 + [True] * 90)
    # 10 disagreements, 1 against: 2 (C(10,0) + C(10,1)) / 2^10
    assert compare.mcnemar(one, other) == pytest.approx(2 * 11 / 1024)
    assert compare.mcnemar(one, one) == 1.0


def test_the_interval_holds_faces_and_seeds_both_uncertain() -> None:
    rng = np.random.default_rng(0)
    same = np.repeat(rng.random((1, 400)) < 0.8, 4, axis=0).astype(float)
    shifted = same * np.array([[0.5], [1.0], [1.0], [1.0]])
    draws = compare.Draws.fixed(400, 4)
    alike, apart = compare.figure(same, draws, "higher"), compare.figure(shifted, draws, "higher")
    assert alike.low < alike.value < alike.high
    assert alike.value == pytest.approx(same.mean())
    assert alike.high - alike.low == pytest.approx(4 * np.sqrt(0.16 / 400), rel=0.15)
    assert apart.high - apart.low > 1.5 * (alike.high - alike.low), "seeds that differ widen it"


def test_flips_count_answers_that_move() -> None:
    logits = np.eye(8)[np.array([[0, 1, 2, 3]])]
    changed = np.eye(8)[np.array([[0, 1, 5, 3]])]
    assert compare.flips(logits, changed).tolist() == [[0, 0, 1, 0]]


def outcome(right: float, rng: np.random.Generator, labels: np.ndarray, *, told: bool) -> report.Outcome:
    """Three seeds that are right for a share of the faces; no answer moves under a counterfactual."""
    answers = np.where(rng.random((3, len(labels))) < right, labels, (labels + 1) % 8)
    logits = 4.0 * np.eye(8)[answers]
    people = np.ones((3, 50))
    changed = logits[:, None].repeat(3 if told else 0, 1)
    return {"logits": logits, "changed": changed, "gender_right": people, "age_error": people}


@pytest.mark.parametrize(("film", "helpful"), [(0.85, True), (0.701, False)])
def test_only_a_way_that_beats_plain_and_placebo_helps(film: float, helpful: bool) -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 8, 1500)
    votes, draws = np.eye(8)[labels], compare.Draws.fixed(1500, 3, 200)
    shares = {way: film if way.name == "FiLM" else 0.70 for way in WAYS}
    found = {way.name: outcome(share, rng, labels, told=way.conditioning != "none") for way, share in shares.items()}
    compared = report.compared(found, labels, votes, draws)
    document = {"schema": 1, "seeds": 3, "faces": 1500, "released": PLAIN.name} | compared
    assert document["helpful"] == (["FiLM"] if helpful else [])
    assert ("Answer: yes, FiLM" in page.markdown(document)) is helpful
    shown = parse_ways(json.loads(json.dumps(document)))
    assert [way.name for way in shown.told] == ["FiLM", "hierarchy of heads"]
    assert [way.name in WORDS for way in shown.ways] == [True] * len(WAYS), "the page has words for every way"


def test_the_page_is_what_its_command_writes() -> None:
    document = json.loads(report.RECORD.read_text(encoding="utf-8"))
    assert document["seeds"] >= 3
    assert report.DOCUMENT.read_text(encoding="utf-8") == page.markdown(document)
