"""The app's tables, one file for each thing a person would name."""

from analysis.models.analysis import Analysis, Status
from analysis.models.face import Correction, Face, Review, Verdict
from analysis.models.photo import Photo
from analysis.models.worker import Worker

__all__ = ["Analysis", "Correction", "Face", "Photo", "Review", "Status", "Verdict", "Worker"]
