"""Review for reviewers and the system at a glance for administrators, in the stock Django admin."""

from analysis.admin.accesses import AccessAdmin
from analysis.admin.analyses import AnalysisAdmin
from analysis.admin.deadletters import DeadLetterAdmin
from analysis.admin.faces import FaceAdmin
from analysis.admin.glance import WorkerAdmin
from analysis.admin.reviews import ReviewAdmin

__all__ = ["AccessAdmin", "AnalysisAdmin", "DeadLetterAdmin", "FaceAdmin", "ReviewAdmin", "WorkerAdmin"]
