"""Pages of this app; sign-in and the rest of the account come from allauth under the same prefix."""

from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("", views.profile, name="profile"),
    path("delete/", views.delete, name="delete"),
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/<str:token_key>/delete/", views.delete_token, name="token-delete"),
]
