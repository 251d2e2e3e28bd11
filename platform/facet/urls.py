"""Every address, by prefix."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from accounts.receipts import receipt, receipt_json
from analysis.views.home import home
from analysis.views.keeping import choice, earlier
from analysis.views.model_card import models
from analysis.views.who_looked import who_looked
from facet.health import healthz, readyz
from facet.metrics import metrics
from facet.problems import api_not_found

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # one sign-in, one throttle

SINGLE_SIGN_ON = [
    path("connections/", include("allauth.socialaccount.urls")),
    path("", include("allauth.socialaccount.providers.openid_connect.urls")),
]

urlpatterns = [
    path("", home, name="home"),
    path("models/", models, name="models"),
    path("photos/", include("analysis.urls")),
    path("suggestions/", include("suggestions.urls")),
    path("account/keeping/", choice, name="keeping"),
    path("account/keeping/earlier/", earlier, name="keeping-earlier"),
    path("account/access/", who_looked, name="who-looked"),
    path("account/", include("accounts.urls")),
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("account/sessions/", include("allauth.usersessions.urls")),
    path("account/", include(SINGLE_SIGN_ON if settings.OIDC else [])),
    path("admin/", admin.site.urls),
    path("api/v1/", include("facet.api_urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="api-docs"),
    re_path(r"^api/(?P<path>(?s:.*))$", api_not_found),  # a line break in an address too
    path("receipts/<uuid:uuid>/", receipt, name="receipt"),
    path("receipts/<uuid:uuid>/json/", receipt_json, name="receipt-json"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
]
