"""Addresses under /api/v1/."""

from django.urls import path

from accounts.api.access import AccessListView
from accounts.api.consent import ConsentView
from accounts.api.exports import ExportDownloadView, ExportListView, ExportView
from accounts.api.views import MeView

urlpatterns = [
    path("me/", MeView.as_view(), name="me"),
    path("consent/", ConsentView.as_view(), name="consent"),
    path("access/", AccessListView.as_view(), name="access"),
    path("exports/", ExportListView.as_view(), name="exports"),
    path("exports/<uuid:uuid>/", ExportView.as_view(), name="export"),
    path("exports/<uuid:uuid>/download/", ExportDownloadView.as_view(), name="export-download"),
]
