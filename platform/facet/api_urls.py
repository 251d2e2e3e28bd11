"""The API, put together from the apps."""

from django.urls import include, path

app_name = "api"

urlpatterns = [
    path("", include("accounts.api.urls")),
    path("", include("analysis.api.urls")),
    path("", include("suggestions.api.urls")),
]
