"""The client has what the API has; who adds an operation or a field to the API finds here what the client lacks."""

import inspect
import re
from dataclasses import fields
from operator import attrgetter
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator

from facet_client import Facet, answers, review_answers, webhook_answers
from facet_client.answers import Person, Photo, Suggestions, UploadAnswer
from facet_client.decoding import RAW
from facet_client.resources import Batches, Faces, Photos, SuggestionLists
from facet_client.review import Review
from facet_client.webhooks import Webhooks
from tests.clients.conftest import SOURCE

METHODS = {
    "getMe": "me",
    "listPhotos": "photos.list",
    "uploadPhotos": "photos.upload",
    "getPhoto": "photos.get",
    "deletePhoto": "photos.delete",
    "getPhotoImage": "photos.image",
    "listAnalyses": "photos.readings",
    "cancelPhoto": "photos.cancel",
    "retryPhoto": "photos.retry",
    "rereadPhoto": "photos.reread",
    "rereadPhotos": "photos.reread_all",
    "getRereading": "photos.rereading",
    "stopRereading": "photos.stop_rereading",
    "tryPhoto": "photos.try_one",
    "listBatches": "batches.list",
    "getBatch": "batches.get",
    "retryBatch": "batches.retry",
    "deleteBatch": "batches.delete",
    "correctFace": "faces.correct",
    "withdrawCorrections": "faces.withdraw",
    "getFaceCrop": "faces.crop",
    "listReviewFaces": "review.list",
    "getReviewFace": "review.get",
    "getReviewFaceImage": "review.image",
    "judgeFace": "review.judge",
    "getPhotoSuggestions": "suggestions.for_photo",
    "sendSuggestionFeedback": "suggestions.say",
    "undoSuggestionFeedback": "suggestions.take_back",
    "listWebhooks": "webhooks.list",
    "createWebhook": "webhooks.create",
    "getWebhook": "webhooks.get",
    "changeWebhook": "webhooks.change",
    "deleteWebhook": "webhooks.delete",
    "pingWebhook": "webhooks.ping",
    "rotateWebhookSecret": "webhooks.rotate",
    "listWebhookDeliveries": "webhooks.deliveries",
    "replayWebhookDelivery": "webhooks.replay",
}
"""Operation of the API: method of the client."""

NOT_FOR_CLIENTS = dict.fromkeys(
    (
        "getKeeping",
        "setKeeping",
        "listAccesses",
        "listExports",
        "askForExport",
        "getExport",
        "downloadExport",
        "getConsent",
        "setConsent",
    ),
    "about the account: people do this on its pages, and a program that manages accounts asks the API",
)
"""Operation of the API: why the client does without it."""

KINDS = {
    "PersonOutput": Person,
    "PhotoOutput": Photo,
    "UploadOutput": UploadAnswer,
    "BatchOutput": answers.Batch,
    "BatchRetryOutput": answers.Retried,
    "RereadingOutput": answers.Rereading,
    "TriedOutput": answers.Tried,
    "TriedFaceOutput": answers.TriedFace,
    "SuggestionsOutput": Suggestions,
    "AnalysisOutput": answers.Analysis,
    "FaceOutput": answers.Face,
    "BoxOutput": answers.Box,
    "AgeOutput": answers.Age,
    "GenderOutput": answers.Gender,
    "EmotionOutput": answers.Emotion,
    "QualityOutput": answers.Quality,
    "ReasonOutput": answers.Reason,
    "CorrectionOutput": answers.Correction,
    "ProblemOutput": answers.Problem,
    "RejectedOutput": answers.Rejected,
    "SuggestionOutput": answers.Suggestion,
    "TermOutput": answers.Term,
    "ReviewFaceOutput": review_answers.ReviewFace,
    "ReviewPhotoOutput": review_answers.ReviewPhoto,
    "DecisionOutput": review_answers.Decision,
    "WebhookOutput": webhook_answers.Webhook,
    "WebhookWithSecretOutput": webhook_answers.NewWebhook,
    "DeliveryOutput": webhook_answers.Delivery,
}
"""Component of the API: dataclass of the client."""


RESOURCES = {
    "photos": Photos,
    "batches": Batches,
    "faces": Faces,
    "suggestions": SuggestionLists,
    "review": Review,
    "webhooks": Webhooks,
}


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    document: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return document


def operations(schema: dict[str, Any]) -> dict[str, Any]:
    return {one["operationId"]: one for methods in schema["paths"].values() for one in methods.values()}


def test_every_operation_has_a_method_or_a_reason_for_none(schema: dict[str, Any]) -> None:
    known = {*METHODS, *NOT_FOR_CLIENTS}
    assert set(operations(schema)) == known, "add it to clients/python and to METHODS, or to NOT_FOR_CLIENTS"
    with Facet("https://facet.example.org", "t") as facet:
        assert all(callable(attrgetter(method)(facet)) for method in METHODS.values())


def test_every_public_method_is_of_an_operation_or_made_of_some() -> None:
    made_of_others = {"photos.upload_each", "photos.wait", "photos.watch", "batches.watch", "webhooks.verify"}
    public = {
        f"{name}.{method}"
        for name, kind in RESOURCES.items()
        for method, _ in inspect.getmembers(kind, inspect.isfunction)
        if not method.startswith("_")
    }
    assert public == {method for method in METHODS.values() if "." in method} | made_of_others


@pytest.mark.parametrize(("operation", "method"), [("listPhotos", Photos.list), ("listReviewFaces", Review.list)])
def test_every_filter_of_a_list_is_a_keyword(schema: dict[str, Any], operation: str, method: Any) -> None:
    filters = {one["name"] for one in operations(schema)[operation]["parameters"] if one["in"] == "query"}
    keywords = set(inspect.signature(method).parameters) - {"self"}
    assert filters - {"cursor", "fields"} == keywords  # a part of a photo would be no Photo


@pytest.mark.parametrize("component", KINDS)
def test_every_field_of_an_answer_is_known(schema: dict[str, Any], component: str) -> None:
    told = set(schema["components"]["schemas"][component]["properties"])
    known = {field.name for field in fields(KINDS[component])} - {RAW}
    assert told == known, "add it to clients/python/src/facet_client/answers.py, with a default for older servers"


def test_the_known_words_are_those_of_the_api(schema: dict[str, Any]) -> None:
    words = schema["components"]["schemas"]
    assert set(words["StatusEnum"]["enum"]) == answers.UNFINISHED | answers.FINISHED
    assert set(answers.EXPRESSIONS) == set(words["EmotionEnum"]["enum"])
    assert set(answers.GENDERS) == set(words["GenderEnum"]["enum"])


def test_the_readme_names_every_method() -> None:
    readme = (SOURCE / "README.md").read_text(encoding="utf-8")
    for resource, method in (one.split(".") for one in METHODS.values() if "." in one):
        rows = [line for line in readme.splitlines() if line.startswith(f"| `facet.{resource}")]
        assert any(re.search(rf"[`.]{method}[`(]", row) for row in rows), f"facet.{resource}.{method}"
