"""Pages of this app; sign-in and the rest of the account come from allauth under the same prefix."""

from django.urls import path

from accounts import views
from accounts.consent import views as consent
from accounts.exports import views as exports
from accounts.webhooks import views as webhooks

app_name = "accounts"

urlpatterns = [
    path("", views.profile, name="profile"),
    path("consent/", consent.consent, name="consent"),
    path("delete/", views.delete, name="delete"),
    path("export/", exports.exports, name="exports"),
    path("export/<uuid:uuid>/download/", exports.download, name="export-download"),
    path("export/<uuid:uuid>/delete/", exports.remove, name="export-delete"),
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/<str:token_key>/delete/", views.delete_token, name="token-delete"),
    path("webhooks/", webhooks.webhooks, name="webhooks"),
    path("webhooks/<uuid:uuid>/", webhooks.webhook, name="webhook"),
    path("webhooks/<uuid:uuid>/ping/", webhooks.ping, name="webhook-ping"),
    path("webhooks/<uuid:uuid>/rotate/", webhooks.rotate, name="webhook-rotate"),
    path("webhooks/<uuid:uuid>/on/", webhooks.switch, {"to": "on"}, name="webhook-on"),
    path("webhooks/<uuid:uuid>/off/", webhooks.switch, {"to": "off"}, name="webhook-off"),
    path("webhooks/<uuid:uuid>/delete/", webhooks.delete, name="webhook-delete"),
    path("webhooks/<uuid:uuid>/deliveries/<uuid:delivery>/replay/", webhooks.replay, name="webhook-replay"),
]
