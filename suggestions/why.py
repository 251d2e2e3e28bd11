"""The sentence under "Why this": made of the terms that scored, and of nothing else."""

from collections.abc import Mapping
from typing import Final

from suggestions.ranking import WEIGHTS, Age, Evidence, Expression, Item, Source, Suggestion, Term, age_fit

OLDEST: Final = 99
SURE: Final = 0.5
LEAST_PROBABILITY: Final = 0.2
LEAST_FACTOR: Final[Mapping[str, float]] = {"expression": 0.1, "age": 0.5, "alike": 0.6}
"""Below these a term is in the sum and yet no reason: nobody would call it one."""

KINDS: Final[Mapping[str, str]] = {"music": "music", "film": "films", "book": "books", "activity": "things to do"}
LOOKS: Final[Mapping[Source, str]] = {
    "estimate": "the expression shown looks like",
    "owner": "you said that the expression shown is",
    "reviewer": "a reviewer said that the expression shown is",
}


def reasons(suggestion: Suggestion, evidence: Evidence) -> tuple[str, ...]:
    """Clauses that follow "because", at least one: what the person asked for, what the photo shows, what is alike."""
    terms = sorted(suggestion.terms, key=lambda term: list(WEIGHTS).index(term.name))
    said = [clause for term in terms if (clause := _clause(term, suggestion.item, evidence))]
    return tuple(said) or (_standing(suggestion.item),)


def sentence(clauses: tuple[str, ...]) -> str:
    """The clauses as one sentence."""
    *first, last = clauses
    return f"Because {', '.join(first)} and {last}." if first else f"Because {last}."


def ages(item: Item) -> str:
    """Whom the editors had in mind. Not a rule about who may: "suits ages 18 and over" read like one."""
    if item.age_from <= 0 and item.age_to >= OLDEST:
        return "it was picked with every age in mind"
    if item.age_to >= OLDEST:
        return f"it was picked with ages from {item.age_from} in mind"
    if item.age_from <= 0:
        return f"it was picked with ages up to {item.age_to} in mind"
    return f"it was picked with ages {item.age_from} to {item.age_to} in mind"


def _clause(term: Term, item: Item, evidence: Evidence) -> str:
    """What a term gives as a reason, or nothing when it is too weak to be one."""
    if term.factor < LEAST_FACTOR.get(term.name, 0.0):
        return ""
    if term.name == "wished":
        return f"you asked for {KINDS.get(item.kind, item.kind)}"
    if term.name == "expression" and evidence.expression:
        return _expression(evidence.expression, term.about)
    if term.name == "age" and evidence.age:
        return _age(item, evidence.age)
    if term.name == "alike":
        return f"you wanted more like “{term.about}”"
    return ""


def _expression(expression: Expression, name: str) -> str:
    probability = expression.probabilities.get(name, 0.0)
    if probability < LEAST_PROBABILITY:
        return ""
    partly = "" if probability >= SURE else "partly "
    looks = LOOKS[expression.said_by].replace("looks like", f"looks {partly}like")
    return f"{looks} {name}".replace("like neutral", "neutral")


def _age(item: Item, age: Age) -> str:
    return ages(item) if age_fit(item, age) >= LEAST_FACTOR["age"] else ""


def _standing(item: Item) -> str:
    return "it is one of the editors' picks" if item.standing >= 0.7 else "it is in the editors' catalogue for everyone"
