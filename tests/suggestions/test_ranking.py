"""What must hold for every list, whatever the catalogue, the photo and the person."""

import dataclasses
import inspect
import math
from collections import Counter
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.engine import EMOTIONS
from suggestions import ranking
from suggestions.ranking import (
    ADULT,
    WEIGHTS,
    Age,
    Evidence,
    Expression,
    Item,
    Taste,
    age_fit,
    is_fit,
    likeness,
    most_of_a_kind,
    rank,
    score,
)

KINDS = ("music", "film", "book", "activity")
SHARE = st.floats(0, 1)
unhurried = settings(deadline=None, max_examples=60)
"""A busy machine is no failure."""


def made_up(chance: Random, number: int) -> Item:
    """A consistent item, by chance."""
    minimum_age = chance.choice((0, 0, 0, 12, 16, 18, 21))
    age_from = chance.randint(minimum_age, 99)
    suits = chance.sample(EMOTIONS, chance.randint(1, 4))
    return Item(
        id=number,
        slug=f"item-{number}",
        kind=chance.choice(KINDS),
        title=f"Item {number}",
        emotions={name: chance.choice((0.0, 0.3, 0.5, 1.0)) for name in suits},
        age_from=age_from,
        age_to=chance.randint(age_from, 120),
        minimum_age=minimum_age,
        standing=chance.choice((0.0, 0.5, 1.0)),
    )


def some(seed: int) -> list[Item]:
    """Up to 24 items. Drawn from one number: hypothesis would take seconds to draw every field by itself."""
    chance = Random(seed)
    return [made_up(chance, number) for number in range(chance.randint(0, 24))]


SEEDS = st.integers(0, 2**32)
catalogues = SEEDS.map(some)
single_items = SEEDS.map(lambda seed: made_up(Random(seed), 1))
other_items = SEEDS.map(lambda seed: made_up(Random(seed), 2))


@st.composite
def expressions(draw: Any) -> Expression:
    """Eight probabilities that sum to 1."""
    raw = draw(st.lists(st.floats(0.001, 1), min_size=8, max_size=8))
    return Expression({name: value / sum(raw) for name, value in zip(EMOTIONS, raw, strict=True)})


@st.composite
def ages(draw: Any) -> Age:
    """Years within their bounds."""
    low, years, high = sorted(draw(st.lists(st.floats(0, 100), min_size=3, max_size=3)))
    return Age(years=years, low=low, high=high)


evidences = st.builds(
    Evidence,
    expression=st.none() | expressions(),
    age=st.none() | ages(),
    youngest=st.none() | st.floats(0, 100),
)
ids = st.frozensets(st.integers(0, 24))
tastes = st.builds(Taste, wanted_kinds=st.frozensets(st.sampled_from(KINDS)), dismissed=ids, liked=ids)
limits = st.integers(1, 12)


@unhurried
@given(catalogues, evidences, tastes, limits)
def test_with_a_possible_minor_every_item_is_fit_for_every_child(
    catalogue: list[Item], evidence: Evidence, taste: Taste, limit: int
) -> None:
    found = rank(catalogue, evidence=evidence, taste=taste, seed="a", limit=limit)
    if evidence.youngest is None or evidence.youngest < ADULT:
        assert evidence.child_safe
        assert all(one.item.minimum_age == 0 for one in found)
    else:
        assert all(one.item.minimum_age <= evidence.youngest for one in found)


@unhurried
@given(catalogues, evidences, tastes, limits)
def test_what_was_dismissed_never_appears(catalogue: list[Item], evidence: Evidence, taste: Taste, limit: int) -> None:
    found = rank(catalogue, evidence=evidence, taste=taste, seed="a", limit=limit)
    assert not {one.item.id for one in found} & taste.dismissed


@unhurried
@given(catalogues, evidences, tastes, limits)
def test_the_list_is_as_long_as_it_can_be_and_names_nothing_twice(
    catalogue: list[Item], evidence: Evidence, taste: Taste, limit: int
) -> None:
    eligible = [item for item in catalogue if item.id not in taste.dismissed and is_fit(item, evidence)]
    found = rank(catalogue, evidence=evidence, taste=taste, seed="a", limit=limit)
    assert len(found) == min(limit, len(eligible))
    assert len({one.item.id for one in found}) == len(found)


@unhurried
@given(catalogues, evidences, limits)
def test_no_kind_fills_the_list_while_other_kinds_are_left(
    catalogue: list[Item], evidence: Evidence, limit: int
) -> None:
    found = rank(catalogue, evidence=evidence, taste=Taste(), seed="a", limit=limit)
    eligible = Counter(item.kind for item in catalogue if is_fit(item, evidence))
    shown = Counter(one.item.kind for one in found)
    most = most_of_a_kind(limit, len(eligible))
    others_used_up = all(shown[kind] >= min(count, most) for kind, count in eligible.items())
    assert max(shown.values(), default=0) <= most or others_used_up


@unhurried
@given(catalogues, evidences, tastes, limits)
def test_kinds_asked_for_come_before_all_others_whatever_the_face_shows(
    catalogue: list[Item], evidence: Evidence, taste: Taste, limit: int
) -> None:
    found = rank(catalogue, evidence=evidence, taste=taste, seed="a", limit=limit)
    wished = [one.item.kind in taste.wanted_kinds for one in found]
    assert wished == sorted(wished, reverse=True)


@unhurried
@given(catalogues, evidences, tastes, st.text(max_size=8))
def test_the_same_analysis_gives_the_same_list_in_whatever_order_the_catalogue_comes(
    catalogue: list[Item], evidence: Evidence, taste: Taste, seed: str
) -> None:
    forwards = rank(catalogue, evidence=evidence, taste=taste, seed=seed)
    backwards = rank(catalogue[::-1], evidence=evidence, taste=taste, seed=seed)
    assert [one.item.slug for one in forwards] == [one.item.slug for one in backwards]


@unhurried
@given(catalogues, evidences, tastes)
def test_a_score_is_the_sum_of_its_terms_and_a_term_is_its_weight_times_its_factor(
    catalogue: list[Item], evidence: Evidence, taste: Taste
) -> None:
    for one in rank(catalogue, evidence=evidence, taste=taste, seed="a", limit=24):
        assert math.isclose(one.score, sum(term.points for term in one.terms), abs_tol=1e-9)
        assert all(0 < term.factor <= 1 and term.points == WEIGHTS[term.name] * term.factor for term in one.terms)
        assert len({term.name for term in one.terms}) == len(one.terms)


@unhurried
@given(single_items, expressions(), st.none() | ages(), st.sampled_from(EMOTIONS), SHARE)
def test_going_better_with_an_expression_never_lowers_a_score(
    item: Item, expression: Expression, age: Age | None, name: str, more: float
) -> None:
    evidence = Evidence(expression=expression, age=age, youngest=40)
    better = dataclasses.replace(item, emotions={**item.emotions, name: max(more, item.emotions.get(name, 0.0))})
    before = score(item, evidence=evidence, taste=Taste()).score
    assert score(better, evidence=evidence, taste=Taste()).score >= before - 1e-9


@unhurried
@given(single_items, ages())
def test_suiting_more_ages_never_lowers_the_fit(item: Item, age: Age) -> None:
    wider = dataclasses.replace(item, age_from=max(0, item.age_from - 3), age_to=item.age_to + 3)
    assert age_fit(wider, age) >= age_fit(item, age)


@unhurried
@given(single_items, other_items)
def test_likeness_lies_between_0_and_1_and_is_mutual(one: Item, other: Item) -> None:
    assert 0 <= likeness(one, other) <= 1
    assert math.isclose(likeness(one, other), likeness(other, one), abs_tol=1e-9)


def test_a_wish_weighs_as_much_as_all_the_rest() -> None:
    assert math.isclose(WEIGHTS["wished"], sum(WEIGHTS.values()) - WEIGHTS["wished"])


def test_seventeen_years_and_eleven_months_is_not_eighteen() -> None:
    adult = Item(1, "a", "film", "A", {"happiness": 1.0}, 18, 99, 18, 1.0)
    assert not is_fit(adult, Evidence(youngest=17.92))
    assert is_fit(adult, Evidence(youngest=18.0))
    assert not is_fit(adult, Evidence(youngest=None))


def test_asking_for_more_like_an_item_lifts_its_like_and_not_itself() -> None:
    liked = Item(1, "a", "film", "A", {"anger": 1.0}, 0, 99, 0, 0.5)
    like = Item(2, "b", "film", "B", {"anger": 1.0}, 0, 99, 0, 0.5)
    unlike = Item(3, "c", "film", "C", {"fear": 1.0}, 0, 99, 0, 0.5)
    found = rank([liked, like, unlike], evidence=Evidence(), taste=Taste(liked=frozenset({1})), seed="a")
    scores = {one.item.slug: one.score for one in found}
    assert found[0].item.slug == "b"
    assert scores["a"] == scores["c"]


def test_different_analyses_break_ties_differently() -> None:
    same = [Item(number, f"item-{number}", "film", "", {"fear": 1.0}, 0, 99, 0, 0.5) for number in range(8)]
    orders = {
        tuple(one.item.id for one in rank(same, evidence=Evidence(), taste=Taste(), seed=seed)) for seed in "abcdef"
    }
    assert len(orders) > 1


def test_no_type_of_the_ranking_has_a_place_for_gender() -> None:
    classes = [value for value in vars(ranking).values() if dataclasses.is_dataclass(value)]
    names = {field.name for one in classes for field in dataclasses.fields(one)}
    for function in (rank, score, is_fit, age_fit, likeness):
        names |= set(inspect.signature(function).parameters)
    assert classes
    assert not [name for name in names if "gender" in name or "sex" in name]
