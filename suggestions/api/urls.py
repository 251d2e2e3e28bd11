"""Addresses under /api/v1/."""

from django.urls import path

from suggestions.api import views

urlpatterns = [
    path("photos/<uuid:uuid>/suggestions/", views.PhotoSuggestionsView.as_view(), name="photo-suggestions"),
    path("suggestions/<slug:slug>/feedback/", views.FeedbackView.as_view(), name="suggestion-feedback"),
]
