"""Analyses that nobody will try again by themselves."""

from analysis.models.analysis import Analysis


class DeadLetter(Analysis):
    """An analysis whose attempts were used up, as a page of its own in the admin; no table and no data of its own."""

    class Meta:
        proxy = True
        default_permissions = ("view",)
        verbose_name = verbose_name_plural = "given up"
