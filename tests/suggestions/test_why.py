"""The sentence under "Why this" says what scored, and nothing else."""

import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.engine import EMOTIONS
from suggestions.ranking import Age, Evidence, Expression, Item, Taste, rank, score
from suggestions.why import reasons, sentence

SONG = Item(1, "song", "music", "Song", {"happiness": 0.9, "contempt": 1.0}, 20, 40, 0, 0.8)
HAPPY = Expression({"happiness": 0.9, "contempt": 0.1})


def why(item: Item = SONG, *, taste: Taste | None = None, **evidence: Any) -> str:
    """The sentence for one item."""
    given = Evidence(**evidence)
    return sentence(reasons(score(item, evidence=given, taste=taste or Taste()), given))


def test_it_names_the_expression_and_the_ages() -> None:
    text = why(expression=HAPPY, age=Age(30, 25, 35))
    assert text == "Because the expression shown looks like happiness and it was picked with ages 20 to 40 in mind."


def test_an_expression_that_is_hardly_there_is_not_named() -> None:
    only_contempt = Item(1, "song", "music", "Song", {"contempt": 1.0}, 20, 40, 0, 0.8)
    assert "contempt" not in why(only_contempt, expression=HAPPY, age=Age(30, 25, 35))


def test_an_expression_that_is_one_of_several_is_named_as_partly() -> None:
    mixed = Expression({"happiness": 0.4, "neutral": 0.6})
    assert "the expression shown looks partly like happiness" in why(expression=mixed)


def test_what_the_owner_said_is_called_that() -> None:
    said = Expression({"happiness": 1.0}, said_by="owner")
    assert "you said that the expression shown is happiness" in why(expression=said)


def test_what_a_reviewer_said_is_called_that() -> None:
    said = Expression({"happiness": 1.0}, said_by="reviewer")
    assert "a reviewer said that the expression shown is happiness" in why(expression=said)


def test_ages_that_do_not_fit_are_no_reason() -> None:
    assert "ages" not in why(expression=HAPPY, age=Age(70, 62, 78))


def test_a_wish_is_named_first() -> None:
    text = why(taste=Taste(wanted_kinds=frozenset({"music"})), expression=HAPPY, age=Age(30, 25, 35))
    assert text.startswith("Because you asked for music, ")


def test_a_neutral_face_looks_neutral_and_not_like_it() -> None:
    plain = Expression({name: 0.93 if name == "neutral" else 0.01 for name in EMOTIONS})
    calm = Item(1, "a", "music", "A", {"neutral": 1.0}, 20, 40, 0, 0.5)
    assert why(calm, expression=plain) == "Because the expression shown looks neutral."


def test_likeness_to_a_liked_item_names_it() -> None:
    other = Item(2, "other", "music", "Other song", {"happiness": 0.9}, 20, 40, 0, 0.1)
    found = rank([SONG, other], evidence=Evidence(), taste=Taste(liked=frozenset({1})), seed="a")
    texts = {one.item.slug: sentence(reasons(one, Evidence())) for one in found}
    assert texts["other"] == "Because you wanted more like “Song”."


def test_with_nothing_to_go_by_it_says_that_editors_chose() -> None:
    assert why() == "Because it is one of the editors' picks."


def test_open_ends_of_ages_are_put_into_words() -> None:
    old = Item(1, "a", "music", "A", {"fear": 1.0}, 60, 99, 0, 0.5)
    young = Item(1, "a", "music", "A", {"fear": 1.0}, 0, 6, 0, 0.5)
    every = Item(1, "a", "music", "A", {"fear": 1.0}, 0, 99, 0, 0.5)
    assert why(old, age=Age(70, 65, 75)) == "Because it was picked with ages from 60 in mind."
    assert why(young, age=Age(3, 2, 4)) == "Because it was picked with ages up to 6 in mind."
    assert why(every, age=Age(3, 2, 4)) == "Because it was picked with every age in mind."


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.floats(0.001, 1), min_size=8, max_size=8),
    st.dictionaries(st.sampled_from(EMOTIONS), st.floats(0, 1), min_size=1),
    st.booleans(),
)
def test_every_reason_belongs_to_a_term_that_scored(raw: list[float], emotions: dict[str, float], wanted: bool) -> None:
    expression = Expression({name: value / sum(raw) for name, value in zip(EMOTIONS, raw, strict=True)})
    evidence = Evidence(expression=expression, age=Age(30, 20, 50), youngest=20)
    item = Item(1, "a", "film", "A", emotions, 25, 45, 0, 0.5)
    taste = Taste(wanted_kinds=frozenset({"film"}) if wanted else frozenset())
    suggestion = score(item, evidence=evidence, taste=taste)
    scored = {term.name for term in suggestion.terms}
    for clause in reasons(suggestion, evidence):
        if match := re.search(r"looks (?:partly )?(?:like )?(\w+)$", clause):
            assert "expression" in scored
            assert emotions[match[1]] > 0
            assert expression.probabilities[match[1]] >= 0.2
        elif clause.startswith("it was picked"):
            assert "age" in scored
        elif clause.startswith("you asked for"):
            assert wanted
        else:
            assert clause.startswith("it is ")
