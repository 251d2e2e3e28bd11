"""The catalogue that ships: enough of everything for everybody, and safe where it must be."""

from collections import Counter
from functools import lru_cache

import pytest

from analysis.engine import EMOTIONS
from suggestions.loading import read_files
from suggestions.models import CatalogueItem, Kind
from suggestions.ranking import Age, Evidence, Expression, Item, Suggestion, Taste, age_fit, rank

PEOPLE = {
    "a small child": Age(4, 1, 8),
    "a child": Age(9, 5, 14),
    "a teenager": Age(15, 10, 22),
    "a young adult": Age(24, 18, 32),
    "an adult": Age(38, 30, 47),
    "somebody of 55": Age(55, 46, 65),
    "somebody of 72": Age(72, 62, 82),
}


@lru_cache
def shipped() -> list[CatalogueItem]:
    """The files, read once."""
    return read_files()


@lru_cache
def ranked() -> list[Item]:
    """The same as the ranking takes them."""
    return [
        Item(
            number, row.slug, row.kind, row.title, row.emotions, row.age_from, row.age_to, row.minimum_age, row.standing
        )
        for number, row in enumerate(shipped())
    ]


def top(age: Age, emotion: str) -> tuple[Suggestion, ...]:
    """The list for a face that shows `emotion` at 80 %."""
    rest = 0.2 / (len(EMOTIONS) - 1)
    expression = Expression({name: 0.8 if name == emotion else rest for name in EMOTIONS})
    evidence = Evidence(expression=expression, age=age, youngest=age.low)
    return rank(ranked(), evidence=evidence, taste=Taste(), seed="a")


def test_there_are_at_least_eighty_items_spread_over_four_kinds() -> None:
    kinds = Counter(row.kind for row in shipped())
    assert len(shipped()) >= 80
    assert set(kinds) == set(Kind.values)
    assert min(kinds.values()) >= 20


def test_every_item_is_described_in_a_full_sentence_of_some_length() -> None:
    for row in shipped():
        assert 40 <= len(row.description) <= 300, row.slug
        assert row.description[-1] in ".?!", row.slug
        assert not row.description.endswith(".."), row.slug


def test_every_expression_has_items_of_every_kind() -> None:
    for emotion in EMOTIONS:
        kinds = Counter(row.kind for row in shipped() if row.emotions.get(emotion, 0) >= 0.5)
        assert all(kinds[kind] >= 5 for kind in Kind.values), (emotion, kinds)


@pytest.mark.parametrize("emotion", EMOTIONS)
@pytest.mark.parametrize("person", PEOPLE)
def test_everybody_gets_a_full_list_that_suits_their_age_and_expression(person: str, emotion: str) -> None:
    age = PEOPLE[person]
    found = top(age, emotion)
    assert len(found) == 8
    assert len({one.item.kind for one in found}) >= 3
    for one in found:
        assert age_fit(one.item, age) >= 0.5, (one.item.slug, person)
        assert one.item.emotions.get(emotion, 0) >= 0.4, (one.item.slug, emotion)


@pytest.mark.parametrize("word", ["wine", "beer", "violent", "sauna", "boxing", "wanting to die", "grown-ups"])
def test_whatever_names_something_for_adults_is_kept_from_children(word: str) -> None:
    named = [row for row in shipped() if word in f"{row.title} {row.description}".lower()]
    innocent = {"matilda"}  # names grown-ups, and is about them
    assert named
    assert [row.slug for row in named if row.minimum_age < 16 and row.slug not in innocent] == []


def test_there_is_something_for_adults_only_so_that_the_floor_is_put_to_use() -> None:
    assert sum(row.minimum_age >= 16 for row in shipped()) >= 8
