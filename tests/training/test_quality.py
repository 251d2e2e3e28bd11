"""Limits of quality and what follows from them, chosen by rules that can be checked."""

import dataclasses
import json
import pathlib

import numpy as np
import pytest

from models_store.training import quality
from models_store.training.config import load_config
from models_store.training.files import calibration_path
from models_store.training.measure import record
from models_store.training.measure.quality import effects, evidence, limits, rules, spoiling, tables
from models_store.training.measure.quality.limits import Bin
from models_store.training.measure.quality.reads import Evidence, ExpressionReads, PeopleReads
from models_store.training.metrics import Figure
from models_store.training.paths import DEFAULT_CONFIG
from tests.training.test_tolerance import CALIBRATION, Bright, faces
from vision.calibration import Calibration
from vision.preprocessing import crop_square
from vision.quality import measures
from vision.quality.rules import CODES, Rule

BOX = (40.0, 40.0, 64.0)
PICTURE = np.random.default_rng(0).integers(0, 256, (144, 144), dtype=np.uint8)


@pytest.mark.parametrize("code", spoiling.TRIALS)
def test_the_unchanged_amount_is_the_engines_own_crop(code: str) -> None:
    trial = spoiling.TRIALS[code]  # type: ignore[index]
    assert (trial.change(PICTURE, BOX, trial.unchanged, 1.0) == crop_square(PICTURE, *BOX)).all()


def test_stops_double_and_halve_the_light() -> None:
    grey = np.full((144, 144), 128, np.uint8)
    light = [(spoiling.exposed(grey, BOX, stops, 0.0)[0, 0] / 255) ** spoiling.GAMMA for stops in (-1, 0, 1)]
    assert light[0] == pytest.approx(light[1] / 2, rel=0.03)
    assert light[2] == pytest.approx(light[1] * 2, rel=0.03)
    assert measures.highlights(spoiling.exposed(grey, BOX, 3, 0.0)) == 1


@pytest.mark.parametrize(("direction", "lost"), [(0.5, "right"), (2.0, "bottom"), (3.5, "left"), (5.0, "top")])
def test_the_photo_ends_at_one_side_and_repeats_its_border(direction: float, lost: str) -> None:
    crop = spoiling.cut(PICTURE, BOX, 0.25, direction)
    turned = {"right": crop, "left": crop[:, ::-1], "bottom": crop.T, "top": crop[::-1].T}[lost]
    whole = crop_square(PICTURE, *BOX)
    kept = {"right": whole, "left": whole[:, ::-1], "bottom": whole.T, "top": whole[::-1].T}[lost]
    assert (turned[:, :48] == kept[:, :48]).all()
    assert (turned[:, 48:] == turned[:, 47:48]).all()


def made(values: np.ndarray, wrong: np.ndarray, *, error: np.ndarray | None = None) -> Evidence:
    """One reading for each face: expressions and genders `wrong`, ages off by `error` within an interval of +-10."""
    count = len(values)
    base = (np.arange(count), values, np.zeros(count, np.int64), values > 0)
    off = np.ones(count) if error is None else error
    truth = np.full(count, 40.0)
    yes, no = np.ones(count, np.bool_), np.zeros(count, np.bool_)
    shown = ExpressionReads(*base, ~wrong, np.full(count, 0.9))
    years = truth + off
    return Evidence(
        shown, PeopleReads(*base, truth, years, years - 10, years + 10, ~wrong, np.full(count, 0.9), yes, no)
    )


def grown(count: int = 20_000, seed: int = 0) -> Evidence:
    """Errors of 10 % up to a value of 0.5, of 20 % beyond; ages are off by 1 year, then by 2."""
    rng = np.random.default_rng(seed)
    values = np.concatenate([np.zeros(count), rng.uniform(0.01, 1, count)])
    bad = values > 0.5
    return made(values, rng.random(2 * count) < np.where(bad, 0.2, 0.1), error=np.where(bad, 2.0, 1.0))


EDGES = (0.01, 0.25, 0.5, 0.75, 1.0)


def test_the_limit_is_where_errors_begin_to_grow() -> None:
    found = limits.bins(grown(), EDGES)
    assert [entry.harmful for entry in found] == [False, False, True, True]
    assert found[3].harm is not None
    assert found[3].harm.value == pytest.approx(2.0, abs=0.1)
    assert found[3].harm.low < found[3].harm.value < found[3].harm.high
    assert limits.limit(found, "from") == 0.5


def figure(value: float, low: float) -> Figure:
    return Figure(value, low, value + 1, 500, "lower")


def test_every_worse_bin_must_be_harmful_and_unmeasured_ones_are_passed_over() -> None:
    good, bad = figure(1.05, 1.01), figure(1.5, 1.2)
    unsure = figure(1.5, 0.9)

    def of(*harms: Figure | None) -> list[Bin]:
        return [Bin(at, at + 1, harm) for at, harm in enumerate(harms)]

    assert limits.limit(of(bad, bad, good, bad), "below") == 2
    assert limits.limit(of(bad, None, bad, good), "below") == 3
    assert limits.limit(of(good, bad, bad, None), "from") == 1
    assert limits.limit(of(good, bad, unsure), "from") is None
    assert limits.limit(of(good, good), "below") is None


def test_few_readings_make_no_figure() -> None:
    some = made(np.linspace(0.1, 1, limits.LEAST - 1), np.zeros(limits.LEAST - 1, np.bool_))
    shown = some.expressions
    assert limits.mean_of(shown.right, shown, np.ones(len(shown.face), np.bool_)) is None


def test_readings_of_one_face_are_drawn_together() -> None:
    rng = np.random.default_rng(0)
    right = np.repeat(rng.random(300) < 0.5, 10)
    reads = made(np.zeros(3000), ~right).expressions
    alone = limits.mean_of(right, reads, np.ones(3000, np.bool_))
    together = limits.mean_of(
        right, dataclasses.replace(reads, face=np.repeat(np.arange(300), 10)), np.ones(3000, np.bool_)
    )
    assert alone is not None
    assert together is not None
    assert together.value == alone.value
    assert together.high - together.low > 2.5 * (alone.high - alone.low)


def test_errors_are_compared_within_their_own_part() -> None:
    easy, hard = grown(5000), grown(5000, seed=1)
    people = dataclasses.replace(
        hard.people,
        part=np.ones(10_000, np.int64),
        years=hard.people.truth + 3 * (hard.people.years - hard.people.truth),
    )
    both = PeopleReads.joined([easy.people, people])
    found = limits.losses(Evidence(easy.expressions, both))["age"]
    assert found.relative[both.value == 0].mean() == pytest.approx(1)
    assert found.relative[both.value > 0.5].mean() == pytest.approx(2)


def test_intervals_are_widened_only_as_far_as_needed() -> None:
    rng = np.random.default_rng(0)
    error = rng.normal(0, 8, 20_000)
    people = made(np.ones(20_000), np.zeros(20_000, np.bool_), error=error).people
    everyone = np.ones(20_000, np.bool_)
    factor = effects.fit_widening(people, everyone)
    # 10 years hold 79 % of a normal error of 8; 90 % need 1.645 times 8
    assert factor == pytest.approx(1.645 * 8 / 10, abs=0.05)
    assert (
        effects.inside(people, factor or 0).mean()
        >= effects.WANTED
        > effects.inside(people, (factor or 0) - 0.05).mean()
    )
    calm = made(np.ones(2000), np.zeros(2000, np.bool_), error=rng.normal(0, 5, 2000)).people
    assert effects.fit_widening(calm, np.ones(2000, np.bool_)) == 1.0
    assert effects.fit_widening(calm, np.arange(2000) < 50) is None


def claimed(bad_is_honest: bool) -> tuple[effects.Answers, np.ndarray]:
    """Good faces right as often as claimed; bad ones as well, or 10 points less often."""
    rng = np.random.default_rng(0)
    count = 40_000
    confidence = rng.uniform(0.5, 1, 2 * count)
    bad = np.arange(2 * count) >= count
    right = rng.random(2 * count) < confidence - (0.0 if bad_is_honest else 0.1) * bad
    reads = made(np.where(bad, 1.0, 0.0), ~right).expressions
    return effects.Answers(reads, right, confidence, np.ones(2 * count, np.bool_)), bad


def test_the_usual_threshold_stays_where_claims_stay_honest() -> None:
    answers, bad = claimed(True)
    assert effects.fit_threshold(answers, bad, 0.7) == 0.7


def test_more_is_asked_where_the_answers_given_are_worse() -> None:
    answers, bad = claimed(False)
    threshold = effects.fit_threshold(answers, bad, 0.7)
    # the good ones above 0.7 are right in 85 %; the bad in (t + 1) / 2 - 10 %, which is 84 % at 0.88
    assert threshold == pytest.approx(0.88, abs=0.02)


def test_no_answer_is_given_where_no_threshold_helps_and_too_few_faces_tell_nothing() -> None:
    answers, bad = claimed(False)
    hopeless = dataclasses.replace(answers, right=answers.right & ~bad)
    assert effects.fit_threshold(hopeless, bad, 0.7) == effects.NEVER
    assert effects.fit_threshold(answers, bad & (np.cumsum(bad) < 50), 0.7) is None


def test_what_could_not_be_measured_gets_the_strictest_of_the_others() -> None:
    chosen = rules.settled(
        {
            "blurred": {"limit": 0.2, "age_widening": 1.3, "gender_threshold": 0.91, "emotion_threshold": 0.8},
            "too_dark": {"limit": None},
            "turned": {"limit": 0.5, "age_widening": None, "gender_threshold": None, "emotion_threshold": 0.72},
        }
    )
    assert chosen == {"blurred": Rule(0.2, 1.3, 0.91, 0.8), "turned": Rule(0.5, 1.3, 0.91, 0.72)}


def test_a_code_comes_with_its_figures_and_its_table() -> None:
    told, fitted = rules.fit("cut_off", grown(4000), EDGES, CALIBRATION)
    assert fitted["limit"] == 0.5
    rule = rules.settled({"cut_off": fitted})["cut_off"]
    told |= {"rule": dataclasses.asdict(rule)} | rules.outcome("cut_off", grown(4000), rule, CALIBRATION)
    assert told["bins"][3]["age_mae"].value == pytest.approx(2)
    assert told["good_with_code"]["people"].value == 0
    text = tables.text(record.plain({"codes": {"cut_off": told}}))
    assert "cut_off, by cut: limit 0.5" in text
    assert "after" in text


def test_spoilt_faces_are_read_beside_the_truth() -> None:
    trial = spoiling.TRIALS["cut_off"]
    found = evidence.spoilt(faces(), trial, 0.0, Bright(), CALIBRATION)
    assert found.expressions.right.all()
    assert not found.people.changed.any()
    assert (found.people.years - found.people.truth).tolist() == pytest.approx([0, 0, 0, 10])
    changed = evidence.spoilt(faces(), trial, 0.4, Bright(), CALIBRATION)
    assert changed.people.changed.all()
    assert changed.people.value.tolist() == [0.4] * 4


def test_rules_complete_the_calibration_and_leave_the_rest(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "calibration.json"
    before = json.loads(calibration_path(load_config(DEFAULT_CONFIG)).read_text(encoding="utf-8"))
    path.write_text(json.dumps(before), encoding="utf-8")
    path.write_text(quality.completed(path, {"blurred": Rule(0.2, 1.25, 0.95, 0.8)}), encoding="utf-8")
    after = json.loads(path.read_text(encoding="utf-8"))
    assert {**after, "quality": None} == {**before, "quality": None}
    assert Calibration.load(path).quality == {"blurred": Rule(0.2, 1.25, 0.95, 0.8)}


def test_the_released_rules_are_those_of_the_record() -> None:
    released = Calibration.load(calibration_path(load_config(DEFAULT_CONFIG)))
    document = json.loads(quality.RECORD.read_text(encoding="utf-8"))
    assert tuple(document["codes"]) == CODES
    recorded = {code: entry["rule"] for code, entry in document["codes"].items() if entry["limit"] is not None}
    assert {code: dataclasses.asdict(rule) for code, rule in released.quality.items()} == recorded
    for rule in released.quality.values():
        assert rule.age_widening >= 1
        assert rule.gender_threshold >= released.gender_threshold
        assert rule.emotion_threshold >= released.emotion_threshold


def test_the_released_rules_hold_what_they_promise() -> None:
    document = json.loads(quality.RECORD.read_text(encoding="utf-8"))
    for entry in document["codes"].values():
        if entry["limit"] is not None and entry["after"]["age"]["coverage"] is not None:
            assert entry["after"]["age"]["coverage"]["value"] >= effects.TOLERATED
            assert entry["good_with_code"]["people"]["value"] < 0.05
