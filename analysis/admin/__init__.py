"""Review: analyses and faces for administrators and reviewers, in the stock Django admin."""

from analysis.admin.analyses import AnalysisAdmin
from analysis.admin.faces import FaceAdmin
from analysis.admin.reviews import ReviewAdmin

__all__ = ["AnalysisAdmin", "FaceAdmin", "ReviewAdmin"]
