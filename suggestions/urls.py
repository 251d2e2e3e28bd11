"""Pages of this app."""

from django.urls import path

from suggestions import views

app_name = "suggestions"

urlpatterns = [
    path("photos/<uuid:uuid>/", views.for_photo, name="for-photo"),
    path("items/<slug:slug>/feedback/", views.feedback, name="feedback"),
    path("items/<slug:slug>/undo/", views.undo, name="undo"),
    path("preferences/", views.preferences, name="preferences"),
    path("reset/", views.reset, name="reset"),
]
