"""Every address, by prefix."""

from django.contrib import admin
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from analysis.views.home import home
from analysis.views.model_card import models
from facet.health import healthz, readyz
from facet.metrics import metrics
from facet.problems import api_not_found

urlpatterns = [
    path("", home, name="home"),
    path("models/", models, name="models"),
    path("photos/", include("analysis.urls")),
    path("suggestions/", include("suggestions.urls")),
    path("account/", include("accounts.urls")),
    path("account/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("facet.api_urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="api-docs"),
    re_path(r"^api/(?P<path>.*)$", api_not_found),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
]
