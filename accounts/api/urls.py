"""Addresses under /api/v1/."""

from django.urls import path

from accounts.api.access import AccessListView
from accounts.api.consent import ConsentView
from accounts.api.exports import ExportDownloadView, ExportListView, ExportView
from accounts.api.views import MeView
from accounts.webhooks.api.views import (
    DeliveryListView,
    PingView,
    ReplayView,
    RotateView,
    WebhookListView,
    WebhookView,
)

urlpatterns = [
    path("me/", MeView.as_view(), name="me"),
    path("consent/", ConsentView.as_view(), name="consent"),
    path("access/", AccessListView.as_view(), name="access"),
    path("exports/", ExportListView.as_view(), name="exports"),
    path("exports/<uuid:uuid>/", ExportView.as_view(), name="export"),
    path("exports/<uuid:uuid>/download/", ExportDownloadView.as_view(), name="export-download"),
    path("webhooks/", WebhookListView.as_view(), name="webhooks"),
    path("webhooks/<uuid:uuid>/", WebhookView.as_view(), name="webhook"),
    path("webhooks/<uuid:uuid>/ping/", PingView.as_view(), name="webhook-ping"),
    path("webhooks/<uuid:uuid>/rotate/", RotateView.as_view(), name="webhook-rotate"),
    path("webhooks/<uuid:uuid>/deliveries/", DeliveryListView.as_view(), name="webhook-deliveries"),
    path(
        "webhooks/<uuid:uuid>/deliveries/<uuid:delivery>/replay/", ReplayView.as_view(), name="webhook-delivery-replay"
    ),
]
