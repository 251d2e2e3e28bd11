"""The app's tables, one file for each thing a person would name."""

from analysis.models.analysis import FINISHED, UNFINISHED, Analysis, Lane, Status
from analysis.models.batch import Batch, BatchPhoto, BatchRejection
from analysis.models.deadletter import DeadLetter
from analysis.models.face import Correction, Face, Review, Verdict
from analysis.models.keeping import Keep, Keeping
from analysis.models.photo import Photo
from analysis.models.renewal import Renewal
from analysis.models.uploadkey import UploadKey
from analysis.models.worker import Refusal, Worker

__all__ = [
    "FINISHED",
    "UNFINISHED",
    "Analysis",
    "Batch",
    "BatchPhoto",
    "BatchRejection",
    "Correction",
    "DeadLetter",
    "Face",
    "Keep",
    "Keeping",
    "Lane",
    "Photo",
    "Refusal",
    "Renewal",
    "Review",
    "Status",
    "UploadKey",
    "Verdict",
    "Worker",
]
