"""Every table that holds something about somebody is known to export and erasure; and none holds what it must not."""

from django.apps import apps
from django.db.models import Model

from accounts import personal
from accounts.models import User
from analysis.models import Face

HOW = "Add it to a Holding of its app's holdings.py (see accounts/personal.py)."

NOBODYS = {"accounts.erasurereceipt", "accounts.orphancheck"}
"""Say in their docstring that they hold nothing personal."""

FACE = {
    "id", "uuid", "analysis_id", "index", "x", "y", "width", "height", "landmarks", "quality", "age_years", "age_low",
    "age_high", "age_widening", "age_bucket", "gender", "gender_confidence", "emotion", "emotion_confidence",
    "probabilities", "crop",
}  # fmt: skip


def tables() -> list[type[Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if not model._meta.swapped]


def test_every_model_that_is_related_to_a_person_is_registered() -> None:
    related = {
        model._meta.label_lower
        for model in tables()
        for field in model._meta.get_fields(include_hidden=True)
        if getattr(field, "remote_field", None) and field.concrete and field.related_model is User
    }
    assert {"analysis.photo", "admin.logentry", "usersessions.usersession"} <= related
    assert not related - personal.models(), HOW


def test_every_model_whose_docstring_tells_of_personal_data_is_registered() -> None:
    told = {model._meta.label_lower for model in tables() if "Personal data" in (model.__doc__ or "")}
    assert "analysis.face" in told
    assert not told - personal.models() - NOBODYS, HOW


def test_what_is_registered_is_there() -> None:
    assert personal.models() <= {model._meta.label_lower for model in tables()}


def test_every_model_of_ours_says_what_it_holds() -> None:
    """With its erasure, or that it holds nothing personal."""
    ours = [model for model in tables() if model.__module__.split(".")[0] in {"accounts", "analysis", "suggestions"}]
    silent = {
        model._meta.label_lower
        for model in ours
        if not model._meta.auto_created
        and not model._meta.label_lower.startswith("analysis.historical")
        and not any(
            words in (model.__doc__ or "") for words in ("Personal data", "o personal data", "no data of its own")
        )
    }
    assert not silent


def test_no_column_of_a_face_could_hold_an_embedding() -> None:
    """What would let a face be recognised in another photo is never kept: a new column has to be argued for here."""
    assert {field.attname for field in Face._meta.concrete_fields} == FACE


def test_no_column_of_any_table_is_made_for_vectors() -> None:
    words = ("embedding", "vector", "descriptor", "template", "faceprint")
    names = {
        f"{model._meta.label_lower}.{field.attname}" for model in tables() for field in model._meta.concrete_fields
    }
    assert not {name for name in names if any(word in name.split(".")[-1] for word in words)}
