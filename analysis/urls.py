"""Pages of this app."""

from django.urls import path

from analysis.views.correction import correct
from analysis.views.delete import delete
from analysis.views.history import history
from analysis.views.image import image, thumbnail
from analysis.views.photo import photo
from analysis.views.retry import retry
from analysis.views.statuses import statuses
from analysis.views.upload import upload, uploaded

app_name = "analysis"

urlpatterns = [
    path("", history, name="history"),
    path("upload/", upload, name="upload"),
    path("uploaded/<uuid:uuid>/", uploaded, name="uploaded"),
    path("status/", statuses, name="statuses"),
    path("faces/<uuid:uuid>/wrong/", correct, name="correct"),
    path("<uuid:uuid>/", photo, name="photo"),
    path("<uuid:uuid>/image/", image, name="image"),
    path("<uuid:uuid>/thumbnail/", thumbnail, name="thumbnail"),
    path("<uuid:uuid>/delete/", delete, name="delete"),
    path("<uuid:uuid>/retry/", retry, name="retry"),
]
