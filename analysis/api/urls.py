"""Addresses under /api/v1/."""

from django.urls import path

from analysis.api.faces import CorrectionListView
from analysis.api.photos import PhotoImageView, PhotoListView, PhotoView, RetryView

urlpatterns = [
    path("photos/", PhotoListView.as_view(), name="photos"),
    path("photos/<uuid:uuid>/", PhotoView.as_view(), name="photo"),
    path("photos/<uuid:uuid>/image/", PhotoImageView.as_view(), name="photo-image"),
    path("photos/<uuid:uuid>/retry/", RetryView.as_view(), name="photo-retry"),
    path("faces/<uuid:uuid>/corrections/", CorrectionListView.as_view(), name="corrections"),
]
